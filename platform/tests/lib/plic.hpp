// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The platform interrupt controller, as far as the Wake line needs it: each hart's S context
/// enables a source, claims it and completes it. Addresses come from the device tree (board.hpp).
#pragma once

#include "platform/tests/lib/csr.hpp"
#include "platform/tests/lib/layout.h"
#include "platform/tests/lib/memory.hpp"

struct Plic {
    uint64_t base;
    uint32_t contexts[MAX_HARTS]; ///< S context of each hart

    /// Lets the source reach the hart, and no other source.
    void enable_only(uint64_t hart, uint32_t source) const {
        store(base + uint64_t{4} * source, 1, Width::word);
        store(context_registers(hart), 0, Width::word);
        for (uint32_t word = 0; word < 4; word++) {
            const uint64_t bits = source / 32 == word ? bit(source % 32) : 0;
            store(base + 0x2000 + uint64_t{0x80} * contexts[hart] + uint64_t{4} * word, bits,
                  Width::word);
        }
    }
    /// The source that asks, 0: none. It does not ask again until it is completed.
    uint64_t claim(uint64_t hart) const { return load(context_registers(hart) + 4, Width::word); }
    void complete(uint64_t hart, uint64_t source) const {
        store(context_registers(hart) + 4, source, Width::word);
    }

private:
    uint64_t context_registers(uint64_t hart) const {
        return base + 0x200000 + uint64_t{0x1000} * contexts[hart];
    }
};
