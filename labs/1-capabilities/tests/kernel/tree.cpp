// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The derivation tree on the machine: many copies, in an order that the seed gives.
/// Read next: setting.hpp.
#include "kernel/cap/mdb.hpp"

#include "kernel/cap/untyped.hpp"
#include "labs/1-capabilities/tests/history.hpp"
#include "labs/1-capabilities/tests/kernel/setting.hpp"
#include "labs/lib/protocol.hpp"

using namespace setting;

namespace {

constexpr unsigned copies = 40;

/// What the test itself knows of a slot.
struct Known {
    Slot* slot;
    unsigned parent; ///< of all copies the original, or the one that has the badge
    Word badge;
};

/// A copy of one that is known, with a badge of its own or the same.
Known copy_of(Known* known, unsigned source, Word badge, Slot& place) {
    const Known& from = known[source];
    const bool starts = badge != 0 && from.badge == 0;
    const Word given = starts ? badge : from.badge;
    mdb::insert(from.slot->cap.as<NotificationCap>().with(Badge(given), abi::all_rights),
                *from.slot, place);
    // The original and first bearers of a badge are parents of their copies; copies are not.
    const bool is_parent = source == 0 || (from.badge != 0 && known[from.parent].badge == 0);
    return {&place, is_parent ? source : from.parent, given};
}

/// Is `ancestor` above `node`?
bool is_above(const Known* known, unsigned ancestor, unsigned node) {
    while (node != 0 && node != ancestor)
        node = known[node].parent;
    return node == ancestor;
}

} // namespace

KERNEL_TEST("tree-machine: each copy follows its source, and children follow their parents") {
    reset();
    history::Random random(kernel_test::seed());
    Known known[copies + 1] = {};
    known[0] = {&slot(NotificationCap(take(abi::notification_bits), Badge(0), 3)), 0, 0};
    for (unsigned i = 1; i <= copies; i++) {
        const unsigned source = random.below(i);
        Slot& place = *window<Slot>(take(abi::slot_bits));
        known[i] = copy_of(known, source, random.below(3), place);
        lab::Line what;
        what.add("copy ").add(i).add(" of ").add(source).add(" (0 is the original): it ");
        lab::Line links = what;
        expect(what.add("follows its source in the list").c_str(),
               known[source].slot->mdb.next() == &place);
        expect(links.add("and its neighbours have links to each other").c_str(),
               mdb::linked(place));
    }
    unsigned listed = 0;
    for (const Slot* next = known[0].slot; next != nullptr; next = next->mdb.next())
        listed++;
    expect_equal("capabilities in the list", copies + 1, listed);
    for (unsigned i = 0; i <= copies; i++) {
        const Slot* const next = known[i].slot->mdb.next();
        unsigned follower = 0;
        while (follower <= copies && known[follower].slot != next)
            follower++;
        const bool has_child = next != nullptr && is_above(known, i, follower);
        lab::Line what;
        what.add("copy ").add(i).add(" of ").add(known[i].parent).add(", badge ");
        what.add(known[i].badge).add(": has children if one follows it (0: no, 1: yes)");
        expect_equal(what.c_str(), has_child ? 1 : 0, mdb::has_children(*known[i].slot) ? 1 : 0);
    }
}
