// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Every invocation of threads, notifications and interrupts, by trap and through a ring.
/// @stage{6}
#include "user/tests/async_twins.hpp"

namespace {

void write_registers(Way& way, CPtr tcb, Word flags, Word count, unsigned given, Word seed) {
    std::array<Word, 2 + abi::user_context_words> words = {flags, count};
    for (unsigned i = 2; i < words.size(); i++)
        words[i] = seed + i;
    way.raw(tcb, static_cast<Word>(abi::Label::tcb_write_registers),
            std::span(words).first(2 + given));
}

/// Calls that answer what state a thread is in.
void show(Way& way, CPtr tcb) {
    way(tcb, abi::TcbReadRegisters{0, abi::user_context_words});
    way(tcb, abi::TcbSetFlags{0, 0});
}

} // namespace

TEST("async: twins of a thread: registers") {
    twins([](Way& way) {
        const CPtr tcb = bare_thread();
        const CPtr other = bare_thread();
        way.truncated(tcb, abi::TcbReadRegisters{0, 1});
        way.truncated(tcb, abi::TcbCopyRegisters{0}, other);
        way.other_labels(tcb, {abi::Label::page_map, abi::Label::irq_handler_ack});
        for (const Word count : {Word{0}, Word{1}, Word{4}, Word{32}, Word{33}, ~Word{0}})
            way(tcb, abi::TcbReadRegisters{1, count});
        way(own_thread(), abi::TcbReadRegisters{0, 1});
        for (const unsigned given : {0U, 1U, 5U, 32U})
            for (const Word count : {Word{0}, Word{5}, Word{32}, Word{33}})
                write_registers(way, tcb, 0, count, given, count * 1000 + given);
        write_registers(way, own_thread(), 0, 1, 1, 0);
        show(way, tcb);
        for (Word flags = 0; flags < 16; flags += 4) {
            write_registers(way, tcb, 0, 32, 32, flags * 100);
            way(other, abi::TcbCopyRegisters{flags}, tcb);
            show(way, other);
        }
        way(other, abi::TcbCopyRegisters{0}, own_cnode);
        way(tcb, abi::TcbSetTlsBase{0x1234});
        way.truncated(tcb, abi::TcbSetTlsBase{0});
        way.truncated(tcb, abi::TcbSetFlags{0, 0});
        way(tcb, abi::TcbSetFlags{0, ~Word{0}});
        way(tcb, abi::TcbSetFlags{1, 0});
        show(way, tcb);
    });
}

TEST("async: twins of a thread: spaces and buffers") {
    const CPtr frame = make(ObjectType::page);
    twins([=](Way& way) {
        const CPtr tcb = bare_thread();
        const CPtr table = make(ObjectType::page_table);
        const CPtr notification = make(ObjectType::notification);
        const CPtr read_only = copy_of(frame, abi::read);
        const abi::TcbConfigure right{0, 0, 0, 1024};
        way.truncated(tcb, right, own_cnode, abi::root_vspace, frame);
        way.truncated(tcb, abi::TcbSetSpace{0, 0, 0}, own_cnode, abi::root_vspace);
        way.truncated(tcb, abi::TcbSetIpcBuffer{0}, frame);
        way(tcb, right, own_cnode, abi::root_vspace, frame);
        for (const CPtr wrong : {CPtr{0}, frame, used_untyped(), tcb, table}) {
            way(tcb, right, wrong, abi::root_vspace, frame);
            way(tcb, right, own_cnode, wrong, frame);
            way(tcb, right, own_cnode, abi::root_vspace, wrong);
            way(tcb, abi::TcbSetSpace{0, 0, 0}, wrong, abi::root_vspace);
            way(tcb, abi::TcbSetSpace{0, 0, 0}, own_cnode, wrong);
            way(tcb, abi::TcbSetIpcBuffer{1024}, wrong);
        }
        way(tcb, abi::TcbConfigure{0, 0, 0, 8}, own_cnode, abi::root_vspace, frame);
        way(tcb, abi::TcbConfigure{0, abi::cnode_data(0, 63), 0, 0}, own_cnode, abi::root_vspace,
            frame);
        way(tcb, abi::TcbSetSpace{5, 0, 0}, own_cnode, abi::root_vspace);
        way(tcb, abi::TcbSetIpcBuffer{0}, tcb);
        way(tcb, abi::TcbSetIpcBuffer{3}, frame);
        way(tcb, abi::TcbSetIpcBuffer{2048}, frame);
        for (const CPtr one : {frame, read_only, notification, CPtr{0}, device_frame()})
            way(tcb, abi::TcbSetFaultBuffer{}, one, notification);
        for (const CPtr one : {frame, copy_of(notification, abi::read), CPtr{0}})
            way(tcb, abi::TcbSetFaultBuffer{}, frame, one);
        way.truncated(tcb, abi::TcbSetFaultBuffer{}, frame, notification);
        for (const CPtr one : {CPtr{0}, frame, CPtr{own_cnode}})
            way(tcb, abi::TcbSetSenderTable{}, one, frame);
        way.truncated(tcb, abi::TcbSetSenderTable{}, frame, frame);
    });
}

TEST("async: twins of a thread: priorities, binding, going and stopping") {
    twins([](Way& way) {
        const CPtr tcb = bare_thread();
        const CPtr weak = bare_thread();
        const CPtr notification = make(ObjectType::notification);
        const CPtr other = make(ObjectType::notification);
        way.truncated(tcb, abi::TcbSetPriority{1}, tcb);
        way.truncated(tcb, abi::TcbSetMcPriority{1}, tcb);
        way.truncated(tcb, abi::TcbSetSchedParams{1, 1}, tcb);
        for (const CPtr authority : {own_thread(), weak, CPtr{0}, notification}) {
            for (const Word priority : {Word{0}, Word{100}, Word{255}, Word{256}, ~Word{0}}) {
                way(tcb, abi::TcbSetPriority{priority}, authority);
                way(tcb, abi::TcbSetMcPriority{priority}, authority);
                way(tcb, abi::TcbSetSchedParams{priority, 7}, authority);
                way(tcb, abi::TcbSetSchedParams{7, priority}, authority);
            }
        }
        way(tcb, abi::TcbUnbindNotification{});
        way.truncated(tcb, abi::TcbBindNotification{}, notification);
        for (const CPtr one :
             {CPtr{0}, weak, copy_of(other, abi::write), notification, other, notification})
            way(tcb, abi::TcbBindNotification{}, one);
        way(weak, abi::TcbBindNotification{}, notification);
        way(tcb, abi::TcbUnbindNotification{});
        way(weak, abi::TcbBindNotification{}, notification);
        for (const Word hart : {Word{0}, Word{64}, ~Word{0}})
            way.raw(tcb, 15, std::array{hart}); // TCB_SetAffinity, or TCB_SetTLSBase
        way(tcb, abi::TcbSuspend{});
        way(tcb, abi::TcbSetPriority{0}, own_thread());
        way(tcb, abi::TcbResume{});
        way(tcb, abi::TcbSuspend{});
        show(way, tcb);
    });
}

TEST("async: twins of notifications") {
    twins([](Way& way) {
        const CPtr notification = make(ObjectType::notification);
        const CPtr one = badged(notification, 1);
        const CPtr two = badged(notification, 2, abi::write);
        const CPtr silent = badged(notification, 4, abi::read);
        for (const CPtr each : {one, two, silent, notification}) {
            way.raw(each, 0, {});
            way.raw(each, 999, std::array<Word, 3>{});
            way.note(poll(notification));
        }
        if (user_interrupts().receivers == 0)
            return;
        const CPtr tcb = bare_thread();
        const CPtr control = user_interrupts().control;
        const CPtr badges = make(ObjectType::page);
        way.truncated(notification, abi::UintrRegisterReceiver{}, tcb, control, badges);
        for (const CPtr wrong : {CPtr{0}, one}) {
            way(notification, abi::UintrRegisterReceiver{}, wrong, control, badges);
            way(notification, abi::UintrRegisterReceiver{}, tcb, wrong, badges);
            way(notification, abi::UintrRegisterReceiver{}, tcb, control, wrong);
        }
        way(two, abi::UintrRegisterReceiver{}, tcb, control, badges);
        way(one, abi::UintrRegisterSender{});
        way(notification, abi::UintrRegisterReceiver{}, tcb, control, badges);
        way(notification, abi::UintrRegisterReceiver{}, tcb, control, badges);
        way(one, abi::UintrRegisterSender{});
        need_sender_table();
        way(silent, abi::UintrRegisterSender{});
        way(one, abi::UintrRegisterSender{});
        way(two, abi::UintrRegisterSender{});
        way(one, abi::UintrRegisterSender{});
        expect_success("no table", set_sender_table(own_thread(), 0));
    });
}

TEST("async: twins of interrupts and of what has no invocations") {
    twins([](Way& way) {
        constexpr Word irq = 60;
        const CPtr slot = empty_slot();
        const CPtr notification = make(ObjectType::notification);
        const CPtr control = abi::irq_control;
        way.truncated(control, abi::IrqControlGet{irq, slot, 64}, own_cnode);
        way.truncated(control, abi::IrqControlGetTrigger{irq, 0, slot, 64}, own_cnode);
        way.other_labels(control, {abi::Label::irq_handler_ack, abi::Label::page_map});
        for (const Word number : {Word{0}, Word{96}, Word{97}, Word{98}, Word{99}, Word{1000}})
            way(control, abi::IrqControlGet{number, slot, 64}, own_cnode);
        for (const Word depth : {Word{0}, Word{1}, Word{65}})
            way(control, abi::IrqControlGet{irq, slot, depth}, own_cnode);
        way(control, abi::IrqControlGet{irq, notification, 64}, own_cnode);
        way(control, abi::IrqControlGet{irq, slot, 64}, notification);
        way(control, abi::IrqControlGetTrigger{irq, 1, slot, 64}, own_cnode);
        way(control, abi::IrqControlGet{irq, slot, 64}, own_cnode);
        way(control, abi::IrqControlGet{irq, slot, 64}, own_cnode);
        way.truncated(slot, abi::IrqHandlerSetNotification{}, notification);
        for (const CPtr one : {CPtr{0}, slot, copy_of(notification, abi::read), notification})
            way(slot, abi::IrqHandlerSetNotification{}, one);
        way(slot, abi::IrqHandlerAck{});
        way(slot, abi::IrqHandlerClear{});
        way(slot, abi::IrqHandlerClear{});
        way.other_labels(slot, {abi::Label::irq_control_get});
        way(own_cnode, abi::CNodeDelete{slot, 64});
        for (const CPtr one :
             {CPtr{0}, empty_slot(), make(ObjectType::sender_table), user_interrupts().control})
            way.other_labels(one, {abi::Label::untyped_retype, abi::Label::page_map});
    });
}

/// @cond NONE
TEST("async: twins of the domain control") {
    twins([](Way& way) {
        const CPtr control = abi::domain_control;
        const CPtr tcb = bare_thread();
        const auto set = static_cast<Word>(abi::Label::domain_set);
        for (const Word domain : {Word{0}, Word{config::domains}, ~Word{0}}) {
            way.raw(control, set, {});
            way.raw(control, set, std::array{domain});
            for (const CPtr one : {CPtr{0}, control, tcb})
                way.raw(control, set, std::array{domain}, std::array{one});
        }
        way.truncated(control, abi::DomainScheduleConfigure{0, 0, 0});
        way.truncated(control, abi::DomainScheduleSetStart{0});
        for (const Word word : {Word{1} << 20, ~Word{0}}) {
            way(control, abi::DomainScheduleConfigure{word, 0, 1});
            way(control, abi::DomainScheduleConfigure{0, word, 1});
            way(control, abi::DomainScheduleSetStart{word});
        }
        way(control, abi::DomainScheduleConfigure{0, 0, ~Word{0}});
        way(control, abi::DomainScheduleConfigure{0, 0, 0});
        way(control, abi::DomainScheduleConfigure{0, 0, abi::mask(56)});
        way(control, abi::DomainScheduleSetStart{0});
        way.other_labels(control, {abi::Label::page_map});
    });
}
/// @endcond
