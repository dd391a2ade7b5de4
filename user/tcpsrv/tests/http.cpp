// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Requests that are good, in pieces, many at once, and bad.
/// Read next: user/tcpsrv/http.hpp.
/// @stage{7}
#include "user/tcpsrv/http.hpp"

#include <doctest/doctest.h>
#include <random>
#include <string>
#include <vector>

namespace {

constexpr http::Site site{nullptr, [](void*, std::string_view path) -> http::Content {
                              if (path == "/")
                                  return {"text/plain", "the page"};
                              return {};
                          }};

struct Sent {
    std::string text;
    unsigned answers = 0;
    bool last = false;
};

/// What is sent if these bytes come in pieces of so many.
Sent sent_for(std::string_view received, size_t piece = http::Conversation::most_piece) {
    http::Conversation conversation;
    Sent sent;
    while (!received.empty()) {
        conversation.take(received.substr(0, piece));
        received.remove_prefix(std::min(piece, received.size()));
        while (const auto answer = conversation.next(site)) {
            sent.text += answer->head;
            sent.text += answer->body;
            sent.answers++;
            sent.last = answer->last;
        }
    }
    return sent;
}

std::string status_of(const Sent& sent) { return sent.text.substr(0, sent.text.find('\r')); }

const std::string get = "GET / HTTP/1.1\r\nHost: rel4\r\n\r\n";

} // namespace

TEST_CASE("http: a page is found, with its length, and the connection stays") {
    const Sent sent = sent_for(get);
    CHECK(sent.text == "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 8\r\n"
                       "Cache-Control: no-store\r\nConnection: keep-alive\r\n\r\nthe page");
    CHECK(!sent.last);
}

TEST_CASE("http: a request in pieces of any size is one request") {
    const std::string whole = sent_for(get).text;
    for (size_t piece = 1; piece <= get.size(); piece++)
        CHECK(sent_for(get, piece).text == whole);
}

TEST_CASE("http: requests in a row are answered in a row") {
    std::string many;
    for (unsigned i = 0; i < 100; i++)
        many += get;
    for (const size_t piece : {1U, 7U, 100U, 896U, 1024U})
        CHECK(sent_for(many, piece).answers == 100);
}

TEST_CASE("http: HEAD has no body, other paths lead nowhere, other methods are not allowed") {
    const Sent head = sent_for("HEAD / HTTP/1.1\r\n\r\n");
    CHECK(head.text.ends_with("\r\n\r\n"));
    CHECK(head.text.find("Content-Length: 8") != std::string::npos);
    CHECK(status_of(sent_for("GET /x HTTP/1.1\r\n\r\n")) == "HTTP/1.1 404 Not Found");
    const Sent post = sent_for("POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc");
    CHECK(status_of(post) == "HTTP/1.1 405 Method Not Allowed");
    CHECK(post.text.find("Allow: GET, HEAD\r\n") != std::string::npos);
    CHECK(post.last);
}

TEST_CASE("http: a body is read and ignored, wherever it is cut") {
    const std::string with_body =
        "GET / HTTP/1.1\r\nContent-Length: 2000\r\n\r\n" + std::string(2000, 'G') + get;
    for (const size_t piece : {1U, 13U, 500U, 1024U})
        CHECK(sent_for(with_body, piece).answers == 2);
}

TEST_CASE("http: who closes, and when") {
    CHECK(sent_for("GET / HTTP/1.0\r\n\r\n").last);
    CHECK(!sent_for("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").last);
    CHECK(sent_for("GET / HTTP/1.1\r\nconnection:  close \r\n\r\n").last);
    CHECK(sent_for("GET / HTTP/1.1\r\nConnection: close\r\n\r\n" + get).answers == 1);
}

TEST_CASE("http: what is no request is refused once, and nothing after it counts") {
    for (const char* bad : {
             "\n\n\r\n\r\n",
             "GET\r\n\r\n",
             "GET /\r\n\r\n",
             "GET / \r\n\r\n",
             " GET / HTTP/1.1\r\n\r\n",
             "G(T / HTTP/1.1\r\n\r\n",
             "GET x HTTP/1.1\r\n\r\n",
             "GET /\x01 HTTP/1.1\r\n\r\n",
             "GET / HTTP/1.1\r\nno colon\r\n\r\n",
             "GET / HTTP/1.1\r\n: empty\r\n\r\n",
             "GET / HTTP/1.1\r\nbad name: x\r\n\r\n",
             "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
             "GET / HTTP/1.1\r\nContent-Length: 1x\r\n\r\n",
             "GET / HTTP/1.1\r\nContent-Length:\r\n\r\n",
             "GET / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
             "GET / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n",
             "GET / HTTP/1.1\r\nContent-Length: 0\r\nContent-Length: 4\r\n\r\n",
             "GET / HTTP/1.1\r\nx: y\nContent-Length: 4\r\n\r\n",
             "GET / HTTP/1.1\r\nx: y\rContent-Length: 4\r\n\r\n",
             "GET / HTTP/1.1\r\nx: \x01\r\n\r\n",
         }) {
        CAPTURE(bad);
        const Sent sent = sent_for(bad + get);
        CHECK(status_of(sent) == "HTTP/1.1 400 Bad Request");
        CHECK(sent.answers == 1);
        CHECK(sent.last);
    }
    const std::string nothing = "GET / HTTP/1.1\r\nx: \r\n\r\n";
    CHECK(status_of(sent_for(nothing)) == "HTTP/1.1 200 OK");
    CHECK(status_of(sent_for(std::string(nothing).insert(19, 1, '\0'))) ==
          "HTTP/1.1 400 Bad Request");
    CHECK(status_of(sent_for("GET / HTTP/2.0\r\n\r\n")) ==
          "HTTP/1.1 505 HTTP Version Not Supported");
    CHECK(status_of(sent_for("GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")) ==
          "HTTP/1.1 501 Not Implemented");
    CHECK(status_of(sent_for("GET / HTTP/1.1\r\nContent-Length: 9999999\r\n\r\n")) ==
          "HTTP/1.1 413 Content Too Large");
}

TEST_CASE("http: a head that does not end is refused before memory does") {
    const std::string longest = "GET / HTTP/1.1\r\nx: ";
    const std::string fits = longest + std::string(2048 - longest.size() - 4, 'y') + "\r\n\r\n";
    for (const size_t piece : {1U, 1000U, 1024U})
        CHECK(status_of(sent_for(fits, piece)) == "HTTP/1.1 200 OK");
    for (const size_t piece : {1U, 100U, 1024U})
        CHECK(status_of(sent_for(longest + std::string(5000, 'y'), piece)) ==
              "HTTP/1.1 431 Request Header Fields Too Large");
}

TEST_CASE("http: random bytes never get more than one refusal") {
    std::mt19937 random(7);
    const std::string letters = std::string("GET / HTTP/1.1\r\n: \r\n\r\n\xff") + '\0';
    for (unsigned i = 0; i < 3000; i++) {
        std::string text;
        for (unsigned n = random() % 300; n != 0; n--)
            text += letters[random() % letters.size()];
        const Sent sent = sent_for(text, 1 + random() % 100);
        CHECK(sent.answers <= 1 + text.size() / 18);
    }
}
