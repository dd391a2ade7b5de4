// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Numbers of the interface as seL4's own build has them (RISC-V 64, not MCS), written out: the
/// kernel and its user library share headers, and would agree on a wrong number too. They are
/// checked when this file is compiled, for one core and for several.
/// Read next: kernel/abi/label.hpp.
/// @stage{none}
#include "kernel/abi/boot_info.hpp"
#include "kernel/abi/error.hpp"
#include "kernel/abi/invocation.hpp"
#include "kernel/abi/object.hpp"
#include "kernel/abi/registers.hpp"
#include "kernel/abi/syscall.hpp"

#include <initializer_list>
#include <stddef.h>

namespace {

using abi::Error;
using abi::Fault;
using abi::Label;
using abi::LookupFailure;
using abi::ObjectType;
using abi::Syscall;

/// Each list begins with a number, and goes on by one.
template <class Enum>
constexpr bool count_up_from(long first, std::initializer_list<Enum> list) {
    for (const Enum value : list) {
        if (static_cast<long>(value) != first++)
            return false;
    }
    return true;
}

constexpr bool several = config::harts > 1;

static_assert(count_up_from(1, {Label::untyped_retype, Label::tcb_read_registers,
                                Label::tcb_write_registers, Label::tcb_copy_registers,
                                Label::tcb_configure, Label::tcb_set_priority,
                                Label::tcb_set_mc_priority, Label::tcb_set_sched_params,
                                Label::tcb_set_ipc_buffer, Label::tcb_set_space, Label::tcb_suspend,
                                Label::tcb_resume, Label::tcb_bind_notification,
                                Label::tcb_unbind_notification}));
static_assert(!several || count_up_from(15, {Label::tcb_set_affinity}));
static_assert(count_up_from(several ? 16 : 15, {Label::tcb_set_tls_base,
                                                Label::tcb_set_flags,
                                                Label::cnode_revoke,
                                                Label::cnode_delete,
                                                Label::cnode_cancel_badged_sends,
                                                Label::cnode_copy,
                                                Label::cnode_mint,
                                                Label::cnode_move,
                                                Label::cnode_mutate,
                                                Label::cnode_rotate,
                                                Label::cnode_save_caller,
                                                Label::irq_control_get,
                                                Label::irq_handler_ack,
                                                Label::irq_handler_set_notification,
                                                Label::irq_handler_clear,
                                                Label::domain_set,
                                                Label::domain_schedule_configure,
                                                Label::domain_schedule_set_start,
                                                Label::page_table_map,
                                                Label::page_table_unmap,
                                                Label::page_map,
                                                Label::page_unmap,
                                                Label::page_get_address,
                                                Label::asid_control_make_pool,
                                                Label::asid_pool_assign,
                                                Label::irq_control_get_trigger}));

static_assert(count_up_from(-8, {Syscall::non_blocking_receive, Syscall::yield, Syscall::reply,
                                 Syscall::receive, Syscall::non_blocking_send, Syscall::send,
                                 Syscall::reply_receive, Syscall::call}));
static_assert(count_up_from(-16, {Syscall::debug_thread_affinity, Syscall::debug_send_ipi,
                                  Syscall::debug_name_thread, Syscall::debug_snapshot,
                                  Syscall::debug_cap_identify, Syscall::debug_halt,
                                  Syscall::debug_dump_scheduler, Syscall::debug_put_char}));

static_assert(count_up_from(0,
                            {Error::none, Error::invalid_argument, Error::invalid_capability,
                             Error::illegal_operation, Error::range_error, Error::alignment_error,
                             Error::failed_lookup, Error::truncated_message, Error::delete_first,
                             Error::revoke_first, Error::not_enough_memory}));
static_assert(count_up_from(0, {LookupFailure::none, LookupFailure::invalid_root,
                                LookupFailure::missing_capability, LookupFailure::depth_mismatch,
                                LookupFailure::guard_mismatch}));
static_assert(count_up_from(0, {Fault::none, Fault::capability, Fault::unknown_syscall,
                                Fault::user_exception}));
static_assert(static_cast<int>(Fault::vm) == 5);

static_assert(count_up_from(0, {ObjectType::untyped, ObjectType::tcb, ObjectType::endpoint,
                                ObjectType::notification, ObjectType::cnode, ObjectType::giga_page,
                                ObjectType::page, ObjectType::mega_page, ObjectType::page_table}));
static_assert(abi::object_bits(ObjectType::tcb, 0) == 11);
static_assert(abi::object_bits(ObjectType::endpoint, 0) == 4);
static_assert(abi::object_bits(ObjectType::notification, 0) == 5);
static_assert(abi::object_bits(ObjectType::cnode, 3) == 8);
static_assert(abi::object_bits(ObjectType::page, 0) == 12);
static_assert(abi::object_bits(ObjectType::mega_page, 0) == 21);
static_assert(abi::object_bits(ObjectType::giga_page, 0) == 30);
static_assert(abi::object_bits(ObjectType::page_table, 0) == 12);

static_assert(abi::MessageInfo::make(1, 2, 3, 4).word == (1 << 12 | 4 << 9 | 3 << 7 | 2));
static_assert(abi::cnode_data(5, 6) == (5 << 6 | 6));
static_assert(abi::user_top == 0x3f'ffff'f000);

static_assert(offsetof(abi::IpcBuffer, message) == 8);
static_assert(offsetof(abi::IpcBuffer, user_data) == 968);
static_assert(offsetof(abi::IpcBuffer, caps_or_badges) == 976);
static_assert(offsetof(abi::IpcBuffer, receive_cnode) == 1000);
static_assert(offsetof(abi::IpcBuffer, receive_index) == 1008);
static_assert(offsetof(abi::IpcBuffer, receive_depth) == 1016);

static_assert(offsetof(abi::BootInfo, extra_length) == 0);
static_assert(offsetof(abi::BootInfo, nodes) == 16);
static_assert(offsetof(abi::BootInfo, ipc_buffer) == 32);
static_assert(offsetof(abi::BootInfo, empty) == 40);
static_assert(offsetof(abi::BootInfo, image_frames) == 72);
static_assert(offsetof(abi::BootInfo, image_page_tables) == 88);
static_assert(offsetof(abi::BootInfo, extra_frames) == 120);
static_assert(offsetof(abi::BootInfo, cnode_bits) == 136);
static_assert(offsetof(abi::BootInfo, domain) == 144);
static_assert(offsetof(abi::BootInfo, untyped) == 152);
static_assert(offsetof(abi::BootInfo, untypeds) == 168);

static_assert(offsetof(abi::UserContext, gp) == 24);
static_assert(offsetof(abi::UserContext, s0) == 32);
static_assert(offsetof(abi::UserContext, a0) == 128);
static_assert(offsetof(abi::UserContext, t0) == 192);
static_assert(offsetof(abi::UserContext, tp) == 248);

} // namespace
