// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Lookups and copies in CNodes that lie in the machine's memory.
/// Read next: setting.hpp.
#include "kernel/cap/cspace.hpp"

#include "kernel/cap/cnode.hpp"
#include "kernel/cap/mdb.hpp"
#include "labs/1-capabilities/tests/kernel/setting.hpp"

using namespace setting;

KERNEL_TEST("resolve-machine: a pointer of 64 bits leads through three CNodes with guards") {
    reset();
    const CNodeCap last = cnode_of(6, 0x155, 10);
    const CNodeCap middle = cnode_of(4, 0xabcde, 20);
    const CNodeCap root = cnode_of(4, 0x87654, 20);
    in(root, 9).cap = middle;
    in(middle, 7).cap = last;
    in(root, 3).cap = ThreadCap(PAddr(0x8000'0000));
    const CPtr pointer =
        ((((Word{0x87654} << 4 | 9) << 20 | 0xabcde) << 4 | 7) << 10 | 0x155) << 6 | 33;
    const auto found = cspace::resolve(root, pointer, 64);
    if (expect("the lookup succeeds", found.has_value())) {
        expect_equal("slot of the third CNode where it ends", 33, index_of(last, *found->slot));
        expect_equal("bits left", 0, found->bits_left);
    }
    const auto thread = cspace::resolve(root, Word{0x876543} << 40 | 0x123, 64);
    if (expect("a lookup that meets a thread succeeds", thread.has_value())) {
        expect_equal("slot of the first CNode where it ends", 3, index_of(root, *thread->slot));
        expect_equal("bits left there", 40, thread->bits_left);
    }
    const auto wrong = cspace::resolve(root, pointer ^ Word{1} << 10, 64);
    if (expect("with a wrong bit in the third guard the lookup fails", !wrong.has_value())) {
        expect_equal("the failure is a mismatch of guards",
                     static_cast<Word>(abi::LookupFailure::guard_mismatch),
                     static_cast<Word>(wrong.error().type));
        expect_equal("bits left at that CNode", 16, wrong.error().bits_left);
        expect_equal("the guard of that CNode", 0x155, wrong.error().detail);
        expect_equal("the size of that guard", 10, wrong.error().guard_size);
    }
}

KERNEL_TEST("copy-rights: CNode_Copy gives no right that the source has not") {
    reset();
    const CNodeCap node = cnode_of(4, 0, 60);
    Slot& root = slot(node);
    in(node, 1).cap = FrameCap(PAddr(0x8000'0000), 0, false, abi::read | abi::write);
    in(node, 1).mdb.set_flags(true, true);
    const auto copy = [&](Word to, Word from, Word rights) {
        Invocation call = invocation(abi::CNodeCopy{to, 64, from, 64, rights}, {&root});
        return error_of(cnode::invoke(call, root.cap));
    };
    const auto rights_of = [&](Word index) { return in(node, index).cap.as<FrameCap>().rights(); };
    expect_equal("error of a copy with the right to read", 0, copy(2, 1, abi::read));
    expect_equal("error of a copy of that with all rights", 0, copy(3, 2, abi::all_rights));
    expect_equal("error of a copy with the right to write", 0, copy(4, 1, abi::write));
    expect_equal("rights of the first copy: to read (2)", abi::read, rights_of(2));
    expect_equal("rights of its copy: to read (2), no more", abi::read, rights_of(3));
    expect_equal("rights of the copy that cannot be read: none", 0, rights_of(4));
    expect("the copies are children of the original", mdb::has_children(in(node, 1)));
}
