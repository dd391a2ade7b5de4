// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Untyped memory and frames, as a program sees them: by addresses, and by what can be read.
/// Read next: setting.hpp.
#include "labs/1-capabilities/tests/guest/setting.hpp"

namespace {

constexpr Word page = Word{1} << abi::page_bits;
constexpr Word writing = abi::read | abi::write;

/// An address of the test's own at which tables already lead down to the last level.
Word mapped_place(CPtr frame) { return vspace.map_somewhere(frame); }

Result map(CPtr frame, Word address, Word rights = writing) {
    return sel4::page_map(frame, vspace.root(), address, rights, abi::execute_never);
}

volatile Word& word_at(Word address) { return *reinterpret_cast<volatile Word*>(address); }

} // namespace

TEST("layout: objects lie one behind the other, aligned, and never over each other") {
    const CPtr untyped = allocator.make(ObjectType::untyped, 15);
    const CPtr slots = allocator.slot(8);
    const auto make = [&](const char* what, ObjectType type, Word size, Word slot, Word count = 1) {
        expect_success(what, sel4::untyped_retype(untyped, type, size, slots + slot, count));
    };
    make("a frame", ObjectType::page, 0, 0);
    const Word base = address_of(slots);
    make("a notification", ObjectType::notification, 0, 1);
    make("two frames", ObjectType::page, 0, 2, 2);
    make("a frame", ObjectType::page, 0, 4);
    expect_equal("the frame behind a notification, rounded up to a page", base + 2 * page,
                 address_of(slots + 2));
    expect_equal("the second of two frames", base + 3 * page, address_of(slots + 3));
    expect_equal("the next frame", base + 4 * page, address_of(slots + 4));
    make("untyped memory of 8 KiB", ObjectType::untyped, 13, 5);
    expect_success("a frame of that",
                   sel4::untyped_retype(slots + 5, ObjectType::page, 0, slots + 6));
    expect_equal("it lies behind all others, rounded up to 8 KiB", base + 6 * page,
                 address_of(slots + 6));
    expect_error("nothing is left", Error::not_enough_memory,
                 sel4::untyped_retype(untyped, ObjectType::notification, 0, slots + 7), {0});
}

TEST("shared: one frame, mapped at two addresses, is one memory") {
    const CPtr frame = allocator.make(ObjectType::page);
    const CPtr copied = allocator.slot();
    const Word first = mapped_place(frame);
    expect_success("a copy of a mapped frame", sel4::cap_copy(frame, copied));
    const Word second = mapped_place(copied);
    expect("the frame is mapped", first != 0);
    expect("its copy is too", second != 0);
    if (first == 0 || second == 0)
        return;
    expect_equal("new memory is zero", 0, word_at(first));
    for (Word offset = 0; offset < page; offset += sizeof(Word))
        word_at(first + offset) = seed() + offset;
    for (Word offset = 0; offset < page; offset += sizeof(Word)) {
        if (!expect_equal("a word written at one address, read at the other", seed() + offset,
                          word_at(second + offset)))
            return;
    }
    expect_success("the first is unmapped", sel4::page_unmap(frame));
    expect_equal("the other one stays", seed(), word_at(second));
}

TEST("exchange: what is mapped in place of another frame is what one reads there") {
    const CPtr first = allocator.make(ObjectType::page);
    const CPtr second = allocator.make(ObjectType::page);
    const Word address = mapped_place(first);
    expect("a frame is mapped", address != 0);
    if (address == 0)
        return;
    word_at(address) = 1111;
    expect_error("another one at the same address", Error::delete_first, map(second, address));
    expect_success("the first is unmapped", sel4::page_unmap(first));
    expect_success("the second is mapped there", map(second, address));
    expect_equal("the second is zero", 0, word_at(address));
    word_at(address) = 2222;
    expect_success("the second is unmapped", sel4::page_unmap(second));
    expect_success("the first is mapped there again", map(first, address));
    expect_equal("the first has what was written to it", 1111, word_at(address));
    expect_success("again, in its place", map(first, address, abi::read));
    expect_equal("what it has stays", 1111, word_at(address));
    expect_error("the same capability at another address", Error::invalid_argument,
                 map(first, address + page), {0});
}
