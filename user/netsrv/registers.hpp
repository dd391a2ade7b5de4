// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The registers of a device, in memory. On the machine they are loads and stores; a test has a
/// device of its own behind them. Read next: mmio.hpp.
/// @stage{7}
#pragma once

#include "kernel/abi/types.hpp"

#include <stdint.h>

namespace virtio {

using abi::Word;

/// Offsets are in bytes.
class Registers {
public:
    explicit Registers(Word address) : address_(address) {}

    [[nodiscard]] uint32_t load(unsigned at) const;
    [[nodiscard]] uint8_t load_byte(unsigned at) const;
    /// Memory that was written before is there for the device.
    void store(unsigned at, uint32_t value);

private:
    Word address_;
};

} // namespace virtio
