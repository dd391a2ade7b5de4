// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Untyped_Retype: what is refused, in seL4's order, with what the answer tells.
/// Read next: kernel/cap/untyped.cpp.
/// @stage{2}
#include "kernel/cap/mdb.hpp"
#include "kernel/tests/host/world.hpp"

#include <doctest/doctest.h>

namespace {

using abi::Error;
using abi::ObjectType;

constexpr Word number(ObjectType type) { return static_cast<Word>(type); }

struct Setting {
    World world;
    Slot& root = world.cnode(4);
    Slot& untyped = world.untyped(16);

    Failure failure_of(const abi::UntypedRetype& message) {
        const auto result = world.invoke(untyped, message, {&root});
        return result ? Failure{} : result.error();
    }
    /// One object at slot `offset`.
    Failure failure_of(Word type, Word size_bits, Word offset = 0, Word count = 1) {
        return failure_of({type, size_bits, 0, 0, offset, count});
    }
};

void check_range(const Failure& failure, Word least, Word greatest) {
    CHECK(failure.error == Error::range_error);
    CHECK(failure.first == least);
    CHECK(failure.second == greatest);
}

void check_argument(const Failure& failure, Word argument) {
    CHECK(failure.error == Error::invalid_argument);
    CHECK(failure.first == argument);
}

} // namespace

TEST_SUITE("retype") {
    TEST_CASE("type and size") {
        Setting at;
        check_argument(at.failure_of(9, 0), 0);
        check_argument(at.failure_of(~Word{0}, 0), 0);
        check_range(at.failure_of(number(ObjectType::untyped), 64), 0, 38);
        check_range(at.failure_of(number(ObjectType::untyped), 39), 0, 38);
        check_range(at.failure_of(number(ObjectType::cnode), 34), 0, 38);
        check_range(at.failure_of(number(ObjectType::cnode), ~Word{0}), 0, 38);
        check_argument(at.failure_of(number(ObjectType::cnode), 0), 1);
        check_argument(at.failure_of(number(ObjectType::untyped), 3), 1);
        CHECK(at.failure_of(number(ObjectType::untyped), 38).error == Error::not_enough_memory);
        CHECK(at.failure_of(number(ObjectType::cnode), 33).error == Error::not_enough_memory);
        check_range(at.failure_of(number(ObjectType::tcb), 64), 0, 38);
        CHECK(at.failure_of(number(ObjectType::giga_page), 0).error == Error::not_enough_memory);
    }

    /// @cond NONE
    TEST_CASE("endpoints exist in profile sel4 only") {
        Setting at;
        if (config::synchronous_ipc)
            CHECK(at.failure_of(number(ObjectType::endpoint), 0).error == Error::none);
        else
            check_argument(at.failure_of(number(ObjectType::endpoint), 0), 0);
    }
    /// @endcond

    TEST_CASE("the window of slots") {
        Setting at;
        const Word type = number(ObjectType::notification);
        check_range(at.failure_of(type, 0, 16), 0, 15);
        check_range(at.failure_of(type, 0, ~Word{0}), 0, 15);
        check_range(at.failure_of(type, 0, 0, 0), 1, 256);
        check_range(at.failure_of(type, 0, 0, 257), 1, 256);
        check_range(at.failure_of(type, 0, 3, 14), 1, 13);
        check_range(at.failure_of(type, 0, 15, 256), 1, 1);
        CHECK(at.failure_of(type, 0, 3, 13).error == Error::none);
        CHECK(at.failure_of(type, 0, 2, 2).error == Error::delete_first);
        CHECK(in(at.root, 2).empty());
        CHECK(at.failure_of(type, 0, 1, 2).error == Error::none);
    }

    TEST_CASE("the CNode is looked up from the root that comes along") {
        Setting at;
        Slot& inner = at.world.cnode(2);
        const Cap node = inner.cap;
        mdb::move(node, inner, in(at.root, 5));
        const Word type = number(ObjectType::notification);
        CHECK(at.failure_of({type, 0, 5, 64, 3, 1}).error == Error::none);
        CHECK_FALSE(node.as<CNodeCap>().slots()[3].empty());
        CHECK(at.failure_of({type, 0, 6, 64, 3, 1}).error == Error::failed_lookup);
        CHECK(at.failure_of({type, 0, 16, 64, 3, 1}).error == Error::failed_lookup);
        check_range(at.failure_of({type, 0, 5, 65, 3, 1}), 1, 64);
        const Failure missing = at.failure_of({type, 0, 6, 64, 3, 1});
        CHECK(missing.lookup.type == abi::LookupFailure::missing_capability);
        CHECK(missing.lookup.bits_left == 64);
        Slot& thread = at.world.thread();
        CHECK(error_of(at.world.invoke(at.untyped, abi::UntypedRetype{type, 0, 0, 0, 0, 1},
                                       {&thread})) == Error::failed_lookup);
    }

    TEST_CASE("a refusal leaves untyped and slots as they are") {
        Setting at;
        const Cap before = at.untyped.cap;
        CHECK(at.failure_of(number(ObjectType::page), 0, 0, 16).error == Error::none);
        CHECK(at.untyped.cap != before);
        const Cap full = at.untyped.cap;
        Setting other;
        CHECK(other.failure_of(number(ObjectType::mega_page), 0).error == Error::not_enough_memory);
        CHECK(other.untyped.cap.as<UntypedCap>().watermark() == 0);
        CHECK(full.as<UntypedCap>().watermark() == 0x10000);
    }

    TEST_CASE("too few words or no root: truncated") {
        Setting at;
        const auto label = static_cast<Word>(abi::Label::untyped_retype);
        const Word words[] = {number(ObjectType::notification), 0, 0, 0, 0, 1};
        const std::span all(words);
        CHECK(error_of(at.world.invoke_words(at.untyped, label, all.first(5), {&at.root})) ==
              Error::truncated_message);
        CHECK(error_of(at.world.invoke_words(at.untyped, label, all, {})) ==
              Error::truncated_message);
    }
}
