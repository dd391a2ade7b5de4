// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Short cut for what asynchronous calls are made for: many pages mapped and unmapped in a row.
/// What the calls of one turn share is looked up once: the address space, the page table; and
/// translations are forgotten once, for all of them. Whatever is not the usual case goes the long
/// way, with the same effects and errors.
/// Always holds: a translation that was changed is forgotten on every hart before a reply is
/// published, and before any other call begins (clean()); what was looked up counts only as long as
/// no other call was made (forget()).
/// Read next: pages.cpp, registration.cpp.
/// @stage{6}
#pragma once

#include "kernel/abi/ring.hpp"
#include "kernel/object/tcb.hpp"
#include "kernel/vm/page_table.hpp"

namespace async {

class Pages {
public:
    /// Serves a request of `owner`, and writes the reply, if it maps or unmaps a page of 4 KiB as
    /// usual. Else false, and nothing was done.
    [[nodiscard]] bool serve(Tcb& owner, const abi::Item& request, abi::Item& reply);

    /// Every hart has forgotten what was changed.
    void clean() {
        if (changed_ != 0)
            forget_translations();
    }
    [[nodiscard]] bool is_clean() const { return changed_ == 0; }
    /// Nothing is known.
    void forget() {
        space_ = {};
        named_ = false;
        table_ = nullptr;
    }

private:
    bool map(Slot& slot, Tcb& owner, const abi::Item& request);
    bool unmap(Slot& slot);
    bool use_space(const Cap& cap);
    bool use_space(Asid asid);
    Pte* entry_of(VAddr address);
    void change(Pte& entry, Pte value, VAddr address);
    void forget_translations();

    vm::Space space_;            ///< in use; asid 0: none
    bool named_ = false;         ///< by the owner, which has a capability to it:
    CPtr vspace_ = 0;            ///< this one
    PageTable* table_ = nullptr; ///< of level 0
    Word region_ = 0;            ///< what it maps: addresses / 2 MiB
    Word changed_ = 0;           ///< translations that harts may still have
    VAddr last_changed_;
};

} // namespace async
