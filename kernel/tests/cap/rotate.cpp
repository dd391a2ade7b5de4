// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// CNode_Rotate: three slots, or two that change places.
/// Read next: kernel/cap/cnode.cpp.
/// @stage{2}
#include "kernel/cap/mdb.hpp"
#include "kernel/tests/host/world.hpp"

#include <doctest/doctest.h>

namespace {

using abi::Error;

/// A CNode with CNodes of radix 1, 2 and 3 in its slots of these numbers.
struct Rotation {
    World world;
    Slot& root = world.cnode(4);

    Rotation() {
        for (unsigned radix = 1; radix < 4; radix++) {
            Slot& node = world.cnode(radix);
            mdb::move(node.cap.as<CNodeCap>().with_guard(0, 0), node, in(root, radix));
        }
    }
    /// @param badge, pivot_badge the guards of what comes from pivot and source
    Result<Outcome> rotate(Word to, Word pivot, Word source, Word badge = 0, Word pivot_badge = 0) {
        return world.invoke(root,
                            abi::CNodeRotate{to, 64, badge, pivot, 64, pivot_badge, source, 64},
                            {&root, &root});
    }
    [[nodiscard]] unsigned radix_at(Word slot) const {
        const Cap& cap = in(root, slot).cap;
        return cap.null() ? 0 : cap.as<CNodeCap>().radix();
    }
};

} // namespace

TEST_SUITE("rotate") {
    TEST_CASE("the pivot goes to the destination, the source to the pivot") {
        Rotation at;
        CHECK(at.rotate(5, 1, 2, abi::cnode_data(1, 4), abi::cnode_data(2, 5)) == Outcome::done);
        CHECK(at.radix_at(5) == 1);
        CHECK(at.radix_at(1) == 2);
        CHECK(at.radix_at(2) == 0);
        CHECK(in(at.root, 5).cap.as<CNodeCap>().guard() == 1);
        CHECK(in(at.root, 5).cap.as<CNodeCap>().guard_size() == 4);
        CHECK(in(at.root, 1).cap.as<CNodeCap>().guard() == 2);
        CHECK(mdb::linked(in(at.root, 5)));
    }

    TEST_CASE("with source and destination the same they are exchanged") {
        Rotation at;
        CHECK(at.rotate(2, 1, 2, abi::cnode_data(1, 4), abi::cnode_data(2, 5)) == Outcome::done);
        CHECK(at.radix_at(2) == 1);
        CHECK(at.radix_at(1) == 2);
        CHECK(in(at.root, 2).cap.as<CNodeCap>().guard() == 1);
        CHECK(in(at.root, 1).cap.as<CNodeCap>().guard() == 2);
    }

    TEST_CASE("errors change nothing") {
        Rotation at;
        CHECK(error_of(at.rotate(5, 1, 1)) == Error::illegal_operation);
        CHECK(error_of(at.rotate(1, 1, 2)) == Error::illegal_operation);
        CHECK(error_of(at.rotate(3, 1, 2)) == Error::delete_first);
        CHECK(error_of(at.rotate(16, 1, 2)) == Error::failed_lookup);
        CHECK(error_of(at.rotate(5, 1, 2, abi::cnode_data(0, 63))) == Error::none);
        Rotation other;
        CHECK(error_of(other.rotate(5, 1, 2, 0, abi::cnode_data(0, 63))) ==
              Error::illegal_operation);
        CHECK(other.radix_at(1) == 1);
        CHECK(other.radix_at(2) == 2);
    }

    TEST_CASE("an empty source is of the source, an empty pivot is not") {
        Rotation at;
        const auto source = at.rotate(5, 1, 9);
        REQUIRE(error_of(source) == Error::failed_lookup);
        CHECK(source.error().of_source);
        CHECK(source.error().lookup.type == abi::LookupFailure::missing_capability);
        CHECK(source.error().lookup.bits_left == 64);
        const auto pivot = at.rotate(5, 9, 2);
        REQUIRE(error_of(pivot) == Error::failed_lookup);
        CHECK_FALSE(pivot.error().of_source);
    }

    TEST_CASE("all words and two capabilities are needed once the destination is known") {
        Rotation at;
        const auto label = static_cast<Word>(abi::Label::cnode_rotate);
        const Word words[] = {5, 64, 0, 1, 64, 0, 2, 64};
        const std::span all(words);
        CHECK(error_of(at.world.invoke_words(at.root, label, all, {&at.root})) ==
              Error::truncated_message);
        CHECK(error_of(at.world.invoke_words(at.root, label, all.first(7), {&at.root, &at.root})) ==
              Error::truncated_message);
        CHECK(at.world.invoke_words(at.root, label, all, {&at.root, &at.root}) == Outcome::done);
    }
}
