// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the tests of lab 1 that run on this machine share: texts for people, and expectations
/// about answers of the kernel's functions. Each test makes a World of its own.
/// Read next: kernel/tests/host/world.hpp, labs/lib/host.hpp.
#pragma once

#include "kernel/tests/host/world.hpp"
#include "labs/lib/host.hpp"

namespace setting {

using lab::expect;
using lab::expect_equal;

inline std::string piece(const std::string& words) { return words; }
template <class Value>
    requires std::integral<Value>
std::string piece(Value value) {
    return lab::shown(value);
}

/// The parts one after the other.
template <class... Parts>
std::string text(const Parts&... parts) {
    return (std::string() + ... + piece(parts));
}

/// True if the answer is an error, and this one.
template <class Value>
bool expect_error(const std::string& what, abi::Error error, const Result<Value>& got) {
    const abi::Error found = got ? abi::Error::none : got.error().error;
    return expect_equal(what, std::string(abi::text(error)), std::string(abi::text(found)));
}

/// True if the answer is no error.
template <class Value>
bool expect_success(const std::string& what, const Result<Value>& got) {
    return expect_error(what, abi::Error::none, got);
}

/// Numbers that depend on the run's seed.
class Random {
public:
    /// One that is less than `limit`.
    Word below(Word limit) { return engine_() % limit; }
    /// One of so many bits.
    Word bits(unsigned count) { return engine_() & mask(count); }

private:
    std::mt19937_64 engine_{lab::seed()};
};

} // namespace setting
