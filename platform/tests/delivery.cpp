// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Who takes a user interrupt: a table over the privilege the hart runs in, the bit in uie/sie,
/// the bit in sideleg, UIE and SIE; run for every source. M-mode never takes one, because its
/// delegation to S-mode is fixed. What the handler then finds is in causes.cpp.

#include "platform/tests/lib/scene.hpp"
#include "platform/tests/lib/test.hpp"

namespace {

enum class Privilege { user, supervisor, machine };
enum class Taker { nobody, user, supervisor };
enum class Bit { no, yes, any };

struct Row {
    Privilege running;
    Bit enabled;   // in uie and sie
    Bit delegated; // in sideleg
    Bit uie;
    Bit sie;
    Taker taker;
};

using enum Privilege;
constexpr Bit no = Bit::no, yes = Bit::yes, any = Bit::any;

constexpr Row rows[] = {
    // running  enabled delegated UIE  SIE  taken by
    {user, yes, yes, yes, any, Taker::user},
    {user, yes, yes, no, any, Taker::nobody},
    {user, yes, no, any, any, Taker::supervisor},
    {user, no, any, any, any, Taker::nobody},
    {supervisor, yes, no, any, yes, Taker::supervisor},
    {supervisor, yes, no, any, no, Taker::nobody},
    {supervisor, yes, yes, any, any, Taker::nobody},
    {supervisor, no, any, any, any, Taker::nobody},
    {machine, any, any, any, any, Taker::nobody},
};

enum class Source { software_bit, uintc_line, external, timer };

/// One way of filling in the row's "any".
struct Setting {
    Privilege running;
    bool enabled, delegated, uie, sie;
};

unsigned number_of(Source source) {
    if (source == Source::external)
        return irq::user_external;
    return source == Source::timer ? irq::user_timer : irq::user_software;
}

void raise(Source source) {
    if (source == Source::software_bit)
        csr::set<csr::sip>(usi);
    if (source == Source::uintc_line)
        own_receiver(0).send(5);
    if (source == Source::external)
        csr::set<csr::sip>(uei);
    if (source == Source::timer)
        environment::call_in_machine_mode([](uint64_t) {
            csr::set<csr::mip>(uti);
            return uint64_t{0};
        });
}

uint64_t stay(uint64_t) {
    linger();
    return 0;
}

uint64_t stay_in_supervisor_mode(uint64_t interrupts) {
    csr::set<csr::sstatus>(interrupts);
    linger();
    csr::clear<csr::sstatus>(interrupts);
    return 0;
}

uint64_t stay_in_machine_mode(uint64_t interrupts) {
    csr::set<csr::mstatus>(interrupts | status::mie);
    linger();
    csr::clear<csr::mstatus>(interrupts | status::mie);
    return 0;
}

Run run(const Setting& setting) {
    const uint64_t interrupts = setting.sie ? status::sie : 0;
    switch (setting.running) {
    case user:
        return run_user(stay, 0, {.supervisor_interrupts = setting.sie});
    case supervisor:
        return run_supervisor(stay_in_supervisor_mode, interrupts);
    case machine:
        break;
    }
    return run_machine(stay_in_machine_mode, interrupts);
}

void check(const Setting& setting, Source source, Taker taker) {
    const uint64_t irq = bit(number_of(source));
    reset_user_interrupts();
    csr::write<csr::sideleg>(setting.delegated ? irq : 0);
    csr::write<csr::sie>(setting.enabled ? irq : 0);
    csr::write<csr::ustatus>(setting.uie ? status::uie : 0);
    raise(source);
    const Run got = run(setting);
    concerning("enabled, delegated, UIE, SIE",
               uint64_t{setting.enabled} << 12 | uint64_t{setting.delegated} << 8 |
                   uint64_t{setting.uie} << 4 | uint64_t{setting.sie});
    expect_equal("taken by U", taker == Taker::user, got.traps.user.count);
    expect_equal("taken by S", taker == Taker::supervisor, got.traps.supervisor.count);
    expect_equal("taken by M", 0, got.traps.machine.count);
    const TrapLog& log = taker == Taker::user ? got.traps.user : got.traps.supervisor;
    if (taker != Taker::nobody)
        expect_equal("cause", cause::interrupt | number_of(source), log.first[0].cause);
}

bool matches(Bit wanted, bool value) { return wanted == any || (wanted == yes) == value; }

Taker expected(const Setting& setting) {
    for (const Row& row : rows)
        if (row.running == setting.running && matches(row.enabled, setting.enabled) &&
            matches(row.delegated, setting.delegated) && matches(row.uie, setting.uie) &&
            matches(row.sie, setting.sie))
            return row.taker;
    return Taker::nobody;
}

void check_all(Privilege running, Source source) {
    for (unsigned bits = 0; bits < 16; bits++) {
        const Setting setting{running, (bits & 8) != 0, (bits & 4) != 0, (bits & 2) != 0,
                              (bits & 1) != 0};
        check(setting, source, expected(setting));
    }
}

} // namespace

CASE(software_bit_in_user_mode) { check_all(user, Source::software_bit); }
CASE(software_bit_in_supervisor_mode) { check_all(supervisor, Source::software_bit); }
CASE(software_bit_in_machine_mode, Needs::machine_mode) {
    check_all(machine, Source::software_bit);
}

CASE(uintc_line_in_user_mode) { check_all(user, Source::uintc_line); }
CASE(uintc_line_in_supervisor_mode) { check_all(supervisor, Source::uintc_line); }
CASE(uintc_line_in_machine_mode, Needs::machine_mode) { check_all(machine, Source::uintc_line); }

CASE(external_interrupt_in_user_mode) { check_all(user, Source::external); }
CASE(external_interrupt_in_supervisor_mode) { check_all(supervisor, Source::external); }
CASE(external_interrupt_in_machine_mode, Needs::machine_mode) {
    check_all(machine, Source::external);
}

CASE(timer_interrupt_in_user_mode, Needs::machine_mode) { check_all(user, Source::timer); }
CASE(timer_interrupt_in_supervisor_mode, Needs::machine_mode) {
    check_all(supervisor, Source::timer);
}
CASE(timer_interrupt_in_machine_mode, Needs::machine_mode) { check_all(machine, Source::timer); }

CASE(clearing_mideleg_changes_nothing, Needs::machine_mode) {
    const uint64_t before = environment::call_in_machine_mode([](uint64_t) {
        const uint64_t delegated = csr::read<csr::mideleg>();
        csr::write<csr::mideleg>(0);
        return delegated;
    });
    check_all(user, Source::software_bit);
    check_all(supervisor, Source::software_bit);
    check_all(machine, Source::software_bit);
    environment::call_in_machine_mode(
        [](uint64_t delegated) {
            csr::write<csr::mideleg>(delegated);
            return uint64_t{0};
        },
        before);
}

void guest_main() { run_user_interrupt_cases(); }
