// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// CNode invocations: rights and badges of copies, errors in their order, nothing done on error.
/// Read next: kernel/cap/cnode.hpp.
/// @stage{2}
#include "kernel/cap/cnode.hpp"

#include "kernel/cap/mdb.hpp"
#include "kernel/tests/host/world.hpp"

#include <doctest/doctest.h>

namespace {

using abi::Error;
using cnode::with_data;
using cnode::with_rights;

/// A CNode of 16 slots, a notification in slot 1.
struct Setting {
    World world;
    Slot& root = world.cnode(4);
    Slot& original = in(root, 1);

    Setting() {
        Slot& notification = world.notification();
        mdb::move(notification.cap, notification, original);
    }
    Error copy(Word to, Word from, Word rights = abi::all_rights, Word depth = 64) {
        return error_of(
            world.invoke(root, abi::CNodeCopy{to, depth, from, depth, rights}, {&root}));
    }
    Error mint(Word to, Word from, Word badge, Word rights = abi::all_rights) {
        return error_of(
            world.invoke(root, abi::CNodeMint{to, 64, from, 64, rights, badge}, {&root}));
    }
    [[nodiscard]] NotificationCap at(Word slot) const {
        return in(root, slot).cap.as<NotificationCap>();
    }
};

} // namespace

TEST_SUITE("cnode") {
    TEST_CASE("rights are only taken away") {
        constexpr PAddr base(0x1000);
        const NotificationCap cap(base, Badge(6), abi::read | abi::grant);
        for (Word rights = 0; rights < 16; rights++)
            CHECK(with_rights(cap, rights) ==
                  NotificationCap(base, Badge(6), rights & (abi::read | abi::grant)));
        CHECK(with_rights(cap, ~Word{0}) == cap);
        const ThreadCap thread(base);
        CHECK(with_rights(thread, 0) == thread);
        /// @cond NONE
        const EndpointCap endpoint(base, Badge(6), 15);
        CHECK(with_rights(endpoint, 6) == EndpointCap(base, Badge(6), 6));
        CHECK(with_rights(ReplyCap(base, true, false), abi::grant) == ReplyCap(base, true, false));
        CHECK(with_rights(ReplyCap(base, true, false), 11) == ReplyCap(base, false, false));
        CHECK(with_rights(ReplyCap(base, false, false), 15) == ReplyCap(base, false, false));
        /// @endcond
    }

    TEST_CASE("a frame that cannot be read cannot be written") {
        const FrameCap frame(PAddr(0x1000), 0, false, abi::all_rights);
        CHECK(with_rights(frame, 3).as<FrameCap>().rights() == 3);
        CHECK(with_rights(frame, abi::read).as<FrameCap>().rights() == abi::read);
        CHECK(with_rights(frame, abi::write).as<FrameCap>().rights() == 0);
        CHECK(with_rights(frame, 0).as<FrameCap>().rights() == 0);
    }

    TEST_CASE("only what has no badge can get one, and only as a copy") {
        const NotificationCap cap(PAddr(0x1000), Badge(0), 5);
        CHECK(with_data(cap, 9, false) == cap.with(Badge(9), 5));
        CHECK(with_data(cap, 9, true).null());
        CHECK(with_data(cap.with(Badge(1), 5), 9, false).null());
        const ThreadCap thread(PAddr(0x1000));
        CHECK(with_data(thread, 9, false) == thread);
        /// @cond NONE
        const EndpointCap endpoint(PAddr(0x1000), Badge(0), 5);
        CHECK(with_data(endpoint, 9, false) == endpoint.with(Badge(9), 5));
        CHECK(with_data(endpoint, 9, true).null());
        CHECK(with_data(endpoint.with(Badge(1), 5), 9, false).null());
        /// @endcond
    }

    TEST_CASE("a CNode gets a guard, if guard and radix are no more than 64 bits") {
        const CNodeCap cap(PAddr(0x1000), 5);
        CHECK(with_data(cap, abi::cnode_data(0xff, 4), false) == cap.with_guard(0xf, 4));
        CHECK(with_data(cap, abi::cnode_data(7, 59), true) == cap.with_guard(7, 59));
        CHECK(with_data(cap, abi::cnode_data(7, 60), true).null());
        CHECK(with_data(cap, abi::cnode_data(1, 0), false) == cap.with_guard(0, 0));
    }

    TEST_CASE("copy and mint") {
        Setting at;
        CHECK(at.copy(2, 1, abi::read) == Error::none);
        CHECK(at.at(2).rights() == abi::read);
        CHECK(at.mint(3, 2, 77) == Error::none);
        CHECK(at.at(3).badge() == Badge(77));
        CHECK(at.at(3).rights() == abi::read);
        CHECK(list_of(at.original) == std::vector{&at.original, &in(at.root, 2), &in(at.root, 3)});
        CHECK(at.mint(4, 3, 78) == Error::illegal_operation);
        CHECK(in(at.root, 4).empty());
        CHECK(at.mint(4, 1, 0) == Error::none);
        CHECK_FALSE(in(at.root, 4).mdb.revocable());
    }

    TEST_CASE("move and mutate") {
        Setting at;
        CHECK(at.world.ok(at.root, abi::CNodeMove{2, 64, 1, 64}, {&at.root}));
        CHECK(in(at.root, 1).empty());
        CHECK(at.at(2).rights() == (abi::read | abi::write));
        CHECK(error_of(at.world.invoke(at.root, abi::CNodeMutate{3, 64, 2, 64, 5}, {&at.root})) ==
              Error::illegal_operation);
        Slot& node = at.world.cnode(2);
        mdb::move(node.cap, node, in(at.root, 5));
        const abi::CNodeMutate mutate{6, 64, 5, 64, abi::cnode_data(1, 3)};
        CHECK(at.world.ok(at.root, mutate, {&at.root}));
        CHECK(in(at.root, 6).cap.as<CNodeCap>().guard() == 1);
        CHECK(in(at.root, 5).empty());
    }

    TEST_CASE("errors come in seL4's order, and change nothing") {
        Setting at;
        CHECK(at.copy(16, 1) == Error::failed_lookup);
        CHECK(at.copy(1, 9) == Error::delete_first);
        CHECK(at.copy(2, 9) == Error::failed_lookup);
        CHECK(at.copy(2, 1, 15, 65) == Error::range_error);
        const auto label = static_cast<Word>(abi::Label::cnode_copy);
        const std::vector<Word> words = {2, 64, 1, 64, 15};
        const auto with = [&](unsigned count, bool cap) {
            const std::span part(words.data(), count);
            return error_of(cap ? at.world.invoke_words(at.root, label, part, {&at.root})
                                : at.world.invoke_words(at.root, label, part, {}));
        };
        CHECK(with(1, true) == Error::truncated_message);
        CHECK(with(3, true) == Error::truncated_message);
        CHECK(with(4, true) == Error::truncated_message);
        CHECK(with(5, false) == Error::truncated_message);
        CHECK(in(at.root, 2).empty());
        CHECK(with(5, true) == Error::none);
        CHECK(error_of(at.world.invoke_words(at.root, 999, words, {})) == Error::illegal_operation);
    }

    TEST_CASE("what cannot be copied: illegal operation; it can be moved") {
        Setting at;
        Slot& control = at.world.slot(IrqControlCap());
        mdb::move(control.cap, control, in(at.root, 3));
        CHECK(at.copy(4, 3) == Error::illegal_operation);
        CHECK(at.world.ok(at.root, abi::CNodeMove{4, 64, 3, 64}, {&at.root}));
        CHECK(in(at.root, 4).cap.is<IrqControlCap>());
    }

    TEST_CASE("delete of an empty slot, and a revoke without children, are done at once") {
        Setting at;
        CHECK(at.world.ok(at.root, abi::CNodeDelete{9, 64}));
        CHECK(at.world.ok(at.root, abi::CNodeRevoke{9, 64}));
        CHECK(at.world.ok(at.root, abi::CNodeRevoke{1, 64}));
        CHECK_FALSE(in(at.root, 1).empty());
        CHECK(error_of(at.world.invoke(at.root, abi::CNodeDelete{16, 64})) == Error::failed_lookup);
    }

    TEST_CASE("a revoke takes the copies and leaves the original") {
        Setting at;
        CHECK(at.mint(2, 1, 5) == Error::none);
        CHECK(at.copy(3, 2) == Error::none);
        CHECK(at.copy(4, 1) == Error::none);
        CHECK(at.world.ok(at.root, abi::CNodeRevoke{2, 64}));
        CHECK(in(at.root, 3).empty());
        CHECK_FALSE(in(at.root, 4).empty());
        CHECK(at.world.ok(at.root, abi::CNodeRevoke{1, 64}));
        CHECK(list_of(at.original) == std::vector{&at.original});
    }
}
