// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The invocations that programs use most, by name and with the caller's own CSpace filled in: a
/// slot is its number. Every program of ours has the same capabilities in the same slots
/// (abi::RootSlot), whether the kernel started it or another program.
/// Read next: allocator.hpp, which makes objects without naming slots.
/// @stage{1}
#pragma once

#include "kernel/abi/boot_info.hpp"
#include "kernel/abi/object.hpp"
#include "kernel/abi/registers.hpp"
#include "user/lib/invoke.hpp"

namespace sel4 {

/// A slot of the own CSpace is named by all bits of a word.
constexpr Word full_depth = 64;
constexpr CPtr own_cnode = abi::root_cnode;

/// Makes `count` objects from an untyped, in the own slots from `slot` on.
inline Result untyped_retype(CPtr untyped, abi::ObjectType type, Word size_bits, CPtr slot,
                             Word count = 1) {
    return invoke(untyped,
                  abi::UntypedRetype{.type = static_cast<Word>(type),
                                     .size_bits = size_bits,
                                     .node_index = 0,
                                     .node_depth = 0,
                                     .node_offset = slot,
                                     .count = count},
                  own_cnode);
}

/// Deletes everything that was derived from the capability in a slot.
inline Result cap_revoke(CPtr slot) {
    return invoke(own_cnode, abi::CNodeRevoke{.index = slot, .depth = full_depth});
}

/// Empties a slot.
inline Result cap_delete(CPtr slot) {
    return invoke(own_cnode, abi::CNodeDelete{.index = slot, .depth = full_depth});
}

inline Result cap_copy(CPtr from, CPtr to, Word rights = abi::all_rights) {
    return invoke(own_cnode, abi::CNodeCopy{to, full_depth, from, full_depth, rights}, own_cnode);
}

/// A copy with a badge (notifications, endpoints) or a guard (CNodes: abi::cnode_data).
inline Result cap_mint(CPtr from, CPtr to, Word rights, Word badge) {
    return invoke(own_cnode, abi::CNodeMint{to, full_depth, from, full_depth, rights, badge},
                  own_cnode);
}

inline Result cap_move(CPtr from, CPtr to) {
    return invoke(own_cnode, abi::CNodeMove{to, full_depth, from, full_depth}, own_cnode);
}

/// Moves a capability and gives it a badge or guard.
inline Result cap_mutate(CPtr from, CPtr to, Word badge) {
    return invoke(own_cnode, abi::CNodeMutate{to, full_depth, from, full_depth, badge}, own_cnode);
}

/// Maps a frame. Without a page table for the address it is a failed_lookup, whose word 2 is
/// log2 of what one entry of the missing table's parent covers (21 or 30).
inline Result page_map(CPtr frame, CPtr vspace, Word vaddr, Word rights, Word attributes = 0) {
    return invoke(frame, abi::PageMap{vaddr, rights, attributes}, vspace);
}

inline Result page_unmap(CPtr frame) { return invoke(frame, abi::PageUnmap{}); }

inline Result page_table_map(CPtr table, CPtr vspace, Word vaddr) {
    return invoke(table, abi::PageTableMap{.vaddr = vaddr, .attributes = 0}, vspace);
}

/// The physical address of a frame is word 0.
inline Result page_get_address(CPtr frame) { return invoke(frame, abi::PageGetAddress{}); }

/// @cond LAB2
inline Result tcb_suspend(CPtr tcb) { return invoke(tcb, abi::TcbSuspend{}); }
inline Result tcb_resume(CPtr tcb) { return invoke(tcb, abi::TcbResume{}); }

/// Sets a thread's priority, with the caller's own as authority.
inline Result tcb_set_priority(CPtr tcb, Word priority) {
    return invoke(tcb, abi::TcbSetPriority{priority}, CPtr{abi::root_tcb});
}

/// Sets the first `count` registers of a thread and lets it run if `resume`.
inline Result tcb_write_registers(CPtr tcb, const abi::UserContext& registers, bool resume,
                                  Word count = abi::user_context_words) {
    struct Words {
        abi::TcbWriteRegisters head;
        abi::UserContext registers;
    };
    using Array = std::array<Word, sizeof(Words) / sizeof(Word)>;
    const Array words = std::bit_cast<Array>(Words{{resume, count}, registers});
    const Word label = static_cast<Word>(abi::Label::tcb_write_registers);
    return invoke_raw(tcb, MessageInfo::make(label, words.size()), words);
}

/// The registers of a thread, if the result is good.
inline Result tcb_read_registers(CPtr tcb, abi::UserContext& registers, bool suspend = false) {
    const Result result =
        invoke(tcb, abi::TcbReadRegisters{.flags = suspend, .count = abi::user_context_words});
    std::array<Word, abi::user_context_words> words;
    for (unsigned i = 0; i < words.size(); i++)
        words[i] = i < abi::message_registers ? result.words[i] : ipc_buffer().message[i];
    registers = std::bit_cast<abi::UserContext>(words);
    return result;
}
/// @endcond

} // namespace sel4
