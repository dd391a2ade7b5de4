// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Stands in for kernel/riscv/tlb.hpp on the host, by the order of include folders: what is asked
/// of the hardware is written down.
/// Read next: kernel/tests/host/machine.hpp.
/// @stage{1}
#pragma once

#include "kernel/tests/host/machine.hpp"

namespace tlb {

inline void use(const vm::Space& space) { host::hardware.spaces.push_back(space); }

inline void flush_page(Asid asid, VAddr address) {
    host::note_flush();
    host::hardware.flushes.push_back({asid, address, false});
}

inline void flush_space(Asid asid) {
    host::note_flush();
    host::hardware.flushes.push_back({asid, VAddr(0), true});
}

inline void flush_all() {
    host::note_flush();
    host::hardware.full_flushes++;
}

} // namespace tlb
