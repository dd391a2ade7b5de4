// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The root task of the crowd: starts the net server, the auditor, and all guests. It ends the net
/// server when everybody else has gone, and looks whether each has ended as it should and whether
/// the net server has all that it had of memory and slots.
/// Read next: crowd.hpp.
/// @stage{none}
#include "user/netsrv/tests/crowd/crowd.hpp"

#include "user/lib/boot_info.hpp"
#include "user/lib/console.hpp"
#include "user/lib/machine.hpp"
#include "user/lib/program.hpp"
#include "user/root/async_root.hpp"

extern "C" const uint8_t archive_start[];
extern "C" const uint8_t archive_end[];

namespace {

using abi::Word;
using root::all_programs;

/// Indices of programs, in the order of the archive; other guests come behind the first.
enum Index : uint8_t { server, auditor, first_guest };
constexpr unsigned others = 2; ///< besides guests

constinit char names[crowd::guests][16] = {};
constinit unsigned failed = 0;

void expect(bool holds, std::string_view who, std::string_view what) {
    if (!holds)
        println("crowd: ", who, " ", what, ": FAILED");
    failed += holds ? 0 : 1;
}

root::File guest_file(unsigned number) {
    root::Archive archive({archive_start, archive_end});
    root::File file;
    for (unsigned i = 0; i <= first_guest; i++)
        archive.next(file);
    console::Line line;
    line.add(file.name);
    line.add('-');
    line.add(number);
    char* const end = std::ranges::copy(line.text(), names[number]).out;
    file.name = {names[number], end};
    return file;
}

/// What there is of the net server's, for what it shares with clients.
struct Stock {
    Word bytes = all_programs.program(server).process.memory().free_bytes();
    Word slots = all_programs.program(server).process.memory().free_slots();
    bool operator==(const Stock&) const = default;
};

rt::Task<> pause(rt::Frames /*frames*/, Word milliseconds) {
    co_await rt::sleep_until(machine::time() + milliseconds * user::ticks_per_second() / 1000);
}

void check_ends() {
    for (unsigned index = first_guest; index < first_guest + crowd::guests; index++) {
        const root::Program& program = all_programs.program(index);
        const bool faults = crowd::way_of(crowd::number_of(program.name)) == crowd::Way::faults;
        expect(program.exit_code == (faults ? 1U : 0U), program.name, "has not ended as it should");
    }
}

/// Starts all guests of a round, and waits until they have gone; in the first round, the first is
/// there already.
rt::Task<> lead_round(rt::Frames frames, unsigned round) {
    for (unsigned number = round == 0 ? 1 : 0; number < crowd::guests; number++)
        expect(all_programs.start(guest_file(number)), names[number], "cannot be started");
    while (all_programs.running() > others) {
        const auto waited = co_await pause(frames, 10);
        static_cast<void>(waited);
    }
    const auto closed = co_await pause(frames, 500); // the net server's, to close all rings
    static_cast<void>(closed);
    check_ends();
}

rt::Task<> lead(rt::Frames frames) {
    const auto began = co_await pause(frames, 50); // the auditor's, to look
    static_cast<void>(began);
    const auto first = co_await lead_round(frames, 0);
    expect(bool(first), "the first round", "has no frame");
    const Stock before; // with page tables that the first round has made, and that stay
    const auto second = co_await lead_round(frames, 1);
    expect(bool(second), "the second round", "has no frame");
    const Stock after;
    println("crowd: the net server has ", after.bytes, " bytes and ", after.slots,
            " slots left for clients, of ", before.bytes, " and ", before.slots);
    expect(before == after, "the net server", "has not everything back");
    while (all_programs.running() > 1) {
        const auto waited = co_await pause(frames, 100);
        static_cast<void>(waited);
    }
    expect(all_programs.program(auditor).exit_code == 0, "the auditor", "misses something");
    all_programs.end(server, 0);
}

} // namespace

int main() {
    root::run({archive_start, archive_end}, lead);
    println("crowd: ", crowd::guests, " guests, ", root::mended, " faults were mended, ",
            failed == 0 ? "all is well" : "FAILED");
    return failed == 0 ? 0 : 1;
}
