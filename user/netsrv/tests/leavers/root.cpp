// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The root task of the leavers (PROFILE=sel4): starts the net server, and then one client after
/// the other. Each takes the place of the one before it, and ends, in whatever way, with sockets
/// open and threads in calls. The net server must have all back: two auditors, an early one and a
/// late one, say what it has, and that must be the same. Read next: leaver.cpp, leavers.py.
/// @stage{none}
#include "user/lib/console.hpp"
#include "user/lib/program.hpp"
#include "user/root/sync_root.hpp"

extern "C" const uint8_t archive_start[];
extern "C" const uint8_t archive_end[];

namespace {

constexpr unsigned rounds = 12;

/// What they are called is what they do. Who faults ends with 1.
constexpr std::string_view roles[] = {"greedy", "exits", "faults"};

constinit bool good = true;

void run(root::File file, std::string_view role, unsigned expected = 0) {
    constexpr unsigned index = 1; // behind the net server
    file.name = role;
    good = root::all_programs.start(file) && good;
    root::wait_for_ends(1);
    good = root::all_programs.program(index).exit_code == expected && good;
}

void run_all(root::File file) {
    for (const std::string_view role : roles)
        run(file, role, role == "faults" ? 1 : 0);
}

} // namespace

int main() {
    root::Archive archive({archive_start, archive_end});
    root::File server;
    root::File leaver;
    if (!root::prepare() || !archive.next(server) || !archive.next(leaver) ||
        !root::all_programs.start(server))
        return 1;
    run_all(leaver); // makes what is made once
    run(leaver, "auditor");
    for (unsigned round = 0; round < rounds; round++)
        run_all(leaver);
    run(leaver, "auditor");
    root::all_programs.end(0, 0);
    println("leavers: ", good ? "each has ended as it should" : "FAILED");
    return good ? 0 : 1;
}
