// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the tests of lab 1 in the kernel share: memory that is part of the kernel's image, a thread
/// that makes invocations, and an address space that the hart can use.
///
/// Always holds: memory is given out once; a test that needs it clean gets it zeroed.
/// Read next: labs/lib/kernel_test.hpp.
#pragma once

#include "kernel/object/tcb.hpp"
#include "kernel/syscall/invocation.hpp"
#include "kernel/vm/vspace.hpp"
#include "labs/lib/kernel_test.hpp"

#include <array>
#include <bit>
#include <initializer_list>

namespace setting {

using kernel_test::expect;
using kernel_test::expect_equal;

/// All memory is free again. The first line of each test.
void reset();

/// Zeroed memory of 2^bits bytes, aligned to that. The machine stops if there is no more.
PAddr take(unsigned bits);

/// A slot outside of all CNodes, the only one of its derivation tree.
Slot& slot(const Cap& cap);

/// A CNode of 2^radix slots.
CNodeCap cnode_of(unsigned radix, Word guard = 0, unsigned guard_size = 0);

inline Slot& in(const CNodeCap& node, Word index) { return node.slots()[index]; }
/// Which of the slots of `node` it is; not one of theirs if that is too large.
inline Word index_of(const CNodeCap& node, const Slot& slot) {
    return (reinterpret_cast<Word>(&slot) - reinterpret_cast<Word>(node.slots())) / sizeof(Slot);
}

/// The thread that invokes, with a message buffer.
Tcb& caller();

/// The message of an invocation, made ready to be decoded. `extra` are slots that come along.
template <class Message>
Invocation invocation(const Message& message, std::initializer_list<Slot*> extra) {
    const auto words = std::bit_cast<std::array<Word, abi::words_of<Message>>>(message);
    for (unsigned i = 0; i < words.size(); i++)
        (i < abi::message_registers ? caller().context.message(i)
                                    : caller().buffer_for(true)->message[i]) = words[i];
    Invocation call(
        caller(),
        abi::MessageInfo::make(static_cast<Word>(Message::label), words.size(), extra.size()),
        true);
    for (Slot* each : extra)
        call.add_extra(*each);
    return call;
}

/// The error of an answer as a number, 0 if it is none.
inline Word error_of(const Result<Outcome>& answer) {
    return answer ? 0 : static_cast<Word>(answer.error().error);
}

/// An address space whose upper half is the kernel's. While it lives, the hart uses it.
class Space {
public:
    Space();
    ~Space();
    Space(const Space&) = delete;
    Space& operator=(const Space&) = delete;

    /// Tables so that pages of 4 KiB can be mapped at `address`, made by hand.
    void add_tables(VAddr address);
    /// Maps a frame: the kernel's function for Page_Map.
    [[nodiscard]] Word map(Slot& frame, VAddr address, Word rights = abi::read | abi::write);

private:
    AsidPoolCap pool_;
    PageTableCap root_cap_;
    Slot& root_;
};

/// The first word at an address of a user program, read by the hart itself. Only of what is mapped.
Word read_user(VAddr address);

/// Whether the hart's own access to an address of a user program is let through.
bool can_load(VAddr address);
bool can_store(VAddr address); ///< a zero byte is stored if it is

} // namespace setting
