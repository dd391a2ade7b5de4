// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Every field of every user-interrupt register: which bits exist, which of them are views of
/// the same bit elsewhere, and who may write them. Seen from S- and M-mode; access rights are in
/// access.cpp. Reference: N extension draft 1.1; UINTC of Tian Kaifu.

#include "platform/tests/lib/scene.hpp"
#include "platform/tests/lib/test.hpp"

namespace {

using csr::write_and_read;
using environment::call_in_machine_mode;

constexpr uint64_t each_irq[] = {usi, uti, uei};
constexpr uint64_t delegable_exceptions = 0xB1FF; // 0-8, 12, 13, 15: what U-mode can raise

template <unsigned number>
uint64_t machine_read(uint64_t) {
    return csr::read<number>();
}

template <unsigned number>
uint64_t machine_write(uint64_t value) {
    return write_and_read<number>(value);
}

template <unsigned number>
void expect_64_bits(const char* name) {
    constexpr uint64_t values[] = {all_ones, 0, 0xAAAA'AAAA'5555'5555};
    for (const uint64_t value : values)
        expect_equal(name, value, write_and_read<number>(value));
}

} // namespace

CASE(ustatus_holds_uie_and_upie) {
    expect_equal("ones", status::uie | status::upie, write_and_read<csr::ustatus>(all_ones));
    expect_equal("UIE", status::uie, write_and_read<csr::ustatus>(status::uie));
    expect_equal("UPIE", status::upie, write_and_read<csr::ustatus>(status::upie));
    expect_equal("zero", 0, write_and_read<csr::ustatus>(0));
}

CASE(sstatus_has_uie_and_upie_at_the_same_bits) {
    constexpr uint64_t both = status::uie | status::upie;
    csr::write<csr::ustatus>(status::upie);
    expect_equal("written in ustatus", status::upie, csr::read<csr::sstatus>() & both);
    csr::clear<csr::sstatus>(status::upie);
    csr::set<csr::sstatus>(status::uie);
    expect_equal("written in sstatus", status::uie, csr::read<csr::ustatus>());
}

CASE(mstatus_has_uie_and_upie_at_the_same_bits, Needs::machine_mode) {
    constexpr uint64_t both = status::uie | status::upie;
    csr::write<csr::ustatus>(both);
    expect_equal("written in ustatus", both,
                 call_in_machine_mode(machine_read<csr::mstatus>) & both);
    call_in_machine_mode(
        [](uint64_t bits) {
            csr::clear<csr::mstatus>(bits);
            return uint64_t{0};
        },
        status::uie);
    expect_equal("written in mstatus", status::upie, csr::read<csr::ustatus>());
}

CASE(uie_holds_usie_utie_and_ueie) {
    csr::write<csr::sideleg>(user_irqs);
    expect_equal("ones", user_irqs, write_and_read<csr::uie>(all_ones));
    for (const uint64_t irq : each_irq)
        expect_equal("one", irq, write_and_read<csr::uie>(irq));
}

CASE(sie_and_uie_share_their_bits) {
    csr::write<csr::sideleg>(user_irqs);
    csr::write<csr::sie>(user_irqs);
    expect_equal("written in sie", user_irqs, csr::read<csr::uie>());
    csr::write<csr::uie>(uti);
    expect_equal("written in uie", uti, csr::read<csr::sie>());
}

CASE(mie_and_uie_share_their_bits, Needs::machine_mode) {
    csr::write<csr::sideleg>(user_irqs);
    csr::write<csr::uie>(usi | uei);
    expect_equal("written in uie", usi | uei,
                 call_in_machine_mode(machine_read<csr::mie>) & user_irqs);
    call_in_machine_mode(machine_write<csr::mie>, uti);
    expect_equal("written in mie", uti, csr::read<csr::uie>());
}

CASE(uie_shows_and_writes_only_what_sideleg_delegates) {
    constexpr uint64_t settings[] = {0, usi, uti, uei, usi | uei};
    csr::write<csr::sie>(user_irqs);
    for (const uint64_t delegated : settings) {
        concerning("sideleg", delegated);
        csr::write<csr::sideleg>(delegated);
        expect_equal("shown", delegated, csr::read<csr::uie>());
        csr::write<csr::uie>(0);
        expect_equal("left in sie", user_irqs & ~delegated, csr::read<csr::sie>());
        csr::write<csr::uie>(all_ones);
        expect_equal("set in sie", user_irqs, csr::read<csr::sie>());
    }
}

CASE(writing_uie_leaves_the_other_bits_of_sie) {
    constexpr uint64_t ssi = bit(irq::supervisor_software);
    csr::write<csr::sideleg>(user_irqs);
    csr::write<csr::sie>(ssi);
    expect_equal("uie", 0, csr::read<csr::uie>());
    csr::write<csr::uie>(all_ones);
    expect_equal("sie", ssi | user_irqs, csr::read<csr::sie>());
    csr::write<csr::uie>(0);
    expect_equal("sie", ssi, csr::read<csr::sie>());
}

CASE(utvec_holds_a_base_and_mode_0_or_1) {
    expect_equal("direct", 0x8000'1234, write_and_read<csr::utvec>(0x8000'1234));
    expect_equal("vectored", 0x8000'1001, write_and_read<csr::utvec>(0x8000'1001));
    expect_equal("high bits", ~uint64_t{3}, write_and_read<csr::utvec>(~uint64_t{3}));
}

CASE(utvec_keeps_its_value_when_a_reserved_mode_is_written) {
    csr::write<csr::utvec>(0x8000'1001);
    expect_equal("mode 2", 0x8000'1001, write_and_read<csr::utvec>(0x8000'2002));
    expect_equal("mode 3", 0x8000'1001, write_and_read<csr::utvec>(0x8000'2003));
}

CASE(uscratch_holds_64_bits) { expect_64_bits<csr::uscratch>("uscratch"); }

CASE(utval_holds_64_bits) { expect_64_bits<csr::utval>("utval"); }

CASE(uepc_holds_all_bits_but_bit_0) {
    expect_equal("ones", ~uint64_t{1}, write_and_read<csr::uepc>(all_ones));
    expect_equal("two", 2, write_and_read<csr::uepc>(3));
    expect_equal("zero", 0, write_and_read<csr::uepc>(1));
}

CASE(ucause_holds_every_cause) {
    for (uint64_t code = 0; code < 16; code++)
        expect_equal("exception", code, write_and_read<csr::ucause>(code));
    constexpr uint64_t interrupts[] = {irq::user_software, irq::user_timer, irq::user_external};
    for (const uint64_t code : interrupts)
        expect_equal("interrupt", cause::interrupt | code,
                     write_and_read<csr::ucause>(cause::interrupt | code));
}

CASE(uip_has_one_writable_bit_usip) {
    csr::write<csr::sideleg>(user_irqs);
    expect_equal("ones", usi, write_and_read<csr::uip>(all_ones));
    expect_equal("zero", 0, write_and_read<csr::uip>(0));
}

CASE(uip_cannot_clear_ueip) {
    csr::write<csr::sideleg>(user_irqs);
    csr::set<csr::sip>(uei);
    expect_equal("uip", uei, csr::read<csr::uip>());
    csr::clear<csr::uip>(all_ones);
    expect_equal("after csrc", uei, csr::read<csr::uip>());
    expect_equal("after csrw", uei, write_and_read<csr::uip>(0));
}

CASE(uip_shows_and_writes_only_what_sideleg_delegates) {
    csr::set<csr::sip>(usi | uei);
    expect_equal("nothing delegated", 0, csr::read<csr::uip>());
    csr::write<csr::uip>(0);
    expect_equal("sip", usi | uei, csr::read<csr::sip>() & user_irqs);
    csr::write<csr::sideleg>(uei);
    expect_equal("UEI delegated", uei, csr::read<csr::uip>());
    csr::write<csr::sideleg>(usi);
    expect_equal("USI delegated", usi, csr::read<csr::uip>());
}

CASE(sip_has_writable_usip_and_ueip) {
    csr::set<csr::sip>(user_irqs);
    expect_equal("set", usi | uei, csr::read<csr::sip>() & user_irqs);
    csr::clear<csr::sip>(usi);
    expect_equal("one cleared", uei, csr::read<csr::sip>() & user_irqs);
    csr::clear<csr::sip>(uei);
    expect_equal("both cleared", 0, csr::read<csr::sip>() & user_irqs);
}

CASE(mip_has_writable_usip_utip_and_ueip, Needs::machine_mode) {
    expect_equal("set", user_irqs,
                 call_in_machine_mode(machine_write<csr::mip>, user_irqs) & user_irqs);
    expect_equal("cleared", 0, call_in_machine_mode(machine_write<csr::mip>, 0) & user_irqs);
}

CASE(sip_and_mip_share_their_bits, Needs::machine_mode) {
    csr::set<csr::sip>(usi | uei);
    expect_equal("written in sip", usi | uei,
                 call_in_machine_mode(machine_read<csr::mip>) & user_irqs);
    call_in_machine_mode(machine_write<csr::mip>, uti);
    expect_equal("written in mip", uti, csr::read<csr::sip>() & user_irqs);
}

CASE(utip_set_by_m_is_shown_and_not_cleared_by_sip_and_uip, Needs::machine_mode) {
    csr::write<csr::sideleg>(user_irqs);
    call_in_machine_mode(machine_write<csr::mip>, uti);
    expect_equal("sip", uti, csr::read<csr::sip>() & user_irqs);
    expect_equal("uip", uti, csr::read<csr::uip>());
    csr::clear<csr::sip>(uti);
    csr::clear<csr::uip>(uti);
    expect_equal("after csrc", uti, csr::read<csr::sip>() & user_irqs);
}

CASE(sideleg_holds_the_three_user_interrupts) {
    expect_equal("ones", user_irqs, write_and_read<csr::sideleg>(all_ones));
    for (const uint64_t irq : each_irq)
        expect_equal("one", irq, write_and_read<csr::sideleg>(irq));
    expect_equal("zero", 0, write_and_read<csr::sideleg>(0));
}

CASE(sedeleg_holds_nothing_but_exceptions_of_user_mode) {
    expect_equal("others", 0, write_and_read<csr::sedeleg>(all_ones) & ~delegable_exceptions);
    expect_equal("zero", 0, write_and_read<csr::sedeleg>(0));
}

CASE(sedeleg_holds_what_medeleg_delegates, Needs::machine_mode) {
    constexpr uint64_t some = bit(cause::breakpoint) | bit(cause::load_page);
    expect_equal("all", delegable_exceptions, write_and_read<csr::sedeleg>(all_ones));
    csr::write<csr::sedeleg>(0);
    const uint64_t before = call_in_machine_mode(machine_read<csr::medeleg>);
    call_in_machine_mode(machine_write<csr::medeleg>, some);
    const uint64_t got = write_and_read<csr::sedeleg>(all_ones);
    call_in_machine_mode(machine_write<csr::medeleg>, before);
    expect_equal("some", some, got);
}

CASE(mideleg_bits_of_user_interrupts_are_always_one, Needs::machine_mode) {
    const uint64_t before = call_in_machine_mode(machine_read<csr::mideleg>);
    const uint64_t got = call_in_machine_mode(machine_write<csr::mideleg>, 0);
    call_in_machine_mode(machine_write<csr::mideleg>, before);
    expect_equal("after writing zero", user_irqs, got & user_irqs);
}

CASE(suist_holds_enable_size_and_ppn) {
    constexpr uint64_t mask = bit(63) | (bit(56) - 1);
    expect_equal("ones", mask, write_and_read<csr::suist>(all_ones));
    expect_equal("reserved", 0, write_and_read<csr::suist>(~mask));
    expect_equal("zero", 0, write_and_read<csr::suist>(0));
}

CASE(suirs_holds_enable_and_index) {
    constexpr uint64_t mask = bit(63) | 0xFFFF;
    expect_equal("ones", mask, write_and_read<csr::suirs>(all_ones));
    expect_equal("reserved", 0, write_and_read<csr::suirs>(~mask));
    expect_equal("zero", 0, write_and_read<csr::suirs>(0));
}

CASE(misa_names_the_n_extension, Needs::machine_mode) {
    expect("bit N", (call_in_machine_mode(machine_read<csr::misa>) & bit('N' - 'A')) != 0);
}

void guest_main() { run_user_interrupt_cases(); }
