// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The user-interrupt registers of this hart: what a switch of threads saves and loads. Every
/// program can write those of U-mode, whether it is registered for interrupts or not; so they are
/// one more way in which programs could meet, and are cleared where they would.
/// Reference: N extension, draft 1.1; UINTC specification. Read next: kernel/object/receiver.cpp.
/// @stage{3}
#pragma once

#include "kernel/object/context.hpp"
#include "kernel/riscv/csr.hpp"

namespace user_interrupt {

/// Have the harts these registers? Immutable after boot.
extern constinit bool exist;

/// Finds out. Traps must not be set up yet: they go elsewhere meanwhile.
void probe();

/// Nothing of a program is left in the registers of U-mode. uie and uip are none: for a program
/// without a receiver, and with receive_none(), they read and stay zero.
[[gnu::always_inline]] inline void clear() {
    csr::write<csr::utvec>(0);
    csr::write<csr::uscratch>(0);
    csr::write<csr::uepc>(0);
    csr::write<csr::ucause>(0);
    csr::write<csr::utval>(0);
    csr::clear<csr::ustatus>(status::uie | status::upie);
}

/// The state at the end of boot: no exception and no interrupt goes to U-mode. `controller`: there
/// is one, and its registers on this hart.
void reset(bool controller);

/// Reads them for a thread that stops.
[[gnu::always_inline]] inline void save(UserInterruptContext& context) {
    context.utvec = csr::read<csr::utvec>();
    context.uscratch = csr::read<csr::uscratch>();
    context.uepc = csr::read<csr::uepc>();
    context.ucause = csr::read<csr::ucause>();
    context.utval = csr::read<csr::utval>();
    context.uie = csr::read<csr::uie>();
    context.ustatus = csr::read<csr::ustatus>();
}

/// Writes them for a thread that goes on. @pre receive() came before: it opens uie and uip
[[gnu::always_inline]] inline void load(const UserInterruptContext& context) {
    csr::write<csr::utvec>(context.utvec);
    csr::write<csr::uscratch>(context.uscratch);
    csr::write<csr::uepc>(context.uepc);
    csr::write<csr::ucause>(context.ucause);
    csr::write<csr::utval>(context.utval);
    csr::write<csr::uie>(context.uie);
    csr::write<csr::ustatus>(context.ustatus);
    csr::clear<csr::sip>(interrupt::user_software);
}

/// @cond NONE
/// The same for a thread that parks, which is in no handler: its UIE is 0, and what a trap writes
/// means nothing.
[[gnu::always_inline]] inline void save_parked(UserInterruptContext& context) {
    context.utvec = csr::read<csr::utvec>();
    context.uscratch = csr::read<csr::uscratch>();
    context.uie = csr::read<csr::uie>();
    context.ustatus = 0;
}
[[gnu::always_inline]] inline void load_parked(const UserInterruptContext& context) {
    csr::write<csr::utvec>(context.utvec);
    csr::write<csr::uscratch>(context.uscratch);
    csr::write<csr::uepc>(0);
    csr::write<csr::ucause>(0);
    csr::write<csr::utval>(0);
    csr::write<csr::uie>(context.uie);
    csr::clear<csr::ustatus>(status::uie | status::upie);
    csr::clear<csr::sip>(interrupt::user_software);
}

/// @endcond
/// User interrupts of this hart come from receiver `index` from now on, not from another one.
inline void receive_instead(Word index) {
    constexpr Word enable = Word{1} << 63;
    csr::write<csr::suirs>(enable | index);
}

/// User interrupts of this hart come from receiver `index`, and go to the program.
inline void receive(Word index) {
    receive_instead(index);
    csr::write<csr::sideleg>(interrupt::user_software);
}

/// There are none.
inline void receive_none() {
    csr::clear<csr::sip>(interrupt::user_software);
    csr::clear<csr::sie>(interrupt::user_software);
    csr::write<csr::suirs>(0);
    csr::write<csr::sideleg>(0);
}

/// uipi.send looks its index up in this table of so many pages. 0: nowhere.
inline void use_senders(PAddr table, Word pages = 1) {
    constexpr Word enable = Word{1} << 63;
    csr::write<csr::suist>(table == PAddr(0) ? 0 : enable | pages << 44 | table.value >> 12);
}

/// uipi.send, as programs do it.
inline void send(Word index) {
    asm volatile(".insn r 0x7b, 6, 0, x0, %0, x0" : : "r"(index) : "memory");
}

/// What was written to a table of senders before counts for every uipi.send from now on.
inline void publish_senders() { asm volatile("fence w, rw" : : : "memory"); }

/// A program without a receiver has enabled a user interrupt and caused it: it came to the kernel.
inline void refuse() {
    csr::clear<csr::sip>(interrupt::user_software);
    csr::clear<csr::sie>(interrupt::user_software);
}

} // namespace user_interrupt
