// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A root task with one server and a crowd of guests, of which some fault, leave in mid-traffic or
/// write garbage. Those who call must get every answer, whoever faults must be the one who is told,
/// and when all have gone everything that they took must be there again. One program more than
/// there can be is refused.
/// Read next: crowd.hpp.
/// @stage{5}
#include "user/root/tests/crowd.hpp"

#include "runtime/ipc.hpp"
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

/// Index of a program. The root task starts this one and the first guest.
constexpr unsigned server = 0;

constinit char names[crowd::first_of_second + 1][12] = {};
constinit bool failed = false;
constinit unsigned rounds = 0;

void expect(bool holds, const char* what) {
    if (!holds)
        println("crowd: ", what, ": FAILED");
    failed |= !holds;
}

/// The file of a guest, with a name of its own.
root::File guest_file(unsigned number) {
    root::Archive archive({archive_start, archive_end});
    root::File file;
    archive.next(file);
    archive.next(file);
    if (number != 0) {
        console::Line line;
        line.add(file.name);
        line.add('-');
        line.add(number);
        char* const end = std::ranges::copy(line.text(), names[number]).out;
        file.name = {names[number], end};
    }
    return file;
}

/// What there is of everything, here and at the server.
struct Stock {
    Word bytes = user::allocator.free_bytes();
    Word slots = user::allocator.free_slots();
    Word server_bytes = all_programs.program(server).process.memory().free_bytes();
    Word server_slots = all_programs.program(server).process.memory().free_slots();
    bool operator==(const Stock&) const = default;
};

/// The first one of the first round is there already.
void start(unsigned count) {
    if (rounds != 0)
        expect(all_programs.start(guest_file(crowd::first_of_second)), "the first guest starts");
    const Word began = machine::time();
    for (unsigned number = 1; number < count; number++)
        expect(all_programs.start(guest_file(number)), "a guest starts");
    const Word ticks = (machine::time() - began) / (count - 1);
    const user::Process& process = all_programs.program(server + 1).process;
    println("crowd: each guest takes ", process.memory_bytes(), " bytes, ", process.slots(),
            " slots, ", ticks, " ticks to start; free: ", user::allocator.free_bytes(), " bytes, ",
            user::allocator.free_slots(), " slots");
}

/// Has each ended as it should?
void check_ends(unsigned count) {
    for (unsigned index = server + 1; index <= count; index++) {
        const root::Program& guest = all_programs.program(index);
        const crowd::Way way = crowd::way_of(crowd::number_of(guest.name));
        if (guest.exit_code != (way == crowd::Way::faults ? 1U : 0U))
            println("crowd: ", guest.name, " ended with ", guest.exit_code);
        expect(guest.exit_code == (way == crowd::Way::faults ? 1U : 0U), "a guest's end");
    }
}

rt::Task<> lead(rt::Frames /*frames*/) {
    Stock before;
    for (const unsigned count : crowd::guests) {
        start(count);
        if (count + 1 == root::most_programs)
            expect(!all_programs.start(guest_file(1)), "one more is refused");
        while (all_programs.running() > 1) {
            co_await rt::sleep_until(machine::time() + 1000);
        }
        check_ends(count);
        // The server closes connections in its own time: until nothing has changed for 2 ms.
        Stock now;
        for (unsigned still = 0; still < 20; still++) {
            co_await rt::sleep_until(machine::time() + 1000);
            if (const Stock next; next != now) {
                now = next;
                still = 0;
            }
        }
        // The first round makes page tables here and at the server, which stay.
        expect(rounds == 0 || now == before, "all is there again");
        before = now;
        rounds++;
    }
}

} // namespace

int main() {
    const int code = root::run({archive_start, archive_end}, lead);
    expect(code == 1, "only those ended badly who should"); // and the one that was refused
    expect(rounds == crowd::rounds, "all rounds");
    println("crowd: ", rounds, " rounds, ", root::mended, " faults were mended, ",
            failed ? "FAILED" : "all is well");
    return failed ? 1 : 0;
}
