// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A real interrupt for tests: that of the UART whose transmitter is empty. The console never uses
/// it.
///
///     UART --line--> PLIC --> kernel: masks, signals --> test: silences, Ack
///
/// Read next: irq.cpp.
/// @stage{2}
#pragma once

#include "platform/tests/lib/device_tree.hpp"
#include "user/lib/boot_info.hpp"
#include "user/tests/threads.hpp"

inline Result get(Word irq, CPtr slot, Word depth = full_depth, CPtr root = own_cnode) {
    return invoke(abi::irq_control, abi::IrqControlGet{irq, slot, depth}, root);
}

inline CPtr handler_of(Word irq, const Place& place = Place::current()) {
    const CPtr slot = empty_slot();
    expect_success("a handler", get(irq, slot), place);
    return slot;
}

inline Result set_notification(CPtr handler, CPtr notification) {
    return invoke(handler, abi::IrqHandlerSetNotification{}, notification);
}

inline Result acknowledge(CPtr handler) { return invoke(handler, abi::IrqHandlerAck{}); }

/// The UART's interrupt number; 0 if there is no UART.
inline Word uart_irq() {
    const std::span<const uint8_t> blob = user::boot_record(abi::extra_device_tree);
    const DeviceTree tree{blob.data()};
    const Node uart = tree.compatible("ns16550a");
    return console::uart() == 0 ? 0 : uart.property("interrupts").cell(0);
}

/// The interrupt enable register of the UART: bit 1 is for an empty transmitter.
inline void set_uart_interrupts(uint8_t enabled) {
    *reinterpret_cast<volatile uint8_t*>(console::uart() + 1) = enabled;
}

/// The UART as a source of interrupts; silent again at its end.
struct Source {
    static constexpr Word badge = 0x40;
    CPtr notification = make(ObjectType::notification);
    CPtr handler = 0;

    Source() {
        set_uart_interrupts(0);
        handler = handler_of(uart_irq());
        expect_success("notification", set_notification(handler, badged(notification, badge)));
    }
    ~Source() { set_uart_interrupts(0); }
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;

    /// Interrupts once.
    static void raise() {
        set_uart_interrupts(0);
        set_uart_interrupts(2);
    }
    /// True if an interrupt comes that can come only now. It takes no time: the line is up already.
    [[nodiscard]] bool comes() const {
        Word got = 0;
        for (unsigned i = 0; i < 100 && got == 0; i++) {
            run_equals(as_test, 1);
            got = poll(notification);
        }
        return got == badge;
    }
};

inline bool has_uart() {
    if (uart_irq() != 0)
        return true;
    skip("there is no UART");
    return false;
}
