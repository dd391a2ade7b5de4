// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A machine with user interrupts turned off behaves as one that never heard of them. What is off
/// is given on the command line, and the cases of the other settings are skipped:
///
///     without=n       -cpu rv64,n=off: no N extension, and nothing that needs it
///     without=uipi    -cpu rv64,uintc=off: N extension, but no uipi instructions and no UINTC
///     without=uintc   -M virt,uintc=off: both, but no UINTC device

#include "platform/tests/lib/board.hpp"
#include "platform/tests/lib/scene.hpp"
#include "platform/tests/lib/test.hpp"
#include "platform/tests/lib/uipi.hpp"

namespace {

template <unsigned number>
uint64_t read(uint64_t) {
    return csr::read<number>();
}

constexpr Function n_registers[] = {
    read<csr::ustatus>, read<csr::uie>,   read<csr::utvec>, read<csr::uscratch>, read<csr::uepc>,
    read<csr::ucause>,  read<csr::utval>, read<csr::uip>,   read<csr::sedeleg>,  read<csr::sideleg>,
};

constexpr Function uintc_registers[] = {read<csr::suist>, read<csr::suirs>};

constexpr Function uipi_instructions[] = {
    [](uint64_t index) {
        uipi::send(index);
        return uint64_t{0};
    },
    [](uint64_t) { return uipi::read(); },
    [](uint64_t pending) {
        uipi::write(pending);
        return uint64_t{0};
    },
    [](uint64_t) {
        uipi::activate();
        return uint64_t{0};
    },
    [](uint64_t) {
        uipi::deactivate();
        return uint64_t{0};
    },
};

uint64_t execute_uret(uint64_t) {
    asm volatile(".4byte 0x00200073" : : : "memory");
    return 0;
}

void expect_illegal(const Run& run) {
    expect_equal("traps", 1, run.traps.order);
    expect_equal("scause", cause::illegal, run.traps.supervisor.first[0].cause);
}

template <unsigned count>
void expect_all_illegal(const Function (&functions)[count]) {
    for (unsigned i = 0; i < count; i++) {
        concerning("in S, number", i);
        expect_illegal(run_supervisor(functions[i]));
        concerning("in U, number", i);
        expect_illegal(run_user(functions[i]));
    }
}

template <unsigned count>
void expect_all_legal(const Function (&functions)[count]) {
    for (unsigned i = 0; i < count; i++) {
        concerning("in S, number", i);
        expect_equal("traps", 0, run_supervisor(functions[i]).traps.order);
    }
}

void expect_no_device() {
    expect("no node in the device tree", !board.tree.compatible("riscv,uintc0").exists());
    expect("no node of this name", !board.tree.named("uintc").exists());
}

void clear_software_bit(Frame&, Hart&) { csr::clear<csr::uip>(usi); }

void expect_software_bit_works() {
    let_user_take(usi);
    raise_software_bit();
    const Run run =
        run_user([](uint64_t) { return uint64_t{42}; }, 0, {.handler = clear_software_bit});
    expect_equal("traps in U", 1, run.traps.user.count);
    expect_equal("all traps", 1, run.traps.order);
    expect_equal("the function ran afterwards", 42, run.value);
    reset_own_registers();
}

template <unsigned number>
uint64_t write_and_read(uint64_t value) {
    return csr::write_and_read<number>(value);
}

bool misa_has_n() {
    return (environment::call_in_machine_mode(read<csr::misa>) & bit('N' - 'A')) != 0;
}

} // namespace

CASE(without_n_its_registers_are_illegal, Needs::without_n) { expect_all_illegal(n_registers); }

CASE(without_n_the_uintc_registers_are_illegal, Needs::without_n) {
    expect_all_illegal(uintc_registers);
}

CASE(without_n_uipi_is_illegal, Needs::without_n) { expect_all_illegal(uipi_instructions); }

CASE(without_n_uret_is_illegal, Needs::without_n) {
    expect_illegal(run_supervisor(execute_uret));
    expect_illegal(run_user(execute_uret));
}

CASE(without_n_sstatus_sie_and_sip_have_no_user_bits, Needs::without_n) {
    constexpr uint64_t user_status = status::uie | status::upie;
    csr::set<csr::sstatus>(user_status);
    expect_equal("sstatus", 0, csr::read<csr::sstatus>() & user_status);
    csr::set<csr::sie>(user_irqs);
    expect_equal("sie", 0, csr::read<csr::sie>() & user_irqs);
    csr::set<csr::sip>(user_irqs);
    expect_equal("sip", 0, csr::read<csr::sip>() & user_irqs);
}

CASE(without_n_machine_registers_have_no_user_bits, Needs::without_n, Needs::machine_mode) {
    using environment::call_in_machine_mode;
    const uint64_t mideleg = call_in_machine_mode(read<csr::mideleg>);
    expect("misa", !misa_has_n());
    expect_equal("mideleg", 0,
                 call_in_machine_mode(write_and_read<csr::mideleg>, mideleg | user_irqs) &
                     user_irqs);
    expect_equal("mie", 0, call_in_machine_mode(write_and_read<csr::mie>, user_irqs) & user_irqs);
    expect_equal("mip", 0, call_in_machine_mode(write_and_read<csr::mip>, user_irqs) & user_irqs);
}

CASE(without_n_there_is_no_uintc, Needs::without_n) { expect_no_device(); }

CASE(without_uipi_its_registers_are_illegal, Needs::without_uipi) {
    expect_all_illegal(uintc_registers);
}

CASE(without_uipi_its_instructions_are_illegal, Needs::without_uipi) {
    expect_all_illegal(uipi_instructions);
}

CASE(without_uipi_the_n_extension_remains, Needs::without_uipi) {
    expect_all_legal(n_registers);
    expect_software_bit_works();
}

CASE(without_uipi_misa_has_n, Needs::without_uipi, Needs::machine_mode) {
    expect("misa", misa_has_n());
}

CASE(without_uipi_there_is_no_uintc, Needs::without_uipi) { expect_no_device(); }

CASE(without_uintc_there_is_no_node, Needs::without_uintc) { expect_no_device(); }

CASE(without_uintc_registers_and_instructions_remain, Needs::without_uintc) {
    expect_all_legal(n_registers);
    expect_all_legal(uintc_registers);
    expect_all_legal(uipi_instructions);
    expect_software_bit_works();
}

CASE(without_uintc_no_receiver_exists, Needs::without_uintc) {
    table.set(0, sender_entry(0, 1));
    csr::write<csr::suist>(table.suist());
    csr::write<csr::suirs>(suirs::enable);
    uipi::send(0);
    uipi::write(all_ones);
    uipi::activate();
    expect("not pending", !usip());
    expect_equal("uipi.read", 0, uipi::read());
    reset_own_registers();
}

void guest_main() { run_cases(); }
