// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What each privilege may use: the u registers belong to everybody, the s registers to S and M;
/// the uipi instructions are for all three; every reserved encoding of them is illegal.

#include "platform/tests/lib/memory.hpp"
#include "platform/tests/lib/paging.hpp"
#include "platform/tests/lib/scene.hpp"
#include "platform/tests/lib/test.hpp"

namespace {

struct Access {
    const char* name;
    Function read;
    Function write;
};

template <unsigned number>
constexpr Access access(const char* name) {
    return {name, [](uint64_t) { return csr::read<number>(); },
            [](uint64_t value) {
                csr::write<number>(value);
                return uint64_t{0};
            }};
}

constexpr Access user_registers[] = {
    access<csr::ustatus>("ustatus"),   access<csr::uie>("uie"),   access<csr::utvec>("utvec"),
    access<csr::uscratch>("uscratch"), access<csr::uepc>("uepc"), access<csr::ucause>("ucause"),
    access<csr::utval>("utval"),       access<csr::uip>("uip"),
};

constexpr Access supervisor_registers[] = {
    access<csr::sstatus>("sstatus"), access<csr::sedeleg>("sedeleg"),
    access<csr::sideleg>("sideleg"), access<csr::sie>("sie"),
    access<csr::sip>("sip"),         access<csr::suist>("suist"),
    access<csr::suirs>("suirs"),
};

/// Executes one instruction, with whatever a0 and a1 hold.
template <uint32_t word>
uint64_t execute(uint64_t) {
    asm volatile(".4byte %0" : : "i"(word) : "a0", "a1", "memory");
    return 0;
}

constexpr uint32_t uipi_word(uint32_t operation, uint32_t rd, uint32_t rs1, uint32_t rs2,
                             uint32_t funct3 = 6) {
    return operation << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | 0x7B;
}
constexpr uint32_t send = 0, read = 1, write = 2, activate = 3, deactivate = 4;
constexpr uint32_t a0 = 10, a1 = 11;

constexpr Function uipi_instructions[] = {
    execute<uipi_word(send, 0, a0, 0)>,      execute<uipi_word(read, a0, 0, 0)>,
    execute<uipi_word(write, 0, a0, 0)>,     execute<uipi_word(activate, 0, 0, 0)>,
    execute<uipi_word(deactivate, 0, 0, 0)>,
};

constexpr Function with_unused_rd[] = {
    execute<uipi_word(send, a0, a1, 0)>,
    execute<uipi_word(write, a0, a1, 0)>,
    execute<uipi_word(activate, a0, 0, 0)>,
    execute<uipi_word(deactivate, a0, 0, 0)>,
};

constexpr Function with_unused_rs1[] = {
    execute<uipi_word(read, a0, a1, 0)>,
    execute<uipi_word(activate, 0, a1, 0)>,
    execute<uipi_word(deactivate, 0, a1, 0)>,
};

constexpr Function with_rs2[] = {
    execute<uipi_word(send, 0, a0, a1)>,      execute<uipi_word(read, a0, 0, a1)>,
    execute<uipi_word(write, 0, a0, a1)>,     execute<uipi_word(activate, 0, 0, a1)>,
    execute<uipi_word(deactivate, 0, 0, a1)>,
};

constexpr Function with_other_funct7[] = {
    execute<uipi_word(5, 0, 0, 0)>,  execute<uipi_word(6, 0, 0, 0)>,
    execute<uipi_word(7, 0, 0, 0)>,  execute<uipi_word(8, 0, 0, 0)>,
    execute<uipi_word(16, 0, 0, 0)>, execute<uipi_word(32, 0, 0, 0)>,
    execute<uipi_word(64, 0, 0, 0)>, execute<uipi_word(127, 0, 0, 0)>,
};

constexpr Function with_other_funct3[] = {
    execute<uipi_word(send, 0, a0, 0, 0)>, execute<uipi_word(send, 0, a0, 0, 1)>,
    execute<uipi_word(send, 0, a0, 0, 2)>, execute<uipi_word(send, 0, a0, 0, 3)>,
    execute<uipi_word(send, 0, a0, 0, 4)>, execute<uipi_word(send, 0, a0, 0, 5)>,
    execute<uipi_word(send, 0, a0, 0, 7)>, execute<uipi_word(read, a0, 0, 0, 2)>,
};

void expect_legal(const Run& run) {
    expect_equal("traps in U", 0, run.traps.user.count);
    expect_equal("traps in S", 0, run.traps.supervisor.count);
    expect_equal("traps in M", 0, run.traps.machine.count);
}

void expect_illegal(const Run& run) {
    expect_equal("traps in S", 1, run.traps.supervisor.count);
    expect_equal("scause", cause::illegal, run.traps.supervisor.first[0].cause);
}

template <unsigned count>
void expect_illegal_everywhere(const Function (&functions)[count]) {
    for (unsigned i = 0; i < count; i++) {
        concerning("in U, word of index", i);
        expect_illegal(run_user(functions[i]));
        concerning("in S, word of index", i);
        expect_illegal(run_supervisor(functions[i]));
    }
}

} // namespace

CASE(u_registers_are_for_user_mode) {
    for (const Access& reg : user_registers) {
        concerning(reg.name);
        expect_legal(run_user(reg.read));
        expect_legal(run_user(reg.write, 0));
    }
}

CASE(u_registers_are_for_supervisor_mode) {
    for (const Access& reg : user_registers) {
        concerning(reg.name);
        expect_legal(run_supervisor(reg.read));
        expect_legal(run_supervisor(reg.write, 0));
    }
}

CASE(u_registers_are_for_machine_mode, Needs::machine_mode) {
    for (const Access& reg : user_registers) {
        concerning(reg.name);
        expect_legal(run_machine(reg.read));
        expect_legal(run_machine(reg.write, 0));
    }
}

CASE(user_mode_reads_what_supervisor_mode_wrote) {
    csr::write<csr::uepc>(0x1234);
    csr::write<csr::ucause>(5);
    csr::write<csr::utval>(all_ones);
    expect_equal("uepc", 0x1234, run_user(access<csr::uepc>("").read).value);
    expect_equal("ucause", 5, run_user(access<csr::ucause>("").read).value);
    expect_equal("utval", all_ones, run_user(access<csr::utval>("").read).value);
}

CASE(user_mode_sets_no_bit_of_sstatus_through_ustatus) {
    const uint64_t before =
        csr::read<csr::sstatus>() & ~(status::uie | status::upie | status::spie);
    run_user(access<csr::ustatus>("").write, ~(status::uie | status::upie));
    const uint64_t after = csr::read<csr::sstatus>() & ~(status::uie | status::upie | status::spie);
    expect_equal("sstatus", before, after);
}

CASE(s_registers_are_illegal_in_user_mode) {
    for (const Access& reg : supervisor_registers) {
        concerning(reg.name);
        expect_illegal(run_user(reg.read));
        expect_illegal(run_user(reg.write, 0));
    }
}

CASE(s_registers_are_for_machine_mode, Needs::machine_mode) {
    for (const Access& reg : supervisor_registers) {
        concerning(reg.name);
        expect_legal(run_machine(reg.read));
    }
}

CASE(suicfg_does_not_exist) {
    constexpr Access suicfg = access<csr::suicfg>("suicfg");
    expect_illegal(run_supervisor(suicfg.read));
    expect_illegal(run_supervisor(suicfg.write, 0));
    expect_illegal(run_user(suicfg.read));
}

CASE(uipi_instructions_are_legal_in_user_mode) {
    for (const Function instruction : uipi_instructions)
        expect_legal(run_user(instruction));
}

CASE(uipi_instructions_are_legal_in_supervisor_mode) {
    for (const Function instruction : uipi_instructions)
        expect_legal(run_supervisor(instruction));
}

CASE(uipi_instructions_are_legal_in_machine_mode, Needs::machine_mode) {
    for (const Function instruction : uipi_instructions)
        expect_legal(run_machine(instruction));
}

CASE(uipi_with_a_target_register_it_has_no_use_for_is_illegal) {
    expect_illegal_everywhere(with_unused_rd);
}

CASE(uipi_with_a_source_register_it_has_no_use_for_is_illegal) {
    expect_illegal_everywhere(with_unused_rs1);
}

CASE(uipi_with_a_second_source_register_is_illegal) { expect_illegal_everywhere(with_rs2); }

CASE(uipi_of_another_funct7_is_illegal) { expect_illegal_everywhere(with_other_funct7); }

CASE(uipi_of_another_funct3_is_illegal) { expect_illegal_everywhere(with_other_funct3); }

CASE(illegal_uipi_leaves_its_bits_in_stval) {
    const Run run = run_user(with_rs2[0]);
    expect_equal("stval", uipi_word(send, 0, a0, a1), run.traps.supervisor.first[0].value);
}

CASE(wfi_is_illegal_in_user_mode) {
    expect_illegal(run_user([](uint64_t) {
        asm volatile("wfi");
        return uint64_t{0};
    }));
}

CASE(wfi_is_illegal_in_user_mode_with_a_user_interrupt_pending) {
    delegate(usi);
    raise_software_bit();
    expect_illegal(run_user([](uint64_t) {
        asm volatile("wfi");
        return uint64_t{0};
    }));
}

CASE(sret_is_illegal_in_user_mode) {
    expect_illegal(run_user([](uint64_t) {
        asm volatile("sret");
        return uint64_t{0};
    }));
}

void guest_main() { run_user_interrupt_cases(); }
