// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What a program has from its start, and invocations, which the test is told of.
#pragma once

#include "kernel/abi/invocation.hpp"
#include "user/lib/needs.hpp"

#include <type_traits>

namespace played {

/// An invocation was made. @param is_ack is it an IrqHandlerAck?
inline void (*invoked)(abi::CPtr object, bool is_ack) = nullptr;

} // namespace played

namespace sel4 {

template <class Operation>
void invoke(abi::CPtr object, const Operation&) {
    if (played::invoked != nullptr)
        played::invoked(object, std::is_same_v<Operation, abi::IrqHandlerAck>);
}

} // namespace sel4

namespace user {

using abi::CPtr;
using abi::Word;

constexpr CPtr own_notification = 5;

struct PlayedAllocator {
    [[nodiscard]] static Word free_slots() { return 0; }
    [[nodiscard]] static Word free_bytes() { return 0; }
};
inline constexpr PlayedAllocator allocator;

} // namespace user
