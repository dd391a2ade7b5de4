// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The walk that hardware makes at every miss of its cache of translations, in software.
/// @stage{1}
#include "kernel/vm/page_table.hpp"

#include "kernel/lib/inlining.hpp"
#include "kernel/lib/todo.hpp"

// Your own helpers: begin
// Your own helpers: end

/// Ends at an entry that leads to no table (it is not valid, or a leaf), or at level 0, whatever is
/// there.
/// @lab{1.8} from the root to the deepest table for an address
INLINED_WHEN_LINKED Walk walk(PageTable& root, VAddr address) {
    unsigned level = page_table_levels - 1;
    Pte* entry = &root.entry(address, level);
    while (level > 0 && entry->is_table()) {
        level--;
        entry = &entry->next().entry(address, level);
    }
    return {*entry, level};
}
