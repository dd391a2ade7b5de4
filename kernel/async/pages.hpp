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

#include "kernel/object/tcb.hpp"
#include "kernel/vm/page_table.hpp"
#include "runtime/lines.hpp"

namespace async {

class Pages {
public:
    /// Serves requests of `owner` in a row, and writes their replies, as long as they map or unmap
    /// a page of 4 KiB as usual. Answers the number of bytes of those that it has served.
    [[nodiscard]] Word serve(const Tcb& owner, const rt::Run& requests, abi::Item* replies);

    /// Every hart has forgotten what was changed.
    void clean() {
        if (!is_clean())
            forget_translations();
    }
    [[nodiscard]] bool is_clean() const { return last_changed_ == nowhere; }
    /// Nothing is known.
    void forget() { known_ = {}; }

private:
    /// What was looked up.
    struct Known {
        static constexpr Word none = ~Word{0}; ///< a pointer like this goes the long way

        Asid asid;                  ///< of the space; 0: none
        PAddr root;                 ///< its root table
        CPtr vspace = none;         ///< that names it in the owner's CSpace
        PageTable* table = nullptr; ///< of level 0
        Word region = none;         ///< which it maps: addresses / 2 MiB
    };

    bool map(Slot& slot, const abi::Item& request, const struct SimpleCSpace& cspace);
    bool unmap(Slot& slot);
    bool use_space(const Cap& cap);
    bool use_space(Asid asid);
    Pte* entry_of(VAddr address);
    Pte* find_entry(VAddr address);
    void forget_translations();

    static constexpr VAddr nowhere{~Word{0}};

    Known known_;
    VAddr last_changed_ = nowhere; ///< of the translations that harts may still have
    Word changed_ = 0; ///< how many those are, in bytes of requests; a run is counted at its end
};

} // namespace async
