// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// One kernel stack for each hart, from its first instruction on: the kernel runs to its end on
/// it and never sleeps, so threads need none. Each trap from user mode begins at its end again.
/// Below each stack lies a page that is not mapped: a stack that grows too far faults.
/// Read next: kernel/riscv/boot.S.
/// @stage{1}
#pragma once

#include "kernel/config.hpp"
#include "kernel/lib/types.hpp"

#include <array>

constexpr unsigned stack_page = 4096;

struct alignas(stack_page) Stack {
    std::array<char, stack_page> guard;
    std::array<char, 3 * Word{stack_page}> bytes;
};
static_assert(sizeof(Stack::bytes) == 0x3000, "riscv/entry.S knows it");

extern constinit std::array<Stack, config::harts> stacks;

/// The first address behind the stack of hart 0, for boot.S.
extern "C" constinit char* const first_stack_end;
