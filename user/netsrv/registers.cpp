// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See registers.hpp.
/// @stage{7}
#include "user/netsrv/registers.hpp"

namespace virtio {

uint32_t Registers::load(unsigned at) const {
    return *reinterpret_cast<const volatile uint32_t*>(address_ + at);
}

uint8_t Registers::load_byte(unsigned at) const {
    return *reinterpret_cast<const volatile uint8_t*>(address_ + at);
}

void Registers::store(unsigned at, uint32_t value) {
    asm volatile("fence w, o" ::: "memory");
    *reinterpret_cast<volatile uint32_t*>(address_ + at) = value;
}

} // namespace virtio
