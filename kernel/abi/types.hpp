// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The words that kernel and user programs exchange: capability pointers, message info, rights.
/// Every number is seL4's (RISC-V 64, not MCS), so that programs built for seL4 run here.
/// Nothing of abi/ includes anything of the kernel but its configuration.
/// Read next: syscall.hpp, label.hpp, invocation.hpp.
/// @stage{1}
#pragma once

#include <stdint.h>

namespace abi {

using Word = uint64_t;

/// What the kernel calls a capability pointer: an address in the caller's CSpace.
using CPtr = Word;

/// `bits` ones, from bit 0. All of them for 64.
constexpr Word mask(unsigned bits) { return bits >= 64 ? ~Word{0} : (Word{1} << bits) - 1; }

/// One word before every message: what it is and how long.
///
///     63                      12 11         9 8        7 6      0
///     | label                   | unwrapped | extra caps | length |
struct MessageInfo {
    Word word = 0;

    static constexpr MessageInfo make(Word label, Word length, Word extra_caps = 0,
                                      Word unwrapped = 0) {
        return {label << 12 | unwrapped << 9 | extra_caps << 7 | length};
    }
    [[nodiscard]] constexpr Word label() const { return word >> 12; }
    [[nodiscard]] constexpr Word unwrapped() const { return word >> 9 & mask(3); }
    [[nodiscard]] constexpr Word extra_caps() const { return word >> 7 & mask(2); }
    [[nodiscard]] constexpr Word length() const { return word & mask(7); }
};

constexpr unsigned message_words = 120;   ///< the longest message
constexpr unsigned message_registers = 4; ///< words that travel in registers a2 to a5
constexpr unsigned message_extra_caps = 3;

/// Rights of a capability, as bits of one word.
enum Rights : Word {
    write = 1,       ///< send, signal; write memory
    read = 2,        ///< receive, wait; read memory
    grant = 4,       ///< send capabilities along
    grant_reply = 8, ///< let the receiver reply, with capabilities if it may grant
    all_rights = 15,
};

/// Guard of a CNode capability, as CNode_Mint and TCB_SetSpace take it: guard << 6 | size.
constexpr Word cnode_data(Word guard, Word guard_size) { return guard << 6 | guard_size; }

/// Memory attributes of Page_Map.
constexpr Word execute_never = 1;

/// Flags of a thread (TCB_SetFlags).
constexpr Word fpu_disabled = 1;

/// First address that no user program can map.
constexpr Word user_top = 0x3f'ffff'f000;

constexpr unsigned priorities = 256;

/// The message buffer of a thread, in memory it shares with the kernel. The first four words of a
/// message travel in registers; the kernel neither reads nor writes their places here.
struct IpcBuffer {
    Word tag; ///< not used by the kernel
    Word message[message_words];
    Word user_data;                          ///< not used by the kernel
    Word caps_or_badges[message_extra_caps]; ///< sending: extra caps; receiving: unwrapped badges
    Word receive_cnode;                      ///< where a received capability goes: root,
    Word receive_index;                      ///< index,
    Word receive_depth;                      ///< and depth
};
static_assert(sizeof(IpcBuffer) == 1024);
constexpr unsigned ipc_buffer_bits = 10;

} // namespace abi
