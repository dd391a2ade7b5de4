// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Text for people on the machine's console. Slow, and with the kernel lock held: boot, panics
/// and debug builds use it, system calls of a release build never do.
/// Read next: kernel/riscv/sbi.hpp.
/// @stage{1}
#pragma once

#include "kernel/lib/types.hpp"

namespace print {

struct Hex {
    Word value;
};

void put(char character);
void part(const char* text);
void part(Hex number);
void part(Word number);
inline void part(unsigned number) { part(Word{number}); }
inline void part(int number) { part(static_cast<Word>(number)); }
inline void part(PAddr address) { part(Hex{address.value}); }
inline void part(VAddr address) { part(Hex{address.value}); }

} // namespace print

/// One line: the parts one after the other.
template <class... Parts>
void println(const Parts&... parts) {
    (print::part(parts), ...);
    print::put('\n');
}
