// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The arena, and functions of the kernel that talk to hardware: here they take notes.
/// @stage{1}
#include "kernel/tests/host/machine.hpp"

#include "kernel/lib/print.hpp"
/// @cond LAB2
#include "kernel/riscv/plic.hpp"
/// @endcond
#include "kernel/riscv/sbi.hpp"
/// @cond LAB3
#include "kernel/riscv/timer.hpp"
/// @endcond
#include "kernel/syscall/preempt.hpp"
#include "kernel/vm/kernel_map.hpp"
#include "kernel/vm/page_table.hpp"

#include <cstring>
#include <sanitizer/asan_interface.h>
#include <stdexcept>
#include <sys/mman.h>
/// @cond NONE
#include "kernel/riscv/fpu.hpp"
/// @endcond

namespace host {

Hardware hardware;
Interrupts interrupts;

namespace {

constexpr Word gib = Word{1} << 30;
constexpr Word arena_size = 64 << 20; ///< that is given out; addresses up to a GiB exist
constexpr Word page = 4096;

Word used = 0;

/// The arena lies at a multiple of a GiB, so that what is aligned in it is aligned for the host.
void make_arena() {
    void* start = mmap(nullptr, 2 * gib, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (start == MAP_FAILED)
        throw std::runtime_error("there is no room for the tests' memory");
    window_base = (reinterpret_cast<Word>(start) + gib - 1) & ~(gib - 1);
    ASAN_POISON_MEMORY_REGION(window<char>(PAddr(0)), arena_size);
}

} // namespace

void reset() {
    if (window_base == 0)
        make_arena();
    ASAN_POISON_MEMORY_REGION(window<char>(PAddr(0)), used);
    used = page;
    hardware = {};
    interrupts = {};
}

PAddr memory(unsigned bits) {
    const Word size = Word{1} << bits;
    // A gap as large as the memory, or a page, keeps neighbours apart.
    const PAddr start((used + mask(bits)) & ~mask(bits));
    if (start.value + size > arena_size)
        throw std::runtime_error("the tests' memory is too small");
    used = start.value + size + page;
    ASAN_UNPOISON_MEMORY_REGION(window<char>(start), size);
    std::memset(window<char>(start), 0, size);
    return start;
}

} // namespace host

bool preempt::pending() { return host::interrupts.pending(); }
bool preempt::interrupted() { return host::interrupts.pending(); }

/// @cond LAB2
Word plic::last_irq() { return 95; }
void plic::mask(Word irq) { host::hardware.masked.push_back(irq); }
void plic::unmask(Word irq) { host::hardware.unmasked.push_back(irq); }

/// @endcond
void sbi::send_ipi(Word /*sbi_hart_id*/) {}

void print::put(char /*character*/) {}
void print::part(const char* /*text*/) {}
void print::part(Hex /*number*/) {}
void print::part(Word /*number*/) {}

PAddr kernel_root() { return PAddr(0); }

void copy_kernel_map(PageTable& root) {
    for (unsigned i = 256; i < 512; i++)
        root[i].word = host::kernel_entry;
}

/// @cond LAB3
void timer::set_alarm(HartIndex /*hart*/, Word time) { host::hardware.alarm = time; }

/// @endcond
/// @cond NONE
/// No thread of the tests has touched the unit.
void fpu::change_owner(Tcb& /*tcb*/) {}
/// @endcond
