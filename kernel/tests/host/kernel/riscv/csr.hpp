// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Stands in for kernel/riscv/csr.hpp on the host, by the order of include folders: registers are
/// words that tests can read. Only what the kernel's tested parts use is here.
/// Read next: kernel/tests/host/machine.hpp.
/// @stage{2}
#pragma once

#include "kernel/lib/types.hpp"

namespace csr {

constexpr unsigned sstatus = 0x100;
/// @cond LAB3
constexpr unsigned time = 0xc01;
/// @endcond

template <unsigned number>
inline Word value = 0;

template <unsigned number>
[[nodiscard]] inline Word read() {
    return value<number>;
}

template <unsigned number>
inline void set(Word bits) {
    value<number> |= bits;
}

template <unsigned number>
inline void clear(Word bits) {
    value<number> &= ~bits;
}

} // namespace csr

namespace status {
constexpr Word fs = 3 << 13;
} // namespace status
