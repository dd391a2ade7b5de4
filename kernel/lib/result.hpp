// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The value of a computation that can fail, and why it failed. A `Failure` holds all that the
/// answer to the caller says, so nothing about errors is kept anywhere else.
///
///     if (!slot)
///         return failed(slot);
///
/// Read next: kernel/abi/error.hpp.
/// @stage{1}
#pragma once

#include "kernel/abi/error.hpp"
#include "kernel/lib/types.hpp"

#include <expected>

/// Why a lookup in a CSpace failed.
struct LookupFault {
    abi::LookupFailure type = abi::LookupFailure::none;
    Word bits_left = 0;
    Word detail = 0;     ///< depth_mismatch: bits of the level; guard_mismatch: the guard
    Word guard_size = 0; ///< guard_mismatch
};

/// An error of an invocation with its details.
struct Failure {
    abi::Error error = abi::Error::none;
    bool of_source = false; ///< failed_lookup: it was the source
    Word first = 0;         ///< argument or capability number, least value, bytes left
    Word second = 0;        ///< greatest value
    LookupFault lookup = {};
};

template <class T>
using Result = std::expected<T, Failure>;

/// Passes the error of `result` on.
template <class T>
[[nodiscard]] std::unexpected<Failure> failed(const Result<T>& result) {
    return std::unexpected(result.error());
}

[[nodiscard]] inline std::unexpected<Failure> invalid_argument(Word number) {
    return std::unexpected(Failure{.error = abi::Error::invalid_argument, .first = number});
}

[[nodiscard]] inline std::unexpected<Failure> invalid_capability(Word number) {
    return std::unexpected(Failure{.error = abi::Error::invalid_capability, .first = number});
}

[[nodiscard]] inline std::unexpected<Failure> range_error(Word least, Word greatest) {
    return std::unexpected(
        Failure{.error = abi::Error::range_error, .first = least, .second = greatest});
}

[[nodiscard]] inline std::unexpected<Failure> not_enough_memory(Word bytes_left) {
    return std::unexpected(Failure{.error = abi::Error::not_enough_memory, .first = bytes_left});
}

[[nodiscard]] inline std::unexpected<Failure> failed_lookup(const LookupFault& fault,
                                                            bool of_source) {
    return std::unexpected(
        Failure{.error = abi::Error::failed_lookup, .of_source = of_source, .lookup = fault});
}

/// Errors without details.
[[nodiscard]] inline std::unexpected<Failure> failure(abi::Error error) {
    return std::unexpected(Failure{.error = error});
}
