// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A fuzz thread: makes random system calls for ever. All that it writes is its page, which its
/// supervisor sees too; it does not touch global variables, which are read-only for it.
/// Always holds: what it does follows from its random numbers and the answers of the kernel.
/// Read next: world.hpp.
/// @stage{none}
#pragma once

#include "runtime/riscv/user_interrupt.hpp"
#include "user/fuzz/shapes.hpp"
#include "user/lib/random.hpp"

namespace fuzz {

constexpr unsigned cspace_bits = 8;
constexpr Word slots = Word{1} << cspace_bits;

/// Slots with what fuzzers need for most operations: their CSpace, and their address space.
constexpr CPtr first_cnode = 5;
constexpr Word cnode_copies = 4;
constexpr CPtr home_table = 9;

/// Where fuzzers map pages; page tables for the first 2 MiB are there.
constexpr Word fuzz_addresses = 0x10'0000'0000;

/// The greatest priority that fuzz threads can give themselves and each other.
constexpr Word greatest_priority = 100;

using user::Random;

struct Count {
    uint32_t calls;
    uint32_t successes;
};

/// The page of a fuzz thread.
struct State {
    abi::IpcBuffer buffer; ///< first, because tp points to it
    Random random;
    Word calls;
    Word last_number; ///< the last system call, for whoever looks after a panic
    Word last_object;
    Word last_info;
    rt::Interrupted interrupted; ///< what uscratch points to
    Count shapes[shape_count];
    Kind kinds[slots]; ///< what is believed to be in its CSpace
};
static_assert(sizeof(State) <= 4096);

/// What the thread runs, anew after each restart.
[[noreturn]] void run(State& state);

} // namespace fuzz
