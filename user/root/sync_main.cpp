// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The root task of PROFILE=sel4 for programs that call each other: as main.cpp, with services.
/// Read next: sync_root.hpp, user/root/main.cpp.
/// @stage{none}
#include "user/lib/console.hpp"
#include "user/lib/program.hpp"
#include "user/root/sync_root.hpp"

extern "C" const uint8_t archive_start[];
extern "C" const uint8_t archive_end[];

int main() {
    if (!root::prepare())
        return 1;
    root::Archive archive({archive_start, archive_end});
    for (root::File file; archive.next(file);)
        root::all_programs.start(file);
    root::wait_for_ends();
    println("root: all programs have ended");
    return static_cast<int>(root::all_programs.exit_code());
}
