// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The root task from lab 5 on: as main.cpp, and it is the broker of its programs.
/// Read next: async_root.hpp, user/root/main.cpp.
/// @stage{5}
#include "user/lib/console.hpp"
#include "user/lib/program.hpp"
#include "user/root/async_root.hpp"

extern "C" const uint8_t archive_start[];
extern "C" const uint8_t archive_end[];

int main() {
    const int code = root::run({archive_start, archive_end});
    println("root: all programs have ended");
    return code;
}
