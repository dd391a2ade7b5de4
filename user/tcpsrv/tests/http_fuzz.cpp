// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Requests that were damaged, from seeds, in pieces of any size. What is answered follows from the
/// bytes alone, never from how they were cut; every answer is a whole one, of a status that there
/// is; and nothing is read that was not given: each piece is memory of its own, for the sanitizer.
/// Read next: user/tcpsrv/http.hpp.
/// @stage{none}
#include "user/tcpsrv/http.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace {

using std::string_literals::operator""s;

constexpr unsigned texts = 4000;
constexpr unsigned cuts = 6; ///< of each text
constexpr size_t most_piece = http::Conversation::most_piece;

constexpr std::string_view page = "the page";
constexpr http::Site site{nullptr, [](void*, std::string_view path) -> http::Content {
                              if (path == "/" || path == "/counters")
                                  return {"text/plain", page};
                              return {};
                          }};

const std::string valid[] = {
    "GET / HTTP/1.1\r\nHost: rel4\r\n\r\n",
    "GET /counters HTTP/1.1\r\nHost: rel4\r\nConnection: keep-alive\r\nAccept: */*\r\n\r\n",
    "HEAD / HTTP/1.1\r\nHost: rel4\r\nContent-Length: 0\r\n\r\n",
    "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: rel4\r\nContent-Length: 5\r\n\r\nhello",
    "GET / HTTP/1.1\r\nContent-Length: 1500\r\n\r\n" + std::string(1500, 'G'),
    "GET /nothing?" + std::string(500, 'q') + " HTTP/1.1\r\nConnection: close\r\n\r\n",
    "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc",
};

/// What may turn up anywhere.
const std::string odd[] = {
    "\r",          "\n",
    "\r\n",        "\r\n\r\n",
    "\0"s,         "\xff",
    " ",           ":",
    "\t",          "HTTP/9.9",
    "GET ",        "Content-Length: 18446744073709551615\r\n",
    "-",           "Content-Length: 4\r\n",
    "X: y\r\n",    "Transfer-Encoding: chunked\r\n",
    "0",           "Connection: close\r\n",
    "\r\n folded", std::string(1100, 'z'),
};

constexpr std::string_view statuses[] = {"200", "400", "404", "405", "413", "431", "501", "505"};

class Choices {
public:
    explicit Choices(unsigned seed) : random_(seed) {}

    /// Below the limit.
    size_t below(size_t limit) { return random_() % limit; }

    /// Some requests, most of them damaged.
    std::string text() {
        std::string text;
        for (size_t count = 1 + below(4); count != 0; count--)
            text += valid[below(std::size(valid))];
        for (size_t count = below(4); count != 0; count--)
            damage(text);
        return text;
    }

    /// Sizes that add up to `bytes`.
    std::vector<size_t> cut(size_t bytes) {
        const size_t most = below(3) == 0 ? 3 : most_piece;
        std::vector<size_t> pieces;
        for (size_t left = bytes; left != 0; left -= pieces.back())
            pieces.push_back(std::min(left, 1 + below(most)));
        return pieces;
    }

private:
    void damage(std::string& text) {
        const size_t at = below(text.size() + 1);
        const size_t length = below(text.size() - at + 1);
        switch (below(6)) {
        case 0:
            text.insert(at, odd[below(std::size(odd))]);
            break;
        case 1:
            text.erase(at, 1 + below(4));
            break;
        case 2:
            text.resize(at);
            break;
        case 3:
            text.insert(at, std::string(text, at, length));
            break;
        case 4:
            text.erase(at, length);
            break;
        default:
            if (at < text.size())
                text[at] = static_cast<char>(text[at] ^ 1 << below(8));
        }
    }

    std::mt19937 random_;
};

struct Answers {
    std::string text;
    bool last = false;

    bool operator==(const Answers&) const = default;
};

/// One answer is a whole one.
void check(const http::Answer& answer) {
    REQUIRE(answer.head.starts_with("HTTP/1.1 "));
    REQUIRE(answer.head.ends_with("\r\n\r\n"));
    REQUIRE(answer.head.find("\r\n\r\n") == answer.head.size() - 4);
    CHECK(std::ranges::count(statuses, answer.head.substr(9, 3)) == 1);
    const bool bodiless = answer.body.empty();
    const bool told = answer.head.find("Content-Length: " + std::to_string(answer.body.size()) +
                                       "\r\n") != answer.head.npos;
    CHECK((bodiless || told));
    CHECK(answer.last == (answer.head.find("Connection: close\r\n") != answer.head.npos));
}

/// What is answered if these bytes come in these pieces.
Answers answers_to(std::string_view text, const std::vector<size_t>& pieces) {
    const auto conversation = std::make_unique<http::Conversation>();
    Answers sent;
    for (const size_t piece : pieces) {
        const std::vector<char> bytes(text.begin(), text.begin() + static_cast<ptrdiff_t>(piece));
        text.remove_prefix(piece);
        conversation->take({bytes.data(), bytes.size()});
        while (const auto answer = conversation->next(site)) {
            REQUIRE(!sent.last);
            check(*answer);
            sent.text.append(answer->head).append(answer->body);
            sent.last = answer->last;
        }
    }
    return sent;
}

} // namespace

TEST_CASE("http: damaged requests are answered the same however they are cut") {
    for (unsigned seed = 0; seed < texts; seed++) {
        CAPTURE(seed);
        Choices choices(seed);
        const std::string text = choices.text();
        const Answers one_at_a_time = answers_to(text, std::vector<size_t>(text.size(), 1));
        for (unsigned i = 0; i < cuts; i++) {
            const Answers sent = answers_to(text, choices.cut(text.size()));
            REQUIRE(sent == one_at_a_time);
        }
    }
}
