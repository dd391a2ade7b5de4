// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The root task: starts every program of the archive that is part of it, all at once, and waits
/// until the last has ended. Its exit code, which becomes the machine's, is that of the programs.
/// Read next: user/root/programs.hpp, user/hello/main.cpp.
/// @stage{2}
#include "user/lib/console.hpp"
#include "user/root/programs.hpp"

extern "C" const uint8_t archive_start[];
extern "C" const uint8_t archive_end[];

namespace {

constinit root::Programs programs;

} // namespace

int main() {
    if (!programs.create({.uart = user::uart_frame}, {}))
        return 1;
    root::Archive archive({archive_start, archive_end});
    for (root::File file; archive.next(file);)
        programs.start(file);
    while (programs.running() > 0)
        programs.take(programs.watch().wait());
    println("root: all programs have ended");
    return static_cast<int>(programs.exit_code());
}
