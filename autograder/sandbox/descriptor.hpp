// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Owned file descriptors. Always holds: they are closed when a program is executed.
/// Read next: supervisor.hpp.
#pragma once

#include "autograder/source/source_tree.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/core.h>
#include <string>
#include <unistd.h>
#include <utility>

namespace grade {

class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { close(); }

    [[nodiscard]] int number() const { return number_; }
    [[nodiscard]] bool is_open() const { return number_ >= 0; }
    void close() {
        if (const int number = std::exchange(number_, -1); number >= 0) {
            ::close(number);
        }
    }

private:
    int number_ = -1;
};

/// "...: No space left on device", from errno.
inline EnvironmentError system_error(const std::string& what) {
    const int error = errno;
    return EnvironmentError(fmt::format("{}: {}", what, strerrordesc_np(error)));
}

struct Pipe {
    Descriptor read, write;

    /// @throws EnvironmentError
    static Pipe make() {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0) {
            throw system_error("no pipe can be made (ulimit -n says how many files may be open)");
        }
        return {Descriptor(ends[0]), Descriptor(ends[1])};
    }
};

} // namespace grade
