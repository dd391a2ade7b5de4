// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What a program finds that another program started: register a0 is the address of a page with
/// this struct, sp is set. Its CSpace begins like the root task's (abi::RootSlot): 1 its thread,
/// 2 its CNode, 3 its address space, 10 the frame of its message buffer; then as StartSlot says.
/// Both programs can write the page; who started the program believes nothing in it but the end.
/// Read next: process.hpp (who fills it in), program_start.cpp (who reads it).
/// @stage{2}
#pragma once

#include "kernel/abi/boot_info.hpp"
/// @cond LAB7
#include "user/lib/siphash.hpp"
/// @endcond

#include <string_view>

namespace user {

using abi::CPtr;
using abi::Word;

/// Slots of a program that another one started; after them come the grants.
enum StartSlot : Word {
    own_memory = abi::first_free_slot, ///< an untyped, for what it likes
    end_notification,                  ///< to be signalled at its end
    own_fault_handler,                 ///< only the kernel uses it
    /// @cond LAB5
    own_notification, ///< of its first thread
    /// @endcond
    first_grant,
};

struct StartBlock {
    static constexpr unsigned most_grants = 16;
    static constexpr unsigned name_length = 24;
    /// @cond LAB7
    static constexpr unsigned arguments_length = 128;
    /// @endcond

    /// A capability that was given along, by name.
    struct Grant {
        char name[name_length];
        CPtr slot;
    };

    Word ipc_buffer;       ///< address of the first thread's message buffer
    Word uart;             ///< address of the UART's registers, 0: none
    Word memory_bits;      ///< log2 of the size of own_memory
    Word records;          ///< of Allocator, all zero, behind this struct
    abi::SlotRegion empty; ///< slots for its own use
    Word first_address;    ///< addresses at which nothing is mapped, up to
    Word last_address;     ///< this one
    Word exited;           ///< the program writes 1 here when it has ended, after
    Word exit_code;        ///< this
    /// @cond LAB5
    Word peers;      ///< address of the windows (peers.hpp); 0: there is no broker
    Word peer_count; ///< windows that there are
    CPtr peer_slots; ///< the first slot of peers
    Word hint;       ///< address of the own hint
    Word hart;       ///< on which the first thread runs, and
    Word priority;
    Word harts; ///< that the machine has
    Word ticks_per_second;
    /// @endcond
    Word grant_count;
    char name[name_length];
    /// @cond LAB7
    char arguments[arguments_length]; ///< the machine's command line, empty if it is longer
    SipKey secret;                    ///< no other program has it, nor this one when started again
    /// @endcond
    Grant grants[most_grants];
};
static_assert(sizeof(StartBlock) <= 4096 && sizeof(StartBlock) % 8 == 0);

/// This program's.
const StartBlock& start_block();

/// @cond LAB5
/// So much time.
inline Word nanoseconds(Word ticks) {
    return ticks * 1'000'000'000 / start_block().ticks_per_second;
}

/// So much time, in ticks.
inline Word ticks_of(Word milliseconds) {
    return milliseconds * start_block().ticks_per_second / 1000;
}

/// @endcond
/// The slot of a capability that this program was given; 0 if it has none of this name.
CPtr granted(std::string_view name);

} // namespace user
