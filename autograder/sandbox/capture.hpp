// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What one stream of a command says, up to a limit, and line by line as it comes.
/// Read next: run.cpp.
#pragma once

#include "autograder/sandbox/descriptor.hpp"
#include "autograder/sandbox/sandbox.hpp"

#include <array>
#include <fcntl.h>

namespace grade {

class Capture {
public:
    /// `observer` must outlive it.
    Capture(Stream stream, std::uint64_t most, const Observer& observer)
        : stream_(stream), most_(most), observer_(observer), pipe_(Pipe::make()) {
        ::fcntl(pipe_.read.number(), F_SETFL, O_NONBLOCK);
    }

    [[nodiscard]] int input() const { return pipe_.write.number(); }
    void close_input() { pipe_.write.close(); }

    /// -1 (which poll(2) passes over) once nothing more will be read.
    [[nodiscard]] int output() const { return pipe_.read.number(); }
    [[nodiscard]] bool full() const { return full_; }

    /// Takes what is there without waiting.
    void read() {
        std::array<char, 65536> buffer;
        while (pipe_.read.is_open()) {
            const ssize_t count = ::read(pipe_.read.number(), buffer.data(), buffer.size());
            if (count > 0) {
                take({buffer.data(), static_cast<std::size_t>(count)});
            } else if (count == 0 || errno != EINTR) {
                if (count == 0) {
                    pipe_.read.close();
                }
                return;
            }
        }
    }

    /// All of it; says so if it was cut.
    std::string text() {
        if (!full_ && said_ < text_.size()) {
            say(text_.size());
        }
        if (full_) {
            text_ += fmt::format("\n[cut here: more than {} bytes]\n", most_);
        }
        return std::move(text_);
    }

private:
    void take(std::string_view more) {
        const std::size_t space = most_ - text_.size();
        full_ = more.size() > space;
        text_ += more.substr(0, space);
        for (std::size_t end; (end = text_.find('\n', said_)) != std::string::npos;) {
            say(end);
        }
        if (full_) {
            pipe_.read.close();
        }
    }

    void say(std::size_t end) {
        const std::string_view line = std::string_view(text_).substr(said_, end - said_);
        said_ = end + 1;
        if (observer_.line) {
            observer_.line(stream_, line);
        }
    }

    Stream stream_;
    std::uint64_t most_;
    const Observer& observer_;
    Pipe pipe_;
    std::string text_;
    std::size_t said_ = 0; ///< where the line begins that was not said yet
    bool full_ = false;
};

} // namespace grade
