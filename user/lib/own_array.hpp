// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Arrays whose length a program learns when it starts: in pages of its own memory, for as long as
/// it runs.
/// @stage{5}
#pragma once

#include "user/lib/console.hpp"
#include "user/lib/program.hpp"

#include <memory>
#include <span>

namespace user {

/// `count` of them, as their default constructor makes them. A program whose memory is not enough
/// ends: it has to say that it needs more (needs.hpp).
template <class T>
std::span<T> own_array(Word count) {
    const Word address = vspace.map_new(count * sizeof(T));
    if (address == 0) {
        println("there is no memory for ", count * sizeof(T), " bytes");
        exit(1);
    }
    T* const first = reinterpret_cast<T*>(address);
    std::uninitialized_value_construct_n(first, count);
    return {first, count};
}

} // namespace user
