// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See scene.hpp.

#include "platform/tests/lib/scene.hpp"

#include "platform/tests/lib/environment.hpp"

alignas(4096) constinit SenderTable table = {};
constinit SenderTable other_table = {};

namespace {

uint64_t reset_machine_bits(uint64_t) {
    csr::clear<csr::mip>(user_irqs);
    csr::write<csr::mie>(0);
    csr::clear<csr::mstatus>(status::mie);
    return 0;
}

void clear(SenderTable& senders) {
    for (uint64_t i = 0; i < 2 * SenderTable::per_page; i++)
        senders.entries[i] = 0;
    asm volatile("fence w, rw" : : : "memory");
}

void reset_receivers(const Uintc& uintc) {
    for (uint64_t i = 0; i < uintc.receivers; i++) {
        uintc.receiver(i).write_low(0);
        uintc.receiver(i).take();
    }
}

} // namespace

void reset_own_registers() {
    csr::write<csr::suist>(0);
    csr::write<csr::suirs>(0);
    csr::clear<csr::sstatus>(status::sie);
    csr::write<csr::sie>(0);
    csr::clear<csr::sip>(usi | uei | bit(irq::supervisor_software));
    csr::write<csr::sideleg>(0);
    csr::write<csr::sedeleg>(0);
    csr::write<csr::ustatus>(0);
    csr::write<csr::utvec>(0);
    if (environment::has_machine_mode)
        environment::call_in_machine_mode(reset_machine_bits);
    this_hart().traps = {};
}

void reset_user_interrupts() {
    if (!board.uintc.present())
        return;
    reset_own_registers();
    reset_receivers(board.uintc);
    clear(table);
    clear(other_table);
}

void delegate(uint64_t irqs) {
    csr::set<csr::sideleg>(irqs);
    csr::set<csr::sie>(irqs);
}

void let_user_take(uint64_t irqs) {
    delegate(irqs);
    csr::set<csr::ustatus>(status::uie);
}

Receiver own_receiver(uint64_t index) {
    const Receiver receiver = board.uintc.receiver(index);
    receiver.write_low(low::active | low::mode | low::hart(this_hart().id));
    csr::write<csr::suirs>(suirs::enable | index);
    return receiver;
}

void use_table(const SenderTable& senders, uint64_t pages) {
    csr::write<csr::suist>(senders.suist(pages));
}
