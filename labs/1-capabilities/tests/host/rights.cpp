// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercise 1.6: what a mask leaves of a capability's rights.
/// Read next: kernel/cap/cnode.hpp.
#include "kernel/cap/cnode.hpp"

#include "labs/1-capabilities/tests/host/setting.hpp"

using namespace setting;
using cnode::with_rights;

namespace {

constexpr PAddr object(0x40'0000);

std::string name(Word rights) {
    std::string letters;
    letters += (rights & abi::read) != 0 ? "read " : "";
    letters += (rights & abi::write) != 0 ? "write " : "";
    letters += (rights & abi::grant) != 0 ? "grant " : "";
    letters += (rights & ~Word{7}) != 0 ? "grant-reply " : "";
    return letters.empty() ? "none" : letters;
}

} // namespace

TEST_CASE("rights-notification: a right is left if capability and mask have it") {
    for (Word has = 0; has < 4; has++) {
        for (Word mask = 0; mask < 16; mask++) {
            const NotificationCap cap(object, Badge(6), has);
            const Cap left = with_rights(cap, mask);
            if (!expect("a notification stays one", left.is<NotificationCap>()))
                return;
            const auto view = left.as<NotificationCap>();
            expect_equal(text("rights ", name(has), "with mask ", name(mask)), name(has & mask),
                         name(view.rights()));
            expect_equal("the badge stays", Word{6}, view.badge().value);
            expect("the object stays", view.address() == object);
        }
    }
    expect("a mask with all 64 bits leaves all rights, and no more",
           with_rights(NotificationCap(object, Badge(6), 3), ~Word{0}) ==
               NotificationCap(object, Badge(6), 3));
}

TEST_CASE("rights-frame: a frame that cannot be read cannot be written: no right is left") {
    for (Word has = 0; has < 4; has++) {
        for (Word mask = 0; mask < 4; mask++) {
            const FrameCap cap(object, 1, true, has);
            const Cap left = with_rights(cap, mask);
            const Word both = has & mask;
            if (expect("a frame stays one", left.is<FrameCap>()))
                expect_equal(text("rights ", name(has), "with mask ", name(mask)),
                             name((both & abi::read) != 0 ? both : 0),
                             name(left.as<FrameCap>().rights()));
        }
    }
    const FrameCap cap =
        FrameCap(object, 1, true, abi::all_rights).with_mapping({Asid(3), VAddr(0x20'0000)});
    const Cap left = with_rights(cap, abi::read);
    if (!expect("a frame stays one", left.is<FrameCap>()))
        return;
    const auto view = left.as<FrameCap>();
    expect("the address stays", view.base() == object);
    expect_equal("the size stays: its level", 1U, view.level());
    expect("it is still of a device", view.device());
    expect("where it is mapped stays",
           view.mapping().asid == Asid(3) && view.mapping().vaddr == VAddr(0x20'0000));
}

TEST_CASE("rights-others: capabilities without rights stay as they are") {
    const ThreadCap thread(object);
    const CNodeCap node(object, 4, 1, 3);
    const UntypedCap untyped = UntypedCap(object, 12, false).with_watermark(64);
    const PageTableCap table = PageTableCap(object).with_mapping({Asid(3), VAddr(0x20'0000)});
    for (const Word mask : {Word{0}, Word{abi::read}, Word{abi::all_rights}}) {
        const std::string what = " with mask " + name(mask);
        expect("a thread" + what, with_rights(thread, mask) == thread);
        expect("a CNode" + what, with_rights(node, mask) == node);
        expect("untyped memory" + what, with_rights(untyped, mask) == untyped);
        expect("a page table" + what, with_rights(table, mask) == table);
        expect("an empty slot" + what, with_rights(Cap(), mask).null());
    }
}
