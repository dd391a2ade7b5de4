// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Registers of the 16550 UART and of SiFive's test finisher.

#include "platform/tests/lib/console.hpp"

#include "platform/tests/lib/board.hpp"
#include "platform/tests/lib/memory.hpp"

namespace {

constexpr uint64_t line_status = 5;
constexpr uint64_t transmitter_empty = 0x20;

constexpr uint64_t finish_pass = 0x5555;
constexpr uint64_t finish_fail = 0x3333;

void put(char letter) {
    while ((load(board.uart + line_status, Width::byte) & transmitter_empty) == 0) {
    }
    store(board.uart, static_cast<uint8_t>(letter), Width::byte);
}

void write_number(uint64_t value, unsigned base) {
    char digits[20];
    unsigned count = 0;
    do {
        const unsigned digit = static_cast<unsigned>(value % base);
        digits[count++] = static_cast<char>(digit < 10 ? '0' + digit : 'a' + digit - 10);
        value /= base;
    } while (value != 0);
    while (count > 0)
        put(digits[--count]);
}

} // namespace

namespace console {

void write(const char* text) {
    for (; *text != 0; text++)
        put(*text);
}

void write(uint64_t decimal) { write_number(decimal, 10); }

void write(Hex hexadecimal) {
    write("0x");
    write_number(hexadecimal.value, 16);
}

} // namespace console

void end_machine(uint64_t exit_code) {
    const uint64_t word = exit_code == 0 ? finish_pass : exit_code << 16 | finish_fail;
    for (;;)
        store(board.finisher, word, Width::word);
}
