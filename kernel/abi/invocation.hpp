// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The table of invocations. One struct for each: its label, how many extra capabilities come
/// along, and its message words, in order, as members. The kernel's decoders take these structs
/// as arguments, and the stubs of user/lib are made from them: there is no second list.
///
/// `caps` are the extra capabilities, by name in the comment. `answer` is the number of words that
/// come back. A message that is shorter, or has fewer capabilities, is a truncated_message.
/// Read next: kernel/syscall/invocation.hpp, user/lib/invoke.hpp.
/// @stage{1}
#pragma once

#include "kernel/abi/label.hpp"

namespace abi {

/// An untyped: makes `count` objects of one type in its free memory; capabilities to them go to
/// consecutive slots of a CNode. caps: root, in which that CNode is looked up.
struct UntypedRetype {
    static constexpr Label label = Label::untyped_retype;
    static constexpr unsigned caps = 1;
    Word type;       ///< ObjectType
    Word size_bits;  ///< untyped: log2 of bytes; CNode: log2 of slots; else not used
    Word node_index; ///< the CNode: node_depth bits of node_index, 0 bits for the root itself
    Word node_depth;
    Word node_offset; ///< the first slot
    Word count;
};

/// A thread: its registers, in the order of `UserContext`, as the answer.
struct TcbReadRegisters {
    static constexpr Label label = Label::tcb_read_registers;
    static constexpr unsigned caps = 0;
    Word flags; ///< bit 0: suspend it first
    Word count; ///< 1 to 32
};

/// A thread: sets its registers. The values follow as message words.
struct TcbWriteRegisters {
    static constexpr Label label = Label::tcb_write_registers;
    static constexpr unsigned caps = 0;
    Word flags; ///< bit 0: resume it afterwards
    Word count;
};

/// A thread: takes over registers of another. caps: the other.
struct TcbCopyRegisters {
    static constexpr Label label = Label::tcb_copy_registers;
    static constexpr unsigned caps = 1;
    Word flags; ///< bit 0 suspend source, 1 resume target, 2 first 16 registers, 3 last 16
};

/// A thread: SetSpace and SetIpcBuffer at once. caps: CSpace root, VSpace root, buffer frame.
struct TcbConfigure {
    static constexpr Label label = Label::tcb_configure;
    static constexpr unsigned caps = 3;
    Word fault_handler; ///< a capability pointer in the thread's own CSpace
    Word cspace_data;   ///< cnode_data(), 0: leave as it is
    Word vspace_data;   ///< not used
    Word buffer;        ///< address of the buffer, 0: none
};

/// A thread: its priority. caps: authority, a thread whose greatest priority allows it.
struct TcbSetPriority {
    static constexpr Label label = Label::tcb_set_priority;
    static constexpr unsigned caps = 1;
    Word priority;
};

/// A thread: the greatest priority it can give. caps: authority.
struct TcbSetMcPriority {
    static constexpr Label label = Label::tcb_set_mc_priority;
    static constexpr unsigned caps = 1;
    Word mc_priority;
};

/// A thread: both priorities. caps: authority.
struct TcbSetSchedParams {
    static constexpr Label label = Label::tcb_set_sched_params;
    static constexpr unsigned caps = 1;
    Word mc_priority;
    Word priority;
};

/// A thread: its message buffer. caps: the frame that holds it.
struct TcbSetIpcBuffer {
    static constexpr Label label = Label::tcb_set_ipc_buffer;
    static constexpr unsigned caps = 1;
    Word buffer; ///< address in the thread's VSpace, 0: none
};

/// A thread: its fault handler, CSpace and VSpace. caps: CSpace root, VSpace root.
struct TcbSetSpace {
    static constexpr Label label = Label::tcb_set_space;
    static constexpr unsigned caps = 2;
    Word fault_handler;
    Word cspace_data;
    Word vspace_data;
};

/// A thread: stops it.
struct TcbSuspend {
    static constexpr Label label = Label::tcb_suspend;
    static constexpr unsigned caps = 0;
};

/// A thread: starts it, or starts again the system call in which it was stopped.
struct TcbResume {
    static constexpr Label label = Label::tcb_resume;
    static constexpr unsigned caps = 0;
};

/// A thread: a notification that it receives whatever it waits for. caps: the notification.
struct TcbBindNotification {
    static constexpr Label label = Label::tcb_bind_notification;
    static constexpr unsigned caps = 1;
};

/// A thread: undoes TcbBindNotification.
struct TcbUnbindNotification {
    static constexpr Label label = Label::tcb_unbind_notification;
    static constexpr unsigned caps = 0;
};

/// A thread: the hart it runs on. Only in builds for several harts.
struct TcbSetAffinity {
    static constexpr Label label = Label::tcb_set_affinity;
    static constexpr unsigned caps = 0;
    Word hart;
};

/// A thread: its register tp.
struct TcbSetTlsBase {
    static constexpr Label label = Label::tcb_set_tls_base;
    static constexpr unsigned caps = 0;
    Word tls_base;
};

/// A thread: clears and sets flags; answers the flags it has then.
struct TcbSetFlags {
    static constexpr Label label = Label::tcb_set_flags;
    static constexpr unsigned caps = 0;
    static constexpr unsigned answer = 1;
    Word clear;
    Word set;
};

/// @cond LAB2
/// A thread: where its faults are written and who is told (profile rel4).
/// caps: the frame of the fault buffer, the notification.
struct TcbSetFaultBuffer {
    static constexpr Label label = Label::tcb_set_fault_buffer;
    static constexpr unsigned caps = 2;
};
/// @endcond

/// @cond LAB3
/// A thread: its table of senders, or none. caps: the table; without it the thread has none;
/// UintrControl, which is looked at only where the machine does not check senders
/// (UserInterruptInfo): who has it trusts this thread to interrupt nobody whom it should not.
struct TcbSetSenderTable {
    static constexpr Label label = Label::tcb_set_sender_table;
    static constexpr unsigned caps = 2;
};

/// A notification, with the right to read: from now on it interrupts a thread, which may be
/// registered for several. What was signalled before is signalled to it. Answers the vector by
/// which the kernel's own signals come: a reason to poll the notification.
/// caps: the thread, UintrControl, a frame that becomes the thread's BadgePage.
struct UintrRegisterReceiver {
    static constexpr Label label = Label::uintr_register_receiver;
    static constexpr unsigned caps = 3;
    static constexpr unsigned answer = 1;
};

/// A notification, with the right to write: an entry of the calling thread's sender table that
/// signals it. Answers the index. Another call, with this capability or a copy of it, answers the
/// same, until the receiver goes; the entry goes with the last of these capabilities.
struct UintrRegisterSender {
    static constexpr Label label = Label::uintr_register_sender;
    static constexpr unsigned caps = 0;
    static constexpr unsigned answer = 1;
};
/// @endcond

/// @cond LAB6
/// An asynchronous registration: one more frame of the shared buffer, behind those that it has; up
/// to abi::buffer_frames. caps: the frame.
struct AsyncAddFrame {
    static constexpr Label label = Label::async_add_frame;
    static constexpr unsigned caps = 1;
};

/// An asynchronous registration: the calling thread makes system calls through the rings in the
/// shared buffer (kernel/abi/ring.hpp), which is new: all zero. Answers the number of calls that
/// the kernel works at at a time. caps: the notification that is signalled when there are replies.
struct RegisterAsyncSyscall {
    static constexpr Label label = Label::register_async_syscall;
    static constexpr unsigned caps = 1;
    static constexpr unsigned answer = 1;
    Word request_lines; ///< of the ring, a power of two
    Word reply_lines;
};

/// No object: the one that a request names is not looked at. Puts a character on the console. As
/// the system call, it is there in debug builds only: else illegal_operation.
struct ConsolePutChar {
    static constexpr Label label = Label::console_put_char;
    static constexpr unsigned caps = 0;
    Word character;
};

/// The same with up to console_string_bytes. They follow, eight in a message word, the first one in
/// its lowest bits.
struct ConsolePutString {
    static constexpr Label label = Label::console_put_string;
    static constexpr unsigned caps = 0;
    Word length;
};
constexpr Word console_string_bytes = 112;
/// @endcond

/// A CNode: deletes every capability that was derived from the one in a slot.
struct CNodeRevoke {
    static constexpr Label label = Label::cnode_revoke;
    static constexpr unsigned caps = 0;
    Word index; ///< the slot: `depth` bits of `index`
    Word depth;
};

/// A CNode: deletes the capability in a slot.
struct CNodeDelete {
    static constexpr Label label = Label::cnode_delete;
    static constexpr unsigned caps = 0;
    Word index;
    Word depth;
};

/// A CNode: ends every send that waits with the badge of the capability in a slot.
struct CNodeCancelBadgedSends {
    static constexpr Label label = Label::cnode_cancel_badged_sends;
    static constexpr unsigned caps = 0;
    Word index;
    Word depth;
};

/// A CNode: copies a capability into a slot, with fewer rights. caps: root of the source.
struct CNodeCopy {
    static constexpr Label label = Label::cnode_copy;
    static constexpr unsigned caps = 1;
    static constexpr unsigned at_first = 2;
    Word index;
    Word depth;
    Word source_index;
    Word source_depth;
    Word rights;
};

/// A CNode: CNodeCopy that gives the copy a badge or a guard too. caps: root of the source.
struct CNodeMint {
    static constexpr Label label = Label::cnode_mint;
    static constexpr unsigned caps = 1;
    static constexpr unsigned at_first = 2;
    Word index;
    Word depth;
    Word source_index;
    Word source_depth;
    Word rights;
    Word badge;
};

/// A CNode: moves a capability into a slot. caps: root of the source.
struct CNodeMove {
    static constexpr Label label = Label::cnode_move;
    static constexpr unsigned caps = 1;
    static constexpr unsigned at_first = 2;
    Word index;
    Word depth;
    Word source_index;
    Word source_depth;
};

/// A CNode: CNodeMove that gives a badge or a guard. caps: root of the source.
struct CNodeMutate {
    static constexpr Label label = Label::cnode_mutate;
    static constexpr unsigned caps = 1;
    static constexpr unsigned at_first = 2;
    Word index;
    Word depth;
    Word source_index;
    Word source_depth;
    Word badge;
};

/// A CNode: moves source to pivot and pivot to the slot, at once. caps: roots of pivot and source.
struct CNodeRotate {
    static constexpr Label label = Label::cnode_rotate;
    static constexpr unsigned caps = 2;
    static constexpr unsigned at_first = 2;
    Word index;
    Word depth;
    Word badge;
    Word pivot_index;
    Word pivot_depth;
    Word pivot_badge;
    Word source_index;
    Word source_depth;
};

/// A CNode: moves the caller's reply capability into a slot (profile sel4).
struct CNodeSaveCaller {
    static constexpr Label label = Label::cnode_save_caller;
    static constexpr unsigned caps = 0;
    Word index;
    Word depth;
};

/// The interrupt control: makes the handler capability of an interrupt. caps: root of the slot.
struct IrqControlGet {
    static constexpr Label label = Label::irq_control_get;
    static constexpr unsigned caps = 1;
    Word irq;
    Word index;
    Word depth;
};

/// The interrupt control: the same with a choice of trigger. caps: root of the slot.
struct IrqControlGetTrigger {
    static constexpr Label label = Label::irq_control_get_trigger;
    static constexpr unsigned caps = 1;
    Word irq;
    Word trigger;
    Word index;
    Word depth;
};

/// An interrupt: lets it come again.
struct IrqHandlerAck {
    static constexpr Label label = Label::irq_handler_ack;
    static constexpr unsigned caps = 0;
};

/// An interrupt: what it signals. caps: the notification.
struct IrqHandlerSetNotification {
    static constexpr Label label = Label::irq_handler_set_notification;
    static constexpr unsigned caps = 1;
};

/// An interrupt: signals nothing from now on.
struct IrqHandlerClear {
    static constexpr Label label = Label::irq_handler_clear;
    static constexpr unsigned caps = 0;
};

/// The domain control: moves a thread to a domain. caps: the thread.
struct DomainSet {
    static constexpr Label label = Label::domain_set;
    static constexpr unsigned caps = 0; // a missing one is told after a bad domain
    Word domain;
};

/// The domain control: one entry of the schedule.
struct DomainScheduleConfigure {
    static constexpr Label label = Label::domain_schedule_configure;
    static constexpr unsigned caps = 0;
    Word index;
    Word domain;
    Word duration; ///< ticks; 0 with domain 0 ends the schedule
};

/// The domain control: at which entry the schedule begins.
struct DomainScheduleSetStart {
    static constexpr Label label = Label::domain_schedule_set_start;
    static constexpr unsigned caps = 0;
    Word index;
};

/// A page table: hooks it into a VSpace at the deepest level that is there. caps: VSpace.
struct PageTableMap {
    static constexpr Label label = Label::page_table_map;
    static constexpr unsigned caps = 1;
    Word vaddr;
    Word attributes;
};

/// A page table: takes it out.
struct PageTableUnmap {
    static constexpr Label label = Label::page_table_unmap;
    static constexpr unsigned caps = 0;
};

/// A frame: maps it, or changes the rights of its mapping. caps: VSpace.
struct PageMap {
    static constexpr Label label = Label::page_map;
    static constexpr unsigned caps = 1;
    Word vaddr;
    Word rights;
    Word attributes;
};

/// A frame: takes it out of the VSpace it is in, if any.
struct PageUnmap {
    static constexpr Label label = Label::page_unmap;
    static constexpr unsigned caps = 0;
};

/// A frame: answers its physical address.
struct PageGetAddress {
    static constexpr Label label = Label::page_get_address;
    static constexpr unsigned caps = 0;
    static constexpr unsigned answer = 1;
};

/// The ASID control: makes a pool of address-space identifiers from an untyped of one page.
/// caps: the untyped, root of the slot.
struct AsidControlMakePool {
    static constexpr Label label = Label::asid_control_make_pool;
    static constexpr unsigned caps = 2;
    Word index;
    Word depth;
};

/// An ASID pool: makes a page table the root of a VSpace. caps: the page table.
struct AsidPoolAssign {
    static constexpr Label label = Label::asid_pool_assign;
    static constexpr unsigned caps = 1;
};

/// Message words of invocation `I`.
template <class I>
constexpr unsigned words_of = __is_empty(I) ? 0 : sizeof(I) / 8;

/// Words, and capabilities, without which invocation `I` is truncated_message before anything else
/// is looked at. Most need all; operations on two slots look the first one up before they count
/// the rest, and say so with `at_first`.
template <class I>
constexpr unsigned words_at_first = [] {
    if constexpr (requires { I::at_first; })
        return I::at_first;
    else
        return words_of<I>;
}();
template <class I>
constexpr unsigned caps_at_first = words_at_first<I> == words_of<I> ? I::caps : 0;

/// Words that come back from invocation `I`.
template <class I>
constexpr unsigned answer_of = [] {
    if constexpr (requires { I::answer; })
        return I::answer;
    else
        return 0U;
}();

} // namespace abi
