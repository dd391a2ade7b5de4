// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Trace points, which exist only in builds with TRACE=1: two instructions each, whose meaning is
/// what tools/plugin/recorder.cpp, a plugin of QEMU, makes of them. Nothing is stored that anybody
/// reads: the address of the store is the message.
///
///     slti x0, x0, 3          a HINT: the next instruction is a trace point
///     sb   x0, (window + message)
///
///     message     15    13 12                      0
///                 | event | argument               |
///
/// `make run TRACE=1` shows all of it as a timeline. Read next: tools/plugin/recorder.cpp.
/// @stage{none}
#pragma once

#include "kernel/abi/types.hpp"
#include "kernel/config.hpp"

#include <stdint.h>

namespace trace {

using abi::Word;

/// tools/trace/timeline.py has the same numbers.
enum class Event : Word {
    thread = 1,  ///< is current from now on; its number, 0 is none
    cause = 2,   ///< of a trap that is no system call; bit 12: an interrupt
    resume = 3,  ///< a coroutine goes on; its priority
    suspend = 4, ///< it does not
    ring = 5,    ///< was published: bits 12:9 which, 8:0 lines in it
    name = 6,    ///< of the current thread: its next character, at last 0
    sent = 7,    ///< a user interrupt, by a thread that parks
};

constexpr unsigned argument_bits = 13;
constexpr Word window_bytes = Word{8} << argument_bits;
inline constinit uint8_t window alignas(window_bytes)[window_bytes] = {};

[[gnu::always_inline]] inline void point(Event event, [[maybe_unused]] Word argument) {
    if constexpr (config::trace) {
        const Word message = static_cast<Word>(event) << argument_bits |
                             (argument & ((Word{1} << argument_bits) - 1));
        asm volatile("slti x0, x0, 3\n sb x0, 0(%0)" : : "r"(window + message) : "memory");
    } else {
        static_cast<void>(event);
    }
}

/// The current thread has this name, which ends with 0.
inline void named(const char* name) {
    if constexpr (config::trace) {
        do
            point(Event::name, static_cast<uint8_t>(*name));
        while (*name++ != '\0');
    } else {
        static_cast<void>(name);
    }
}

/// `thread` is current from now on.
template <class Thread>
[[gnu::always_inline]] inline void switched_to(const Thread& thread) {
    point(Event::thread, reinterpret_cast<Word>(&thread) / alignof(Thread));
}

/// A trap with this scause.
[[gnu::always_inline]] inline void trapped(Word cause) {
    constexpr Word interrupt = Word{1} << (argument_bits - 1);
    point(Event::cause, (cause >> 63) * interrupt | (cause & (interrupt - 1)));
}

/// What a producer has put in is there for its consumer.
template <class Producer>
[[gnu::always_inline]] inline void published([[maybe_unused]] Producer& ring) {
    if constexpr (config::trace) {
        constexpr Word most = 511;
        constexpr Word line = 64;
        const Word lines = (ring.tail() - ring.peer().head.load_relaxed()) / line;
        const Word where = reinterpret_cast<Word>(&ring.own());
        const Word number = (where / line ^ where >> 12 ^ where >> 16) & 15; // buffers are pages
        point(Event::ring, number << 9 | (lines < most ? lines : most));
    }
}

} // namespace trace
