// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See http.hpp.
/// @stage{none}
#include "tools/load/http.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/core.h>

namespace load {

namespace {

constexpr std::size_t most_head = 1 << 16;
constexpr std::uint64_t most_body = 1 << 28;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view space = " \t";
    const std::size_t first = std::min(text.find_first_not_of(space), text.size());
    text.remove_prefix(first);
    return text.substr(0, text.find_last_not_of(space) + 1);
}

/// A header's name (RFC 9110, 5.6.2).
bool is_token(std::string_view text) {
    constexpr std::string_view signs = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::ranges::all_of(text, [&](char c) {
        return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || signs.contains(c);
    });
}

/// A number that is the whole text.
std::optional<std::uint64_t> number(std::string_view text, int base) {
    std::uint64_t value = 0;
    const auto read = std::from_chars(text.begin(), text.end(), value, base);
    if (read.ec != std::errc{} || read.ptr != text.end())
        return {};
    return value;
}

/// Text of the server, in a form that can be printed.
std::string quoted(std::string_view text) {
    std::string result = "'";
    for (const char c : text.substr(0, 60))
        result += c >= ' ' && c <= '~' ? c : '?';
    return result + "'";
}

} // namespace

Http::Http(const Options& options, Reference* reference)
    : request_(fmt::format("GET {} HTTP/1.1\r\nHost: {}:{}\r\nUser-Agent: rel4-load\r\n\r\n",
                           options.path, options.host, options.port)),
      status_(options.status), reference_(reference) {}

void Http::request(std::uint64_t /*number*/, std::string& out) { out += request_; }

void Http::reset() {
    begin();
    line_.clear();
    last_ = false;
}

void Http::begin() {
    part_ = Part::status;
    head_bytes_ = 0;
    length_.reset();
    chunked_ = false;
    complete_ = false;
    body_.clear();
}

Taken Http::take(std::string_view received) {
    std::size_t used = 0;
    while (used < received.size() && !complete_) {
        if (part_ == Part::body || part_ == Part::chunk) {
            used += take_body(received.substr(used));
            continue;
        }
        const char c = received[used++];
        if (++head_bytes_ > most_head)
            return {Taken::State::wrong, used, false, "the answer's head does not end"};
        if (c != '\n') {
            line_ += c;
            continue;
        }
        const Problem problem = take_line();
        if (!problem.empty())
            return {Taken::State::wrong, used, false, problem};
        line_.clear();
    }
    if (!complete_)
        return {.bytes = used};
    const Problem problem = check_body();
    begin();
    return {problem.empty() ? Taken::State::complete : Taken::State::wrong, used, last_, problem};
}

Http::Problem Http::take_line() {
    if (!line_.ends_with('\r'))
        return fmt::format("the line {} does not end with CR LF", quoted(line_));
    line_.pop_back();
    switch (part_) {
    case Part::status:
        return take_status();
    case Part::header:
        return line_.empty() ? end_of_head() : take_header();
    case Part::chunk_size:
        return take_chunk_size();
    case Part::chunk_end:
        part_ = Part::chunk_size;
        return line_.empty() ? Problem() : "a chunk is longer than it says";
    case Part::trailer:
        complete_ = line_.empty();
        return complete_ ? Problem() : take_header();
    case Part::body:
    case Part::chunk:
        break;
    }
    return {};
}

/// "HTTP/1.1 200 OK", whose last word may be missing.
Http::Problem Http::take_status() {
    const std::string_view line = line_;
    const bool is_known = line.starts_with("HTTP/1.1 ") || line.starts_with("HTTP/1.0 ");
    const auto status = is_known ? number(line.substr(9, 3), 10) : std::nullopt;
    if (!status || line.size() < 12 || (line.size() > 12 && line[12] != ' '))
        return fmt::format("{} is no status line", quoted(line));
    if (*status != status_)
        return fmt::format("the status is {} and must be {}", *status, status_);
    last_ = line[7] == '0';
    part_ = Part::header;
    return {};
}

Http::Problem Http::take_header() {
    const std::string_view line = line_;
    const std::size_t colon = line.find(':');
    if (colon == line.npos || !is_token(line.substr(0, colon)))
        return fmt::format("{} is no header", quoted(line));
    if (part_ == Part::trailer)
        return {};
    return take_field(line.substr(0, colon), trimmed(line.substr(colon + 1)));
}

Http::Problem Http::take_field(std::string_view name, std::string_view value) {
    if (same(name, "Content-Length"))
        return take_length(value);
    if (same(name, "Transfer-Encoding")) {
        chunked_ = same(value, "chunked");
        return chunked_ ? Problem() : fmt::format("the encoding {} is unknown", quoted(value));
    }
    if (same(name, "Connection"))
        last_ = same(value, "close") || (last_ && !same(value, "keep-alive"));
    return {};
}

Http::Problem Http::take_length(std::string_view value) {
    const auto length = number(value, 10);
    if (!length || *length > most_body || (length_ && *length_ != *length))
        return fmt::format("Content-Length {} is no length", quoted(value));
    length_ = length;
    return {};
}

Http::Problem Http::end_of_head() {
    if (chunked_ && length_)
        return "the answer has a Content-Length and is chunked";
    if (!chunked_ && !length_)
        return "the answer neither has a Content-Length nor is chunked";
    part_ = chunked_ ? Part::chunk_size : Part::body;
    missing_ = length_.value_or(0);
    complete_ = !chunked_ && missing_ == 0;
    return {};
}

/// Hexadecimal, and perhaps extensions behind a semicolon.
Http::Problem Http::take_chunk_size() {
    const auto size = number(trimmed(std::string_view(line_).substr(0, line_.find(';'))), 16);
    if (!size || *size > most_body - body_.size())
        return fmt::format("{} is no chunk's size", quoted(line_));
    missing_ = *size;
    head_bytes_ = 0;
    part_ = *size == 0 ? Part::trailer : Part::chunk;
    return {};
}

std::size_t Http::take_body(std::string_view received) {
    const std::string_view got = received.substr(0, missing_);
    body_ += got;
    missing_ -= got.size();
    if (missing_ == 0) {
        complete_ = part_ == Part::body;
        part_ = Part::chunk_end;
    }
    return got.size();
}

Http::Problem Http::check_body() const {
    if (reference_ == nullptr || reference_->accepts(body_))
        return {};
    return fmt::format("the body, of {} bytes, is not the one of the first answer", body_.size());
}

} // namespace load
