// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The transmitter of a 16550 UART: wait until it is empty, write a byte. The firmware has set it
/// up. Interrupts stay off.
/// @stage{1}
#include "user/lib/console.hpp"

#include "user/lib/debug.hpp"
#include "user/lib/spin_lock.hpp"

namespace console {

namespace {

constexpr abi::Word transmit = 0;
constexpr abi::Word line_status = 5;
constexpr uint8_t transmitter_empty = 0x20;

/// One writer at a time. A writer that does not get it in so many tries writes all the same: a
/// thread that was stopped inside must not silence the others.
constinit user::SpinLock lock;
constexpr unsigned patience = 10'000;

constinit abi::Word registers = 0;

volatile uint8_t& uart_register(abi::Word number) {
    return *reinterpret_cast<volatile uint8_t*>(registers + number);
}

void put(char character) {
    if (registers == 0) {
        if constexpr (config::debug)
            sel4::debug_put_char(character);
        return;
    }
    while ((uart_register(line_status) & transmitter_empty) == 0) {
    }
    uart_register(transmit) = static_cast<uint8_t>(character);
}

} // namespace

void Line::add(Hex number) {
    add("0x");
    int shift = 60;
    while (shift > 0 && number.value >> shift == 0)
        shift -= 4;
    for (; shift >= 0; shift -= 4)
        add("0123456789abcdef"[number.value >> shift & 15]);
}

void Line::add(Shown number) {
    if (number.value < 4096)
        add_decimal(number.value);
    else
        add(Hex{number.value});
}

void Line::add_decimal(abi::Word number) {
    if (number >= 10)
        add_decimal(number / 10);
    add(static_cast<char>('0' + number % 10));
}

void write(std::string_view text) {
    const bool locked = lock.try_lock(patience);
    for (const char character : text)
        put(character);
    if (locked)
        lock.unlock();
}

void use_uart(abi::Word address) { registers = address; }

abi::Word uart() { return registers; }

void break_lock() { lock.unlock(); }

} // namespace console
