// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What a program has from its start.
#pragma once

#include "kernel/abi/invocation.hpp"

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
