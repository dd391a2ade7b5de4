// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Numbers of the invocations: the label of a message to an object's capability.
/// Builds for several harts have TCB_SetAffinity, and every later label is one greater there.
/// Labels are seL4's; ours start at 1024 and are the same in every build.
/// Read next: invocation.hpp.
/// @stage{1}
#pragma once

#include "kernel/abi/types.hpp"
#include "kernel/config.hpp"

namespace abi {

constexpr Word smp_shift = config::smp ? 1 : 0;

enum class Label : Word {
    untyped_retype = 1,
    tcb_read_registers = 2,
    tcb_write_registers = 3,
    tcb_copy_registers = 4,
    tcb_configure = 5,
    tcb_set_priority = 6,
    tcb_set_mc_priority = 7,
    tcb_set_sched_params = 8,
    tcb_set_ipc_buffer = 9,
    tcb_set_space = 10,
    tcb_suspend = 11,
    tcb_resume = 12,
    tcb_bind_notification = 13,
    tcb_unbind_notification = 14,
    tcb_set_affinity = config::smp ? 15 : ~Word{0}, ///< never arrives in a build for one hart
    tcb_set_tls_base = 15 + smp_shift,
    tcb_set_flags = 16 + smp_shift,
    cnode_revoke = 17 + smp_shift,
    cnode_delete = 18 + smp_shift,
    cnode_cancel_badged_sends = 19 + smp_shift,
    cnode_copy = 20 + smp_shift,
    cnode_mint = 21 + smp_shift,
    cnode_move = 22 + smp_shift,
    cnode_mutate = 23 + smp_shift,
    cnode_rotate = 24 + smp_shift,
    cnode_save_caller = 25 + smp_shift,
    irq_control_get = 26 + smp_shift,
    irq_handler_ack = 27 + smp_shift,
    irq_handler_set_notification = 28 + smp_shift,
    irq_handler_clear = 29 + smp_shift,
    domain_set = 30 + smp_shift,
    domain_schedule_configure = 31 + smp_shift,
    domain_schedule_set_start = 32 + smp_shift,
    page_table_map = 33 + smp_shift,
    page_table_unmap = 34 + smp_shift,
    page_map = 35 + smp_shift,
    page_unmap = 36 + smp_shift,
    page_get_address = 37 + smp_shift,
    asid_control_make_pool = 38 + smp_shift,
    asid_pool_assign = 39 + smp_shift,
    irq_control_get_trigger = 40 + smp_shift,
    /// @cond LAB2
    tcb_set_fault_buffer = 1027,
    /// @endcond
    /// @cond LAB3
    uintr_register_receiver = 1024,
    uintr_register_sender = 1025,
    tcb_set_sender_table = 1028,
    /// @endcond
    /// @cond LAB6
    register_async_syscall = 1026,
    async_add_frame = 1029,
    console_put_char = 1030, ///< only in rings, and in debug builds
    console_put_string = 1031,
    /// @endcond
};

/// @cond LAB6
/// Items of asynchronous calls carry the numbers of builds for several harts, whatever the build.
constexpr Word first_shifted = 15; ///< there TCB_SetAffinity
constexpr Word first_own = 1024;
constexpr Word label_in_items(Word label) {
    return label < first_shifted || label >= first_own ? label : label + 1 - smp_shift;
}
/// The label that an item's number stands for; 0, which no object knows, if there is none.
constexpr Word label_of_item(Word number) {
    if (config::smp || number < first_shifted || number >= first_own)
        return number;
    return number == first_shifted ? 0 : number - 1;
}
static_assert(label_in_items(static_cast<Word>(Label::page_map)) == 36);
static_assert(label_of_item(36) == static_cast<Word>(Label::page_map));
/// @endcond

} // namespace abi
