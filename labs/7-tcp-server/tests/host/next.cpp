// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// 7.6, Conversation::next: requests that come whole, in pieces, many at once, and wrong.
#include "labs/7-tcp-server/tests/host/draw.hpp"
#include "labs/lib/alone.hpp"
#include "user/tcpsrv/http.hpp"

#include <algorithm>
#include <vector>

namespace {

using http::Conversation;

constexpr std::string_view page = "the page";
constexpr http::Site site{nullptr, [](void*, std::string_view path) -> http::Content {
                              if (path == "/")
                                  return {"text/plain", page};
                              if (path == "/other")
                                  return {"text/plain", "another one"};
                              return {};
                          }};

/// How a text is shown: in one line, and not all of a long one.
[[nodiscard]] std::string quoted(std::string_view text) {
    constexpr size_t most = 120;
    std::string out = "\"";
    for (const char c : text.substr(0, most)) {
        if (c == '\r' || c == '\n')
            out += c == '\r' ? "\\r" : "\\n";
        else
            out += c >= ' ' && c <= '~' ? c : '?';
    }
    return out + (text.size() > most ? "\"..." : "\"");
}

/// What was answered to one request, in short: "200 the page", "404 ... last".
using Answers = std::vector<std::string>;

[[nodiscard]] std::string shown(const Answers& answers) {
    std::string text;
    for (const std::string& answer : answers)
        text += (text.empty() ? "" : ", ") + quoted(answer);
    return text.empty() ? "no answer" : text;
}

bool expect_answers(const std::string& what, const Answers& expected, const Answers& got,
                    const Place& place = Place::current()) {
    return expect_equal(what, shown(expected), shown(got), place);
}

/// A conversation to which bytes come.
class Client {
public:
    /// Bytes come, one after the other in pieces of at most so many.
    Answers say(std::string_view bytes, size_t piece = Conversation::most_piece) {
        Answers answers;
        while (!bytes.empty()) {
            conversation_.take(bytes.substr(0, piece));
            bytes.remove_prefix(std::min(piece, bytes.size()));
            collect(answers);
        }
        return answers;
    }

private:
    void collect(Answers& answers) {
        constexpr unsigned too_many = 2000;
        while (const auto answer = conversation_.next(site)) {
            const std::string head(answer->head);
            answers.push_back(head.substr(9, 3) +
                              (answer->body.empty() ? "" : " " + std::string(answer->body)) +
                              (answer->last ? " last" : ""));
            if (answers.size() == too_many)
                return;
        }
    }

    Conversation conversation_;
};

const std::string get = "GET / HTTP/1.1\r\nHost: rel4\r\n\r\n";
const std::string get_other = "GET /other HTTP/1.1\r\n\r\n";
const std::string is_page = "200 the page";
const std::string is_other = "200 another one";

/// A request whose head, its end included, has so many bytes.
std::string long_request(size_t length) {
    const std::string start = "GET / HTTP/1.1\r\nX: ";
    return start + std::string(length - start.size() - 4, 'x') + "\r\n\r\n";
}

} // namespace

TEST_CASE("next-whole: a request is answered once, and the conversation goes on") {
    alone([] {
        Client client;
        expect_answers("nothing has come", {}, client.say(""));
        expect_answers("a request", {is_page}, client.say(get));
        expect_answers("another one", {is_other}, client.say(get_other));
        expect_answers("HEAD", {"200"}, client.say("HEAD / HTTP/1.1\r\n\r\n"));
        expect_answers("a path to nothing", {"404 There is nothing here.\n"},
                       client.say("GET /none HTTP/1.1\r\n\r\n"));
        expect_answers("the first one again", {is_page}, client.say(get));
    });
}

TEST_CASE("next-pieces: a request that is cut anywhere is answered when its last byte is there") {
    alone([] {
        for (size_t cut = 1; cut < get.size(); cut++) {
            Client client;
            const std::string where = "cut behind byte " + lab::shown(cut);
            if (!expect_answers(where + ", the first part", {}, client.say(get.substr(0, cut))) ||
                !expect_answers(where + ", the rest", {is_page}, client.say(get.substr(cut))))
                return;
        }
        Client client;
        for (unsigned i = 0; i < 3; i++) {
            expect_answers("byte by byte, but for the last", {},
                           client.say(get.substr(0, get.size() - 1), 1));
            expect_answers("the last byte", {is_page}, client.say("\n"));
        }
    });
}

TEST_CASE("next-row: requests that come at once are answered one by one, in their order") {
    alone([] {
        Client client;
        expect_answers("three at once", {is_page, is_other, is_page},
                       client.say(get + get_other + get));
        expect_answers("one and a half", {is_other}, client.say(get_other + get.substr(0, 9)));
        expect_answers("the other half, and one more", {is_page, is_other},
                       client.say(get.substr(9) + get_other));
        std::string many;
        Answers all;
        for (unsigned i = 0; i < 100; i++) {
            many += i % 3 == 0 ? get_other : get;
            all.push_back(i % 3 == 0 ? is_other : is_page);
        }
        for (const size_t piece : {1U, 7U, 100U, 896U, 1024U}) {
            Client other;
            expect_answers("100 in pieces of " + lab::shown(piece), all, other.say(many, piece));
        }
    });
}

TEST_CASE("next-body: a body is passed over, whatever is in it and wherever it is cut") {
    alone([] {
        const std::string body = get + get_other + get;
        const std::string with_body = "GET / HTTP/1.1\r\n"
                                      "Content-Length: " +
                                      std::to_string(body.size()) + "\r\n\r\n";
        for (size_t cut = 0; cut <= body.size(); cut++) {
            Client client;
            const std::string where = lab::shown(cut) + " bytes of the body come with the head";
            if (!expect_answers(where, {is_page}, client.say(with_body + body.substr(0, cut))) ||
                !expect_answers(where + ", then the rest and a request", {is_other},
                                client.say(body.substr(cut) + get_other)))
                return;
        }
        const std::string large = "GET / HTTP/1.1\r\n"
                                  "Content-Length: 5000\r\n\r\n";
        for (const size_t piece : {1U, 13U, 500U, 1024U}) {
            Client client;
            expect_answers("a body of 5000 bytes, in pieces of " + lab::shown(piece),
                           {is_page, is_other},
                           client.say(large + std::string(5000, '\r') + get_other, piece));
        }
        Client client;
        expect_answers("a body of no byte", {is_page, is_page},
                       client.say("GET / HTTP/1.1\r\n"
                                  "Content-Length: 0\r\n\r\n" +
                                  get));
    });
}

TEST_CASE("next-empty: empty lines before a request do not count") {
    alone([] {
        Client client;
        expect_answers("one empty line", {is_page}, client.say("\r\n" + get));
        expect_answers("three, byte by byte", {is_page}, client.say("\r\n\r\n\r\n" + get, 1));
        expect_answers("only empty lines", {}, client.say("\r\n\r\n\r\n\r\n"));
        expect_answers("a request behind them", {is_page}, client.say(get));
        expect_answers("empty lines in between", {is_page, is_other},
                       client.say(get + "\r\n\r\n" + get_other));
        std::string lines;
        for (unsigned i = 0; i < 3000; i++)
            lines += "\r\n";
        expect_answers("more of them than there is memory", {is_page}, client.say(lines + get));
    });
}

TEST_CASE("next-long: a head of 2048 bytes is answered, a longer one is refused") {
    alone([] {
        constexpr size_t most = Conversation::most_head;
        const Answers refused = {"431 last"};
        for (const size_t piece : {1U, 100U, 1000U, 1024U}) {
            const std::string in_pieces = ", in pieces of " + lab::shown(piece);
            Client first;
            expect_answers("2048 bytes" + in_pieces, {is_page},
                           first.say(long_request(most), piece));
            Client second;
            expect_answers("2049 bytes" + in_pieces, refused,
                           second.say(long_request(most + 1), piece));
            Client third;
            expect_answers("5000 bytes, and a request" + in_pieces, refused,
                           third.say(long_request(5000) + get, piece));
        }
        const std::string longer = long_request(3 * most);
        Client client;
        expect_answers("2047 bytes, and no end yet", {}, client.say(longer.substr(0, most - 1)));
        expect_answers("one more", refused, client.say("x"));
        Client row;
        expect_answers("a row of long ones", {is_page, is_page, is_page, "431 last"},
                       row.say(long_request(most) + long_request(2000) + long_request(most) +
                               long_request(most + 1)));
    });
}

TEST_CASE("next-last: behind an answer that is the last one nothing counts any more") {
    alone([] {
        for (const std::string& last :
             {std::string("GET / HTTP/1.0\r\n\r\n"), std::string("GET / HTTP/1.1\r\n"
                                                                 "Connection: close\r\n\r\n")}) {
            Client client;
            expect_answers("a request that is the last one, and one more: " + quoted(last),
                           {is_page + " last"}, client.say(last + get));
            expect_answers("one more, later, behind " + quoted(last), {}, client.say(get));
        }
        const std::pair<std::string, std::string> wrong[] = {
            {"400", "GET\r\n\r\n"},
            {"400", "GET / HTTP/1.1\r\nno colon\r\n\r\n"},
            {"400", "\n\n\r\n\r\n"},
            {"405", "POST / HTTP/1.1\r\n"
                    "Content-Length: 3\r\n\r\n"},
            {"413", "GET / HTTP/1.1\r\n"
                    "Content-Length: 9999999\r\n\r\n"},
            {"501", "GET / HTTP/1.1\r\n"
                    "Transfer-Encoding: chunked\r\n\r\n"},
            {"505", "GET / HTTP/2.0\r\n\r\n"},
        };
        for (const auto& [status, request] : wrong) {
            Client client;
            expect_answers("a good request, one that is refused, a good one: " + quoted(request),
                           {is_page, status + " last"}, client.say(get + request + get));
            expect_answers("one more, later, behind " + quoted(request), {}, client.say(get));
        }
    });
}

TEST_CASE("next-random: random requests in random pieces are answered as the model says") {
    alone([] {
        Draw draw;
        for (unsigned round = 0; round < 300; round++) {
            std::string bytes;
            Answers expected;
            bool ended = false;
            for (abi::Word count = draw.below(12); count != 0; count--) {
                const abi::Word kind = draw.below(8);
                const bool page_is_asked = draw.below(2) == 0;
                const std::string path = page_is_asked ? "/" : "/other";
                for (abi::Word lines = draw.below(3); lines != 0; lines--)
                    bytes += "\r\n";
                std::string head = "GET " + path + (kind == 0 ? " HTTP/1.0" : " HTTP/1.1") + "\r\n";
                if (draw.below(3) == 0)
                    head += "X-Some: " + std::string(draw.below(700), 'y') + "\r\n";
                std::string body;
                if (draw.below(3) == 0) {
                    body = draw.below(2) == 0 ? get : draw.bytes(draw.below(2000));
                    head += "Content-Length: " + std::to_string(body.size()) + "\r\n";
                }
                if (kind == 1)
                    head += "no colon\r\n";
                bytes += head + "\r\n" + body;
                if (ended)
                    continue;
                ended = kind <= 1;
                const std::string text = page_is_asked ? is_page : is_other;
                expected.push_back(kind == 1 ? "400 last" : text + (kind == 0 ? " last" : ""));
            }
            Client client;
            Answers got;
            for (std::string_view rest = bytes; !rest.empty();) {
                const size_t piece = 1 + draw.below(Conversation::most_piece);
                const Answers more = client.say(rest.substr(0, piece));
                got.insert(got.end(), more.begin(), more.end());
                rest.remove_prefix(std::min(piece, rest.size()));
            }
            if (!expect_answers("round " + lab::shown(round) + ", " + lab::shown(bytes.size()) +
                                    " bytes: " + quoted(bytes),
                                expected, got))
                return;
        }
    });
}
