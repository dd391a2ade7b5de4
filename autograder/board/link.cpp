// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Frames out, lines with sums in.
#include "autograder/board/link.hpp"

#include <algorithm>
#include <charconv>

namespace grade {

namespace {

using namespace std::chrono_literals;

constexpr unsigned most_tries = 10;

void put(std::string& bytes, std::uint64_t number, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) {
        bytes += static_cast<char>(number >> 8 * i);
    }
}

std::string framed(const std::string& bytes) {
    std::string frame(1, static_cast<char>(loader::flag));
    for (const char byte : bytes) {
        if (byte == static_cast<char>(loader::flag) || byte == static_cast<char>(loader::escape)) {
            frame += static_cast<char>(loader::escape);
            frame += static_cast<char>(static_cast<std::uint8_t>(byte) ^ loader::turned);
        } else {
            frame += byte;
        }
    }
    return frame + static_cast<char>(loader::flag);
}

std::optional<std::uint64_t> hexadecimal(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(number)
                                                                    : std::nullopt;
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        words.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

/// The words of a line whose sum is right.
std::optional<std::vector<std::string>> read_answer(std::string_view line) {
    constexpr std::string_view mark = "@rel4 ";
    const std::size_t at = line.find(mark);
    const std::size_t last = line.rfind(' ');
    if (at == line.npos || last < at + mark.size()) {
        return std::nullopt;
    }
    const std::string_view text = line.substr(at + mark.size(), last - at - mark.size());
    return !text.empty() && hexadecimal(line.substr(last + 1)) == loader::crc(text)
               ? std::optional(words_of(text))
               : std::nullopt;
}

std::optional<Bytes> bytes_of(std::string_view digits) {
    Bytes bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
        const auto byte = hexadecimal(digits.substr(i, 2));
        if (!byte) {
            return std::nullopt;
        }
        bytes.push_back(static_cast<std::uint8_t>(*byte));
    }
    return bytes;
}

std::optional<Greeting> greeting_of(std::span<const std::string> words) {
    Greeting greeting;
    const std::array members = {&greeting.tree, &greeting.tree_size, &greeting.begin,
                                &greeting.end};
    if (words.size() != members.size() + 2 || words[0] != "ready") {
        return std::nullopt;
    }
    if (hexadecimal(words[1]) != loader::version) {
        throw BoardError(fmt::format("the board's loader speaks version {}, this grader {}: put "
                                     "the loader of this tree on the board",
                                     words[1], loader::version));
    }
    for (std::size_t i = 0; i < members.size(); ++i) {
        const auto number = hexadecimal(words[i + 2]);
        if (!number) {
            return std::nullopt;
        }
        *members[i] = *number;
    }
    return greeting;
}

} // namespace

Greeting Link::greet(Deadline deadline) {
    for (auto hello = in(1s);; hello = in(1s)) {
        while (const auto words = answer(std::min(hello, deadline))) {
            if (const auto greeting = greeting_of(*words)) {
                return *greeting;
            }
        }
        if (std::chrono::steady_clock::now() >= deadline) {
            throw BoardError("no loader answers on the line");
        }
        std::string bytes(1, static_cast<char>(loader::Kind::hello));
        put(bytes, 0, loader::head - 1);
        put(bytes, loader::crc(bytes), 4);
        static_cast<void>(line_.write(framed(bytes), in(answer_)));
    }
}

Bytes Link::read(std::uint64_t address, std::uint64_t size) {
    Bytes all;
    while (all.size() < size) {
        const auto count = std::min<std::uint64_t>(size - all.size(), loader::longest_read);
        std::string length;
        put(length, count, 4);
        const Bytes data(length.begin(), length.end());
        const Words words = ask(loader::Kind::read, address + all.size(), data, "data");
        const auto bytes = words.size() == 2 ? bytes_of(words[1]) : std::nullopt;
        if (!bytes || bytes->size() != count) {
            throw BoardError("the loader answers something else than what it was asked");
        }
        all.insert(all.end(), bytes->begin(), bytes->end());
    }
    return all;
}

void Link::write(std::uint64_t address, std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
        const std::size_t count = std::min(bytes.size(), loader::longest_data);
        ask(loader::Kind::write, address, bytes.first(count), "done");
        address += count;
        bytes = bytes.subspan(count);
    }
}

void Link::boot(std::uint64_t entry, std::uint64_t tree) {
    std::string bytes;
    put(bytes, tree, 8);
    ask(loader::Kind::boot, entry, Bytes(bytes.begin(), bytes.end()), "done");
}

Link::Words Link::ask(loader::Kind kind, std::uint64_t address, std::span<const std::uint8_t> data,
                      std::string_view word) {
    ++number_;
    std::string bytes(1, static_cast<char>(kind));
    put(bytes, number_, 4);
    put(bytes, address, 8);
    bytes.append(data.begin(), data.end());
    put(bytes, loader::crc(bytes), 4);
    const std::string frame = framed(bytes);
    bool has_fallen = false;
    for (unsigned tries = 0; tries < most_tries; ++tries) {
        repeated_ += tries > 0 ? 1 : 0;
        // The slowest line takes a second for a hundred bytes and more.
        const auto deadline = in(answer_ + std::chrono::milliseconds(frame.size()));
        if (!line_.write(frame, deadline)) {
            continue;
        }
        while (auto words = answer(deadline)) {
            const bool is_ours = words->size() > 1 && hexadecimal((*words)[1]) == number_;
            if (is_ours && words->front() == word) {
                words->erase(words->begin());
                return std::move(*words);
            }
            if (is_ours) {
                throw BoardError(fmt::format("the loader refuses address {:#x}", address));
            }
            // It starts anew after an access that its memory does not allow.
            has_fallen = words->front() == "ready";
            if (has_fallen || words->front() == "again") {
                break;
            }
        }
    }
    throw BoardError(has_fallen ? fmt::format("the board has no memory at {:#x}", address)
                                : "the loader does not answer");
}

std::optional<Link::Words> Link::answer(Deadline deadline) {
    while (const auto line = line_.read_line(deadline)) {
        if (auto words = read_answer(*line)) {
            return words;
        }
    }
    return std::nullopt;
}

} // namespace grade
