// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// User mode as the kernel sees it: a context is loaded by return_to_user, some instructions run,
/// and the next trap comes back here, before anything is done about it. Nothing but entry.S lies
/// in between.
///
///     test ──run(context)──> return_to_user ──sret──> instructions of user mode
///       <── the trap ── syscall_entry or trap_entry <── trap_vector <──┘
///
/// The linker's option --wrap lets entry.S call functions of user_mode.cpp instead of the kernel's
/// syscall_entry, trap_entry and kernel_trapped. They pass everything on if no test has run.
/// Read next: user_mode.cpp, user_code.hpp.
#pragma once

#include "kernel/cap/views.hpp"
#include "kernel/syscall/trap.hpp"
#include "labs/2-notification/tests/kernel/setting.hpp"

namespace setting {

/// Where entry.S went, and with what.
struct Trap {
    enum Entry : Word { none, system_call, exception, of_kernel };
    Entry entry;
    Word arguments[8]; ///< a0 to a7
    Word sp;
    Word tp;
    Word sscratch;
};

/// An address space with a page of instructions and one of data. While it lives, the hart uses it.
class Space {
public:
    Space();
    ~Space();
    Space(const Space&) = delete;
    Space& operator=(const Space&) = delete;

    /// The capability to its root.
    [[nodiscard]] const PageTableCap& root() const { return root_; }
    /// Word `index` of the page of data, by the kernel's own address.
    [[nodiscard]] Word& data(Word index) const { return data_[index]; }
    /// Its address in user mode.
    [[nodiscard]] static Word data_address(Word index);
    /// Where instructions of user_code.hpp are in user mode.
    [[nodiscard]] static Word code_address(const char* label);

private:
    void map(VAddr address, PAddr page, Word permissions);

    AsidPoolCap pool_;
    PageTableCap root_;
    Word* data_;
};

/// Loads `context` and lets user mode run until its next trap.
Trap run(Context& context);

/// The same; but its next trap is answered with context `next`, and the one after that comes back.
/// Both are told, in order.
struct Traps {
    Trap first;
    Trap second;
};
Traps run(Context& context, Context& next);

/// What the kernel's own syscall_entry or trap_entry does about a trap: the context to load.
Context* serve(const Trap& trap);

/// The trap of a load by the kernel itself from an address where nothing is; `pc`: of the load.
Trap trap_of_kernel(Word address, Word& pc);

} // namespace setting
