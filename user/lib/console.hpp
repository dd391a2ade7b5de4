// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Text on the machine's serial line, without the kernel: the program has the UART's registers in
/// its address space. A line is put together first and then written at once, so lines of several
/// threads do not mix.
///
///     println("slot ", slot, " at ", console::Hex{address});
///
/// Read next: machine.hpp.
/// @stage{1}
#pragma once

#include "kernel/abi/types.hpp"

#include <concepts>
#include <string_view>

namespace console {

struct Hex {
    abi::Word value;
};

/// From 4096 on in hexadecimal.
struct Shown {
    abi::Word value;
};

/// A line in the making. What does not fit is left out.
class Line {
public:
    void add(char character) {
        if (length_ < sizeof text_)
            text_[length_++] = character;
    }
    void add(std::string_view text) {
        for (const char character : text)
            add(character);
    }
    void add(const char* text) { add(std::string_view(text)); }
    void add(Hex number);
    void add(Shown number);
    void add(bool value) { add(value ? "true" : "false"); }
    template <std::unsigned_integral Number>
    void add(Number number) {
        add_decimal(number);
    }
    template <std::signed_integral Number>
    void add(Number number) {
        if (number < 0)
            add('-');
        const abi::Word value = static_cast<abi::Word>(number);
        add_decimal(number < 0 ? abi::Word{0} - value : value);
    }

    [[nodiscard]] std::string_view text() const { return {text_, length_}; }

private:
    void add_decimal(abi::Word number);

    char text_[240] = {};
    unsigned length_ = 0;
};

/// Writes text as it is; other threads' text does not come between.
void write(std::string_view text);

/// The UART's registers, at a virtual address. Until this is called the console is the kernel's
/// debug output, and silent in release builds.
void use_uart(abi::Word address);

/// Address given to use_uart, 0 if there is none.
abi::Word uart();

/// Frees the console if the thread that writes was stopped in the middle.
void break_lock();

} // namespace console

/// One line: the parts one after the other.
template <class... Parts>
void println(const Parts&... parts) {
    console::Line line;
    (line.add(parts), ...);
    line.add('\n');
    console::write(line.text());
}
