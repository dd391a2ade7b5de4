// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Interrupts: IRQControl and IRQHandler with every error in order, and a real interrupt.
/// Read next: irq.hpp.
/// @stage{2}
#include "user/tests/irq.hpp"
#include "user/tests/cnode.hpp"
/// @cond LAB3
#include "user/tests/uintr.hpp"
/// @endcond

namespace {

/// An interrupt that no device of the test uses, and one beyond the last.
constexpr Word quiet_irq = 60;
constexpr Word no_irq = 1000;
constexpr Word last_irq = 95;
constexpr Word greatest_irq = last_irq + (config::smp ? 3 : 1);

} // namespace

TEST("irq: getting a handler with a short message is truncated") {
    expect_truncated(abi::irq_control, abi::IrqControlGet{no_irq, 0, 0}, own_cnode);
}

TEST("irq: there are interrupts from 1 on, which is told before the slot is looked at") {
    for (const Word irq : {Word{0}, Word{200}, no_irq, Word{0xfff}, ~Word{0}})
        expect_error("no such interrupt", Error::range_error, get(irq, 0, 0, 0), {1, greatest_irq});
    for (Word irq = last_irq + 1; irq <= greatest_irq; irq++)
        expect_error("the kernel's own", Error::revoke_first, get(irq, 0, 0, 0));
    Word last = last_irq;
    /// @cond LAB3
    if (user_interrupts().wakes != 0) // that one is the kernel's own too
        expect_error("of sleepers", Error::revoke_first, get(last--, 0, 0, 0));
    /// @endcond
    for (const Word irq : {Word{1}, last})
        expect_success("the first and the last", get(irq, empty_slot()));
}

TEST("irq: an interrupt has one handler, which is told before the slot is looked at") {
    const CPtr handler = handler_of(quiet_irq);
    expect_error("again", Error::revoke_first, get(quiet_irq, empty_slot()));
    expect_error("whatever the slot", Error::revoke_first, get(quiet_irq, 0, 0, 0));
    expect_success("delete", cap_delete(handler));
    expect_success("now again", get(quiet_irq, handler));
}

TEST("irq: a handler goes into an empty slot that is found") {
    const CPtr slot = empty_slot();
    expect_error("no CNode", Error::failed_lookup,
                 get(quiet_irq, slot, full_depth, abi::root_vspace),
                 {of_destination, invalid_root});
    for (const Word depth : {Word{0}, Word{65}})
        expect_error("depth", Error::range_error, get(quiet_irq, slot, depth), {1, 64});
    expect_error("taken", Error::delete_first, get(quiet_irq, own_cnode));
    expect_success("and nothing was issued yet", get(quiet_irq, slot));
}

TEST("irq: the trigger cannot be chosen here, which is told after the length") {
    const abi::IrqControlGetTrigger message{no_irq, 0, 0, 0};
    expect_truncated(abi::irq_control, message, own_cnode);
    expect_error("trigger", Error::illegal_operation, invoke(abi::irq_control, message, own_cnode));
    expect_error("of one that exists", Error::illegal_operation,
                 invoke(abi::irq_control,
                        abi::IrqControlGetTrigger{quiet_irq, 1, empty_slot(), full_depth},
                        own_cnode));
}

TEST("irq: a copy of a handler keeps the interrupt issued") {
    const CPtr handler = handler_of(quiet_irq);
    const CPtr copied = empty_slot();
    expect_success("copy", cap_copy(handler, copied));
    expect_success("delete", cap_delete(handler));
    expect_error("it is issued", Error::revoke_first, get(quiet_irq, handler));
    expect_success("the copy works", acknowledge(copied));
    expect_success("delete the copy", cap_delete(copied));
    expect_success("issue again", get(quiet_irq, handler));
}

TEST("irq: revoking the control deletes the handlers") {
    const CPtr handler = handler_of(quiet_irq);
    const CPtr copied = empty_slot();
    expect_success("copy", cap_copy(handler, copied));
    expect_success("revoke", cap_revoke(abi::irq_control));
    expect("they are gone", empty(handler) && empty(copied));
    expect_success("issue again", get(quiet_irq, handler));
}

TEST("irq: a handler signals a notification that may be signalled") {
    const CPtr handler = handler_of(quiet_irq);
    const CPtr plain = make(ObjectType::notification);
    expect_truncated(handler, abi::IrqHandlerSetNotification{}, plain);
    for (const CPtr wrong : {empty_slot(), own_cnode, handler})
        expect_error("no notification", Error::invalid_capability, set_notification(handler, wrong),
                     {0});
    expect_error("the right to wait only", Error::invalid_capability,
                 set_notification(handler, badged(plain, 1, abi::Rights::read)), {0});
    expect_success("the right to signal",
                   set_notification(handler, badged(plain, 1, abi::Rights::write)));
    expect_success("another", set_notification(handler, plain));
}

TEST("irq: clearing and acknowledging succeed, whether there was anything") {
    const CPtr handler = handler_of(quiet_irq);
    expect_success("clear nothing", invoke(handler, abi::IrqHandlerClear{}));
    expect_success("acknowledge nothing", acknowledge(handler));
    expect_success("set", set_notification(handler, make(ObjectType::notification)));
    expect_success("clear", invoke(handler, abi::IrqHandlerClear{}));
    expect_success("clear again", invoke(handler, abi::IrqHandlerClear{}));
}

TEST("irq: other labels are illegal operations") {
    expect_no_other_labels(abi::irq_control,
                           {abi::Label::irq_handler_ack, abi::Label::untyped_retype});
    expect_no_other_labels(
        handler_of(quiet_irq),
        {abi::Label::irq_control_get, abi::Label::irq_control_get_trigger, abi::Label::page_map});
}

TEST("irq: a device's interrupt arrives as a signal with its badge") {
    if (!has_uart())
        return;
    const Source source;
    expect_equal("nothing yet", 0, poll(source.notification));
    Source::raise();
    expect_equal("badge", Source::badge, wait(source.notification));
}

TEST("irq: after an interrupt no other comes until it is acknowledged") {
    if (!has_uart())
        return;
    const Source source;
    for (unsigned i = 0; i < 3; i++) {
        Source::raise();
        expect("the interrupt", source.comes());
        Source::raise();
        expect("masked", !source.comes());
        expect_success("acknowledge", acknowledge(source.handler));
        expect("the one that waited", source.comes());
        set_uart_interrupts(0);
        expect_success("acknowledge", acknowledge(source.handler));
        expect("no more", !source.comes());
    }
}

TEST("irq: a driver's thread is woken by each of many interrupts") {
    if (!has_uart())
        return;
    const Source source;
    Word count = 0;
    user::Thread driver;
    const auto body = [&] {
        while (count < 50) {
            wait(source.notification);
            count++;
            set_uart_interrupts(0);
            acknowledge(source.handler);
            set_uart_interrupts(2);
        }
    };
    start(driver, above, body);
    Source::raise();
    driver.join();
    expect_equal("interrupts", 50, count);
}

TEST("irq: the notification can be changed between interrupts") {
    if (!has_uart())
        return;
    const Source source;
    const CPtr other = make(ObjectType::notification);
    Source::raise();
    expect("the first", source.comes());
    expect_success("another", set_notification(source.handler, badged(other, 3)));
    expect_success("acknowledge", acknowledge(source.handler));
    Source::raise();
    expect_equal("the other", 3, wait(other));
    expect_equal("not the first", 0, poll(source.notification));
}

TEST("irq: without a notification an interrupt is lost, but comes again after Ack") {
    if (!has_uart())
        return;
    const Source source;
    expect_success("clear", invoke(source.handler, abi::IrqHandlerClear{}));
    Source::raise();
    expect("no signal", !source.comes());
    expect_success("set", set_notification(source.handler, badged(source.notification, 0x40)));
    expect_success("acknowledge", acknowledge(source.handler));
    Source::raise();
    expect("signalled", source.comes());
}

TEST("irq: the handler has a capability of its own, which can be revoked") {
    if (!has_uart())
        return;
    const Source source;
    const CPtr given = badged(source.notification, 0x40);
    expect_success("set", set_notification(source.handler, given));
    expect_success("delete", cap_delete(given));
    Source::raise();
    expect("it signals", source.comes());
    expect_success("revoke", cap_revoke(source.notification));
    expect_success("acknowledge", acknowledge(source.handler));
    Source::raise();
    expect("nothing", !source.comes());
}

TEST("irq: a deleted handler's interrupt comes no more, and the next one's does") {
    if (!has_uart())
        return;
    Source source;
    Source::raise();
    expect("the interrupt", source.comes());
    expect_success("delete", cap_delete(source.handler));
    Source::raise();
    expect("none", !source.comes());
    set_uart_interrupts(0);
    expect_success("issue again", get(uart_irq(), source.handler));
    expect_success("set", set_notification(source.handler, badged(source.notification, 0x40)));
    Source::raise();
    expect("the next", source.comes());
}
