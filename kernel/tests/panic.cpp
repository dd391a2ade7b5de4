// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What kernel/lib/print.cpp defines on the machine, for tests on the host.
/// @stage{1}
#include "kernel/tests/panic.hpp"

#include "kernel/lib/assert.hpp"
#include "kernel/lib/todo.hpp"

#include <string>

void panic(const char* message, std::source_location place) {
    throw Panic(std::string(place.file_name()) + ":" + std::to_string(place.line()) + ": " +
                message);
}

void lab::todo(const char* exercise) {
    throw Panic(std::string("not implemented: exercise ") + exercise);
}
