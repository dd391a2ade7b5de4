// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A field of bits within a word, named once and then read and written by that name. In place of
/// C++ bit-fields, whose layout is the compiler's choice.
///
///     using Radix = Field<5, 6>;       // bits 10:5
///     word = Radix::put(word, 12);
///
/// Read next: kernel/cap/cap.hpp.
/// @stage{1}
#pragma once

#include "kernel/lib/types.hpp"

template <unsigned low, unsigned width>
struct Field {
    static constexpr Word ones = mask(width);

    static constexpr Word of(Word word) { return word >> low & ones; }
    static constexpr Word make(Word value) { return (value & ones) << low; }
    static constexpr Word put(Word word, Word value) {
        return (word & ~(ones << low)) | make(value);
    }
};
