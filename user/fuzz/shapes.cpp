// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The table of sensible invocations.
/// @stage{none}
#include "user/fuzz/shapes.hpp"

namespace fuzz {

using abi::Label;

constinit const Shape shapes[shape_count] = {
    {"retype", Label::untyped_retype, Kind::untyped, "tz00en", "c"},
    {"retype near", Label::untyped_retype, Kind::untyped, "tzsden", "c"},
    {"read registers", Label::tcb_read_registers, Kind::tcb, "fk", ""},
    {"write registers", Label::tcb_write_registers, Kind::tcb, "fkvvxxxxxxxx", ""},
    {"copy registers", Label::tcb_copy_registers, Kind::tcb, "f", "t"},
    {"configure", Label::tcb_configure, Kind::tcb, "sbbv", "cvf"},
    {"set priority", Label::tcb_set_priority, Kind::tcb, "p", "t"},
    {"set greatest priority", Label::tcb_set_mc_priority, Kind::tcb, "p", "t"},
    {"set scheduling", Label::tcb_set_sched_params, Kind::tcb, "pp", "t"},
    {"set buffer", Label::tcb_set_ipc_buffer, Kind::tcb, "v", "f"},
    {"set space", Label::tcb_set_space, Kind::tcb, "sbb", "cv"},
    {"suspend", Label::tcb_suspend, Kind::tcb, "", ""},
    {"resume", Label::tcb_resume, Kind::tcb, "", ""},
    {"bind", Label::tcb_bind_notification, Kind::tcb, "", "n"},
    {"unbind", Label::tcb_unbind_notification, Kind::tcb, "", ""},
    {"set affinity", Label::tcb_set_affinity, Kind::tcb, "h", ""},
    {"set TLS base", Label::tcb_set_tls_base, Kind::tcb, "v", ""},
    {"set flags", Label::tcb_set_flags, Kind::tcb, "ff", ""},
    {"set fault buffer", Label::tcb_set_fault_buffer, Kind::tcb, "", "fn"},
    {"revoke", Label::cnode_revoke, Kind::cnode, "sd", ""},
    {"delete", Label::cnode_delete, Kind::cnode, "sd", ""},
    {"cancel badged sends", Label::cnode_cancel_badged_sends, Kind::cnode, "sd", ""},
    {"copy", Label::cnode_copy, Kind::cnode, "edsdr", "c"},
    {"copy again", Label::cnode_copy, Kind::cnode, "edsdr", "c"},
    {"mint", Label::cnode_mint, Kind::cnode, "edsdrb", "c"},
    {"move", Label::cnode_move, Kind::cnode, "edsd", "c"},
    {"mutate", Label::cnode_mutate, Kind::cnode, "edsdb", "c"},
    {"rotate", Label::cnode_rotate, Kind::cnode, "edbsdbsd", "cc"},
    {"save caller", Label::cnode_save_caller, Kind::cnode, "ed", ""},
    {"ack", Label::irq_handler_ack, Kind::irq_handler, "", ""},
    {"set notification", Label::irq_handler_set_notification, Kind::irq_handler, "", "n"},
    {"clear notification", Label::irq_handler_clear, Kind::irq_handler, "", ""},
    {"set domain", Label::domain_set, Kind::domain, "0", "t"},
    {"configure schedule", Label::domain_schedule_configure, Kind::domain, "h0n", ""},
    {"map table", Label::page_table_map, Kind::table, "v0", "v"},
    {"unmap table", Label::page_table_unmap, Kind::table, "", ""},
    {"map", Label::page_map, Kind::frame, "vr0", "v"},
    {"unmap", Label::page_unmap, Kind::frame, "", ""},
    {"address", Label::page_get_address, Kind::frame, "", ""},
    {"make pool", Label::asid_control_make_pool, Kind::asid_control, "ed", "uc"},
    {"assign", Label::asid_pool_assign, Kind::asid_pool, "", "v"},
    {"set sender table", Label::tcb_set_sender_table, Kind::tcb, "", "s"},
    {"register receiver", Label::uintr_register_receiver, Kind::notification, "", "tif"},
    {"register sender", Label::uintr_register_sender, Kind::notification, "", ""},
    {"add frame", Label::async_add_frame, Kind::registration, "", "f"},
    {"register calls", Label::register_async_syscall, Kind::registration, "ll", "n"},
    {"signal or send", static_cast<Label>(0), Kind::notification, "xx", ""},
};

const char* text(Kind kind) {
    static constexpr const char* texts[kinds] = {
        "nothing",     "untyped", "thread",       "endpoint",      "notification",
        "cnode",       "frame",   "table",        "asid control",  "asid pool",
        "irq handler", "domain",  "sender table", "uintr control", "registration",
    };
    return texts[static_cast<unsigned>(kind)];
}

Kind kind_of(abi::ObjectType type) {
    switch (type) {
    case abi::ObjectType::untyped:
        return Kind::untyped;
    case abi::ObjectType::tcb:
        return Kind::tcb;
    case abi::ObjectType::endpoint:
        return Kind::endpoint;
    case abi::ObjectType::notification:
        return Kind::notification;
    case abi::ObjectType::cnode:
        return Kind::cnode;
    case abi::ObjectType::giga_page:
    case abi::ObjectType::page:
    case abi::ObjectType::mega_page:
        return Kind::frame;
    case abi::ObjectType::page_table:
        return Kind::table;
    case abi::ObjectType::sender_table:
        return Kind::sender_table;
    case abi::ObjectType::async_registration:
        return Kind::registration;
    }
    return Kind::none;
}

Kind kind_of(char letter) {
    switch (letter) {
    case 'c':
        return Kind::cnode;
    case 'u':
        return Kind::untyped;
    case 't':
        return Kind::tcb;
    case 'f':
        return Kind::frame;
    case 'v':
        return Kind::table;
    case 'n':
        return Kind::notification;
    case 's':
        return Kind::sender_table;
    case 'i':
        return Kind::uintr_control;
    default:
        return Kind::none;
    }
}

} // namespace fuzz
