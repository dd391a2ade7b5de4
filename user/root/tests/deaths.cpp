// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A root task that ends programs at random times of their traffic, and starts them again: a server
/// and its clients. Those who live must not suffer: clients look at every answer, and end by
/// themselves after so many. In all there is more starting than memory would be enough for.
/// The machine's command line says which run it is: `seed=N kills=N`.
/// Read next: echo.cpp, visitor.cpp.
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

/// A program of the archive; the server is the first.
root::File file_of(unsigned number) {
    root::Archive archive({archive_start, archive_end});
    root::File file;
    for (unsigned i = 0; i <= (number == 0 ? 0 : 1); i++)
        archive.next(file);
    return file;
}

unsigned killed = 0;
unsigned visits = 0; ///< that came to their end

/// Programs lie at the indices at which they were started, for there is always one place free.
rt::Task<> kill(rt::Frames /*frames*/) {
    for (unsigned i = 1; i < visitors; i++)
        all_programs.start(file_of(1));
    user::Random random(user::boot_number("seed=", 1));
    const Word kills = user::boot_number("kills=", 60);
    while (killed < kills) {
        co_await rt::sleep_until(machine::time() + random.below(longest_pause));
        const auto victim = static_cast<unsigned>(random.below(visitors + 1));
        if (all_programs.program(victim).runs) {
            all_programs.end(victim, 0);
            killed++;
        } else {
            visits++;
        }
        for (unsigned i = 0; i <= visitors; i++)
            if (!all_programs.program(i).runs)
                all_programs.start(file_of(i));
    }
    for (unsigned i = 0; i <= visitors; i++)
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
