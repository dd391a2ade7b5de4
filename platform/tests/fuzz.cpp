// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Random use of everything that belongs to user interrupts, in every privilege there is: CSR
/// instructions, uipi instructions with every field random, loads and stores in the UINTC and in
/// the sender tables. The guest survives by its trap handlers; the test is that the emulator does
/// too, and that the machine still works afterwards. One hart, no clock: the same seed=N and
/// rounds=N (default 20000) give the same `info checksum`.
///
/// Left out is what would take the guest itself away: its stacks and handlers (utvec and uscratch
/// in U-mode), XLEN, and delegation of the traps by which U-mode returns.

#include "platform/tests/lib/atomic.hpp"
#include "platform/tests/lib/console.hpp"
#include "platform/tests/lib/memory.hpp"
#include "platform/tests/lib/paging.hpp"
#include "platform/tests/lib/scene.hpp"
#include "platform/tests/lib/test.hpp"
#include "platform/tests/lib/uipi.hpp"

extern "C" uint64_t execute_word(const uint64_t* values, const uint32_t* code);

namespace {

constexpr uint32_t return_instruction = 0x0000'8067;
constexpr unsigned value_count = 14;

struct alignas(64) Trial {
    uint32_t code[2];
    uint64_t values[value_count];
};
constinit Trial trial = {{0, return_instruction}, {}};
constinit Random random{1};
constinit uint64_t checksum = 0;

constexpr uint32_t registers[] = {
    csr::ustatus, csr::uie,     csr::utvec,   csr::uscratch, csr::uepc,  csr::ucause,  csr::utval,
    csr::uip,     csr::sideleg, csr::sedeleg, csr::suist,    csr::suirs, csr::suicfg,  csr::sstatus,
    csr::sie,     csr::sip,     csr::sepc,    csr::scause,   csr::stval, csr::mstatus, csr::mie,
    csr::mip,     csr::mideleg, csr::mcause,  csr::mtval,    0x001,      0x003,        0x006,
    0x045,        0x1B3,        0x204,        0x5A8,
};

constexpr uint64_t status_bits =
    status::uie | status::upie | status::sie | status::spie | status::spp | status::sum | bit(19);
/// Not those that end a U function, and no fetch faults, which could follow each other for ever.
constexpr uint64_t delegable = bit(4) | bit(5) | bit(6) | bit(7) | bit(13) | bit(15);

bool is_status(uint32_t number) { return number == csr::sstatus || number == csr::mstatus; }
bool is_of_handlers(uint32_t number) { return number == csr::utvec || number == csr::uscratch; }

/// Bits that may be written.
uint64_t mask_of(uint32_t number) {
    if (is_status(number))
        return status_bits;
    return number == csr::sedeleg ? delegable : all_ones;
}

/// Caller-saved registers: those that execute_word restores or does not need.
constexpr uint32_t free_registers[] = {0, 5, 6, 7, 10, 12, 13, 14, 15, 16, 17, 28, 29, 30, 31};

uint64_t below(uint64_t limit) { return random.below(limit); }

template <typename Value, unsigned count>
Value one_of(const Value (&values)[count]) {
    return values[below(count)];
}

/// Numbers with a meaning somewhere, and arbitrary ones.
uint64_t interesting_value() {
    switch (below(8)) {
    case 0:
        return 0;
    case 1:
        return all_ones;
    case 2:
        return bit(below(64));
    case 3:
        return below(1024);
    case 4:
        return suirs::enable | below(board.uintc.receivers + 8);
    case 5:
        return table.suist(below(4));
    case 6:
        return random.next() & random.next();
    default:
        return random.next();
    }
}

void mix(uint64_t value) { checksum = (checksum ^ value) * 0x100'0000'01B3; }

void mix(const TrapLog& log) {
    mix(log.count);
    for (const Trap& trap : log.first)
        mix(trap.cause ^ trap.value);
}

void mix(const Run& run) {
    mix(run.value);
    mix(run.traps.user);
    mix(run.traps.supervisor);
    mix(run.traps.machine);
}

uint64_t execute_trial(uint64_t) { return execute_word(trial.values, trial.code); }

/// Executes the instruction in one of the privileges.
void execute(uint32_t word, bool in_user_mode) {
    trial.code[0] = word;
    asm volatile("fence.i" : : : "memory");
    const uint64_t privilege = below(environment::has_machine_mode ? 3 : 2);
    if (privilege == 0 && in_user_mode)
        mix(run_user(execute_trial));
    else if (privilege == 2)
        mix(run_machine(execute_trial));
    else
        mix(run_supervisor(execute_trial));
}

void fill_values(uint64_t mask) {
    for (uint64_t& value : trial.values)
        value = interesting_value() & mask;
}

void try_csr() {
    constexpr uint32_t set_or_clear[] = {2, 3};
    constexpr uint32_t write_set_or_clear[] = {1, 2, 3};
    const uint32_t number = one_of(registers);
    const uint32_t form = is_status(number) ? one_of(set_or_clear) : one_of(write_set_or_clear);
    const bool immediate = mask_of(number) == all_ones && below(4) == 0;
    const uint32_t source = immediate ? static_cast<uint32_t>(below(32)) : one_of(free_registers);
    fill_values(mask_of(number));
    execute(number << 20 | source << 15 | (immediate ? form + 4 : form) << 12 |
                one_of(free_registers) << 7 | 0x73,
            !is_of_handlers(number));
}

/// Half of them as they should be, the others with every field random.
void try_uipi() {
    constexpr uint32_t opcode = 0x7B;
    fill_values(all_ones);
    uint32_t word = opcode | one_of(free_registers) << 7;
    if (below(2) == 0) {
        const uint32_t operation = static_cast<uint32_t>(below(5));
        const bool reads = operation == 1;
        word = opcode | 6 << 12 | operation << 25 | (reads ? one_of(free_registers) << 7 : 0) |
               (operation == 0 || operation == 2 ? one_of(free_registers) << 15 : 0);
    } else {
        word |= static_cast<uint32_t>(random.next()) & 0xFFFF'F000;
    }
    execute(word, true);
}

uint64_t access_device(uint64_t) {
    const uint64_t address = board.uintc.base + below(board.uintc.size + 64);
    const Width width = static_cast<Width>(below(4));
    const bool aligned = below(2) == 0;
    const uint64_t place = aligned ? address & ~uint64_t{7} : address;
    if (below(2) == 0)
        return load(place, aligned ? Width::double_word : width);
    store(place, interesting_value(), aligned ? Width::double_word : width);
    return 0;
}

void try_device() { mix(run_supervisor(access_device)); }

void try_table() {
    const uint64_t entry = sender_entry(below(board.uintc.receivers + 8), below(80));
    SenderTable& senders = below(2) == 0 ? table : other_table;
    senders.set(below(2 * SenderTable::per_page), below(4) == 0 ? random.next() : entry);
    if (below(4) == 0)
        csr::write<csr::suist>(senders.suist(below(4)));
}

/// What the next round needs in order to end.
void keep_alive() {
    csr::clear<csr::sstatus>(status::sie);
    csr::clear<csr::sedeleg>(~delegable);
    if (environment::has_machine_mode)
        environment::call_in_machine_mode([](uint64_t) {
            csr::clear<csr::mstatus>(status::mie);
            csr::write<csr::mie>(csr::read<csr::mie>() & (user_irqs | 0x222));
            csr::write<csr::mideleg>(0x222);
            return uint64_t{0};
        });
}

void expect_machine_works() {
    reset_user_interrupts();
    let_user_take(usi);
    own_receiver(1);
    use_table(table);
    table.set(2, sender_entry(1, 60));
    const Run run = run_user([](uint64_t) {
        uipi::send(2);
        await_user_traps(1);
        return user_hart().received;
    });
    expect_equal("pending", bit(60), run.value);
    expect_equal("all traps", 1, run.traps.order);
}

} // namespace

CASE(machine_survives_random_use) {
    constexpr void (*trials[])() = {try_csr, try_csr, try_uipi, try_uipi, try_device, try_table};
    const uint64_t seed = board.argument("seed", 1);
    const uint64_t rounds = board.argument("rounds", 20'000);
    console::print("info seed ", seed, "\n");
    random = Random{seed};
    for (uint64_t i = 0; i < rounds; i++) {
        one_of(trials)();
        keep_alive();
    }
    console::print("info checksum ", console::Hex{checksum}, "\n");
    expect_machine_works();
}

void guest_main() { run_user_interrupt_cases(); }
