// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A root task that ends programs at random times of their traffic, and starts them again: a server
/// and its clients, of which one is an intruder. Those who live must not suffer: clients look at
/// every answer, and end by themselves after so many. In all there is more starting than memory
/// would be enough for. The machine's command line says which run it is: `seed=N kills=N`.
/// Read next: echo.cpp, visitor.cpp, intruder.cpp.
/// @stage{5}
#include "runtime/ipc.hpp"
#include "user/lib/boot_info.hpp"
#include "user/lib/console.hpp"
#include "user/lib/machine.hpp"
#include "user/lib/program.hpp"
#include "user/lib/random.hpp"
#include "user/root/async_root.hpp"

extern "C" const uint8_t archive_start[];
extern "C" const uint8_t archive_end[];

namespace {

using abi::Word;
using root::all_programs;

constexpr unsigned visitors = 3;
constexpr Word longest_pause = 60'000; ///< ticks

// Indices of programs: the root task starts one of each, in the archive's order; then visitors.
constexpr unsigned intruder = 2;
constexpr unsigned first_further = 3;
constexpr unsigned last = visitors + 1;

/// The program of an index.
root::File file_of(unsigned index) {
    const unsigned number = index == 0 ? 0 : index == intruder ? 2 : 1;
    root::Archive archive({archive_start, archive_end});
    root::File file;
    for (unsigned i = 0; i <= number; i++)
        archive.next(file);
    return file;
}

unsigned killed = 0;
unsigned visits = 0; ///< that came to their end

/// Programs lie at the indices at which they were started, for there is always one place free.
rt::Task<> kill(rt::Frames /*frames*/) {
    for (unsigned i = first_further; i <= last; i++)
        all_programs.start(file_of(i));
    user::Random random(user::boot_number("seed=", 1));
    const Word kills = user::boot_number("kills=", 60);
    while (killed < kills) {
        co_await rt::sleep_until(machine::time() + random.below(longest_pause));
        const auto victim = static_cast<unsigned>(random.below(last + 1));
        if (all_programs.program(victim).runs) {
            all_programs.end(victim, 0);
            killed++;
        } else if (victim != intruder) {
            visits++;
        }
        for (unsigned i = 0; i <= last; i++)
            if (!all_programs.program(i).runs)
                all_programs.start(file_of(i));
    }
    for (unsigned i = 0; i <= last; i++)
        if (all_programs.program(i).runs)
            all_programs.end(i, 0);
}

} // namespace

int main() {
    const int code = root::run({archive_start, archive_end}, kill);
    println("deaths: ", killed, " programs were ended, ", visits, " ended by themselves, ",
            root::mended, " faults were mended");
    return visits == 0 ? 1 : code;
}
