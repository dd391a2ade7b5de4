// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See threads.hpp.
/// @stage{2}
#include "user/tests/threads.hpp"

#include "user/lib/program.hpp"

CPtr device_frame(const Place& place) {
    const CPtr slot = empty_slot();
    expect_success("the UART's frame is copied", cap_copy(user::uart_frame.frame, slot), place);
    return slot;
}

abi::UserContext distinct_registers(Word pc, Word seed) {
    std::array<Word, abi::user_context_words> words = {};
    for (unsigned i = 0; i < words.size(); i++)
        words[i] = seed + Word{0x1'0001} * i;
    words[0] = pc;
    return std::bit_cast<abi::UserContext>(words);
}

bool expect_registers(const char* what, const abi::UserContext& expected,
                      const abi::UserContext& got, unsigned begin, unsigned end,
                      const Place& place) {
    using Words = std::array<Word, abi::user_context_words>;
    const Words wanted = std::bit_cast<Words>(expected);
    const Words found = std::bit_cast<Words>(got);
    for (unsigned i = begin; i < end; i++) {
        if (wanted[i] == found[i])
            continue;
        fail(place, what, ": word ", i, " of the registers: expected ", shown(wanted[i]), ", got ",
             shown(found[i]));
        return false;
    }
    return true;
}
