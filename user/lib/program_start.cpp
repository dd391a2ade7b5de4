// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// From the first instruction of a program to its main(), and its end.
/// Read next: program.hpp.
/// @stage{2}
/// @cond NONE
#include "kernel/lib/trace.hpp"
/// @endcond
#include "user/lib/console.hpp"
#include "user/lib/program.hpp"
#include "user/lib/start_block.hpp"

#include <atomic>
#include <stddef.h>

namespace user {

namespace {

constinit StartBlock* block = nullptr;

} // namespace

constinit Allocator allocator{{}};
constinit VSpace vspace{allocator};
constinit DeviceFrame uart_frame = {};

const StartBlock& start_block() { return *block; }

CPtr granted(std::string_view name) {
    for (Word i = 0; i < block->grant_count && i < StartBlock::most_grants; i++)
        if (name == block->grants[i].name)
            return block->grants[i].slot;
    return 0;
}

void exit(unsigned code) {
    block->exit_code = code;
    // Release: who started the program reads the code after this.
    std::atomic_ref(block->exited).store(1, std::memory_order_release);
    sel4::signal(end_notification);
    for (;;)
        sel4::tcb_suspend(abi::root_tcb);
}

static_assert(offsetof(StartBlock, ipc_buffer) == 0, "program_start.S knows this offset");

} // namespace user

extern "C" [[noreturn]] void start_program(user::StartBlock& given) {
    user::block = &given;
    if (given.uart != 0)
        console::use_uart(given.uart);
    auto* const records = reinterpret_cast<user::Allocator::Record*>(&given + 1);
    user::allocator = user::Allocator({records, given.records});
    user::allocator.take_slots(given.empty);
    const unsigned memory_bits = static_cast<unsigned>(given.memory_bits);
    user::allocator.take_untyped(user::own_memory, memory_bits);
    user::vspace.take(abi::root_vspace, given.first_address, given.last_address);
    /// @cond NONE
    trace::named(given.name);
    /// @endcond
    user::exit(static_cast<unsigned>(main()));
}
