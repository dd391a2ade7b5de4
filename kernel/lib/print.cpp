// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Numbers and strings to characters; panic and lab::todo, which print and stop.
/// @stage{1}
#include "kernel/lib/print.hpp"

#include "kernel/lib/assert.hpp"
#include "kernel/lib/todo.hpp"
#include "kernel/riscv/sbi.hpp"

namespace print {

void put(char character) { sbi::put_char(character); }

void part(const char* text) {
    while (*text != '\0')
        put(*text++);
}

void part(Hex number) {
    part("0x");
    int shift = 60;
    while (shift > 0 && number.value >> shift == 0)
        shift -= 4;
    for (; shift >= 0; shift -= 4)
        put("0123456789abcdef"[number.value >> shift & 15]);
}

void part(Word number) {
    if (number >= 10)
        part(number / 10);
    put(static_cast<char>('0' + number % 10));
}

} // namespace print

void panic(const char* message, std::source_location place) {
    println("kernel panic: ", message, " (", place.file_name(), ":", place.line(), ")");
    sbi::stop_machine(sbi::Stop::failure);
}

void lab::todo(const char* exercise) {
    print::part("not implemented: lab ");
    for (; *exercise != '\0'; exercise++) {
        if (*exercise == '.')
            print::part(" exercise ");
        else
            print::put(*exercise);
    }
    println("");
    sbi::stop_machine(sbi::Stop::failure);
}

void lab_todo(const char* exercise) { lab::todo(exercise); }
