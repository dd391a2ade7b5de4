// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The memory of the stacks.
/// @stage{1}
#include "kernel/riscv/stack.hpp"

constinit std::array<Stack, config::harts> stacks = {};

constinit char* const first_stack_end = stacks[0].bytes.end();
