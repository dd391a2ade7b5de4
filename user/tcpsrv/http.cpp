// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See http.hpp.
/// @stage{7}
#include "user/tcpsrv/http.hpp"

#include "kernel/lib/todo.hpp"
#include "user/tcpsrv/text.hpp"

#include <algorithm>
#include <string.h>

namespace http {

namespace {

constexpr std::string_view end_of_line = "\r\n";
constexpr std::string_view end_of_head = "\r\n\r\n";
constexpr size_t most_body = 1 << 20; ///< of a request, which is read and ignored

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

bool same(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                              [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

/// Takes the text up to a separator, and that, off `rest`.
std::string_view cut(std::string_view& rest, std::string_view separator) {
    const size_t end = std::min(rest.find(separator), rest.size());
    const std::string_view taken = rest.substr(0, end);
    rest.remove_prefix(std::min(end + separator.size(), rest.size()));
    return taken;
}

/// A method, a header's name: a token, of visible characters.
bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return c > ' ' && c < 0x7f && c != ':' && c != '"' && c != '(' && c != ')' && c != ',' &&
               c != '/' && c != ';' && c != '<' && c != '=' && c != '>' && c != '@';
    });
}

bool is_path(std::string_view text) {
    return !text.empty() && text.front() == '/' &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

/// What a header may say; other control characters are for smugglers (RFC 9110, 5.5).
bool is_value(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        const unsigned char byte = static_cast<unsigned char>(c);
        return (byte >= ' ' && byte != 0x7f) || byte == '\t';
    });
}

std::string_view reason(unsigned status) {
    switch (status) {
    case 200:
        return "OK";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 413:
        return "Content Too Large";
    case 431:
        return "Request Header Fields Too Large";
    case 501:
        return "Not Implemented";
    case 505:
        return "HTTP Version Not Supported";
    default:
        return "Bad Request";
    }
}

} // namespace

// Your own helpers: begin
// Your own helpers: end

void Conversation::take(std::string_view bytes) {
    if (ended_)
        return;
    const size_t skipped = std::min(skip_, bytes.size());
    skip_ -= skipped;
    bytes.remove_prefix(skipped);
    const size_t taken = std::min(bytes.size(), sizeof held_ - length_);
    memcpy(held_ + length_, bytes.data(), taken);
    length_ += taken;
}

/// @lab{7.6} the answer to the next request, if it is there as a whole: refused if its head is too
/// long or wrong; what follows its body is the next request's
std::optional<Answer> Conversation::next(const Site& site) {
    if (ended_)
        return {};
    // Empty lines before a request are allowed.
    while (length_ >= 2 && held_[0] == '\r' && held_[1] == '\n')
        drop(2);
    const std::string_view text(held_, length_);
    const size_t end = text.find(end_of_head);
    if (end == text.npos && length_ < most_head)
        return {};
    if (end == text.npos || end + end_of_head.size() > most_head)
        return refuse(431);
    const Request request = parse(text.substr(0, end));
    const Answer result = request.status == 200 ? answer(request, site) : refuse(request.status);
    const size_t whole = end + end_of_head.size() + request.body.value_or(0);
    const size_t used = std::min(length_, whole);
    skip_ = whole - used;
    drop(used);
    ended_ = result.last;
    return result;
}

Conversation::Request Conversation::parse(std::string_view head) {
    Request request;
    std::string_view line = cut(head, end_of_line);
    request.method = cut(line, " ");
    request.path = cut(line, " ");
    if (!is_token(request.method) || !is_path(request.path) || line.substr(0, 5) != "HTTP/")
        request.status = 400;
    else if (line != "HTTP/1.1" && line != "HTTP/1.0")
        request.status = 505;
    request.keep_alive = line != "HTTP/1.0";
    while (!head.empty() && request.status == 200)
        parse_header(cut(head, end_of_line), request);
    if (request.status == 200 && request.method != "GET" && request.method != "HEAD")
        request.status = 405;
    return request;
}

void Conversation::parse_header(std::string_view line, Request& request) {
    const std::string_view name = cut(line, ":");
    const std::string_view value = trimmed(line);
    if (!is_token(name) || !is_value(value)) {
        request.status = 400;
    } else if (same(name, "Content-Length")) {
        const auto length = text::number(value);
        if (!length || (request.body && *request.body != *length))
            request.status = 400;
        else if (*length > most_body)
            request.status = 413;
        else
            request.body.emplace(*length);
    } else if (same(name, "Transfer-Encoding")) {
        request.status = 501;
    } else if (same(name, "Connection")) {
        if (same(value, "close"))
            request.keep_alive = false;
        else if (same(value, "keep-alive"))
            request.keep_alive = true;
    }
}

Answer Conversation::answer(const Request& request, const Site& site) {
    const Content content = site.find(site.context, request.path);
    const unsigned status = content.type.empty() ? 404 : 200;
    const std::string_view body = status == 200 ? content.body : "There is nothing here.\n";
    text::Builder head(head_);
    head.add("HTTP/1.1 ", status, " ", reason(status),
             "\r\nContent-Type: ", status == 200 ? content.type : "text/plain",
             "\r\nContent-Length: ", body.size(), "\r\nCache-Control: no-store\r\nConnection: ",
             request.keep_alive ? "keep-alive" : "close", end_of_head);
    return {head.text(), request.method == "HEAD" ? std::string_view() : body, !request.keep_alive};
}

/// Says why, and ends the conversation: where the next request begins is not certain any more.
Answer Conversation::refuse(unsigned status) {
    ended_ = true;
    text::Builder head(head_);
    head.add("HTTP/1.1 ", status, " ", reason(status), status == 405 ? "\r\nAllow: GET, HEAD" : "",
             "\r\nContent-Length: 0\r\nConnection: close", end_of_head);
    return {head.text(), {}, true};
}

void Conversation::drop(size_t bytes) {
    memmove(held_, held_ + bytes, length_ - bytes);
    length_ -= bytes;
}

} // namespace http
