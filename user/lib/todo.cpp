// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// An exercise that is not done yet, in a user program: the machine stops, and says which.
/// @stage{4}
#include "kernel/lib/todo.hpp"

#include "user/lib/console.hpp"
#include "user/lib/machine.hpp"

void lab::todo(const char* exercise) {
    console::Line line;
    line.add("not implemented: lab ");
    for (; *exercise != '\0'; exercise++) {
        if (*exercise == '.')
            line.add(" exercise ");
        else
            line.add(*exercise);
    }
    line.add('\n');
    console::write(line.text());
    machine::exit(1);
}
