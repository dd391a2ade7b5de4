// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercise 1.9: frames in page tables. The tables are made by hand here, and read by hand.
/// Read next: kernel/vm/vspace.hpp.
#include "kernel/vm/vspace.hpp"

#include "labs/1-capabilities/tests/host/setting.hpp"

#include <algorithm>

using namespace setting;
using abi::Error;

namespace {

constexpr PAddr memory(0x2000'0000); ///< what is mapped; nobody touches it
constexpr Word base = 0x4000'0000;
constexpr Word mega = 0x20'0000;
constexpr Word giga = 0x4000'0000;
constexpr Word seen = Pte::valid | Pte::user | Pte::accessed | Pte::dirty;

/// A root table with an ASID.
struct Space {
    World world;
    AsidPoolCap pool{host::memory(abi::asid_pool_bits), Asid(0)};
    Slot& root = space(Asid(5));

    Space() { asid::install_pool(pool); }

    PAddr table() { return host::memory(abi::page_table_bits); }
    Slot& space(Asid asid) {
        const PageTableCap cap(table());
        pool.object().entries[asid.value].assign(cap.base());
        return world.slot(cap.with_mapping({asid, VAddr(0)}));
    }
    Slot& frame(PAddr address, unsigned level = 0, Word rights = abi::all_rights) {
        return world.slot(FrameCap(address, level, false, rights));
    }
    Result<Outcome> map(Slot& frame, Word address, Slot& space, Word rights = 3,
                        Word attributes = abi::execute_never) {
        return world.invoke(frame, abi::PageMap{address, rights, attributes}, {&space});
    }
    Result<Outcome> map(Slot& frame, Word address) { return map(frame, address, root); }

    /// The entry for an address in the table at `level`; the tables above it are made.
    Pte& entry(Word address, unsigned level) {
        PageTable* found = window<PageTable>(root.cap.as<PageTableCap>().base());
        for (unsigned above = 2; above > level; above--) {
            Pte& next = (*found)[static_cast<unsigned>(address >> (12 + 9 * above) & 511)];
            if (!next.is_valid())
                next = Pte::table(table());
            found = &next.next();
        }
        return (*found)[static_cast<unsigned>(address >> (12 + 9 * level) & 511)];
    }
};

/// The entry is a leaf of this memory with exactly these of the bits R, W and X.
void expect_leaf(const std::string& what, PAddr address, Word permissions, const Pte& entry) {
    if (!expect(what + ": there is a leaf, and the entry is " + lab::shown(entry.word),
                entry.is_leaf()))
        return;
    expect_equal(what + ": it maps address", address.value, entry.address().value);
    expect_equal(what + ": bits R (2), W (4) and X (8)", permissions, entry.word & 14);
    expect_equal(what + ": bits V, U, A and D are set", seen, entry.word & seen);
}

void expect_nothing(const std::string& what, const Pte& entry) {
    expect_equal(what + ": nothing is mapped: the entry", 0U, entry.word);
}

/// The capability says that it is mapped, and where.
void expect_mapped(const Slot& frame, Word address, Asid asid = Asid(5)) {
    const auto cap = frame.cap.as<FrameCap>();
    expect_equal("the capability notes the ASID", asid.value, cap.mapping().asid.value);
    expect_equal("the capability notes the address", address, cap.mapping().vaddr.value);
}

/// Hardware was told to forget this address, or more.
void expect_flushed(const std::string& what, Word address) {
    const auto covers = [&](const host::Flush& flush) {
        return flush.asid == Asid(5) && (flush.whole_space || flush.address == VAddr(address));
    };
    expect(what + ": the address was flushed for its ASID",
           host::hardware.full_flushes != 0 || std::ranges::any_of(host::hardware.flushes, covers));
    host::hardware = {};
}

/// An error that names argument or capability `number`.
void expect_number(const std::string& what, Error error, Word number, const Result<Outcome>& got) {
    if (expect_error(what, error, got))
        expect_equal(what + ": its number in the error", number, got.error().first);
}

void expect_missing(const std::string& what, Word bits, const Result<Outcome>& got) {
    if (!expect_error(what, Error::failed_lookup, got))
        return;
    expect(what + ": a capability, the table's, is missing",
           got.error().lookup.type == abi::LookupFailure::missing_capability);
    expect_equal(what + ": bits of the address that are left", bits, got.error().lookup.bits_left);
}

} // namespace

TEST_CASE("map-new: the entry is a leaf, the capability notes where, the address is flushed") {
    Space at;
    Pte& entry = at.entry(base + 0x3000, 0);
    Slot& frame = at.frame(memory);
    host::hardware.watched = &entry.word;
    expect_success("a frame is mapped", at.map(frame, base + 0x3000));
    expect_equal("when the address is flushed, the entry is written already: it", entry.word,
                 host::hardware.at_flush);
    expect_leaf("a frame at 0x40003000, to be read and written", memory, 6, entry);
    expect_mapped(frame, base + 0x3000);
    expect_flushed("after mapping", base + 0x3000);
    expect_nothing("0x40004000, its neighbour", at.entry(base + 0x4000, 0));
    const Word last = abi::user_top - 0x1000;
    Pte& last_entry = at.entry(last, 0);
    expect_success("the last page below user_top, 0x3fffffe000",
                   at.map(at.frame(memory + 0x1000), last));
    expect_leaf("the last page", memory + 0x1000, 6, last_entry);
}

TEST_CASE("map-permissions: what capability and request both allow") {
    Space at;
    Pte& entry = at.entry(base, 0);
    const auto check = [&](const std::string& what, Word bits, Word has, Word asks,
                           Word attributes) {
        entry = {};
        expect_success(what, at.map(at.frame(memory, 0, has), base, at.root, asks, attributes));
        expect_leaf(what, memory, bits, entry);
    };
    check("all rights, all asked for, and to execute", 14, 3, 3, 0);
    check("all rights, all asked for", 6, 3, 3, abi::execute_never);
    check("all rights, only to read", 2, 3, abi::read, abi::execute_never);
    check("a frame that can only be read, read and write asked for", 2, abi::read, 3,
          abi::execute_never);
}

TEST_CASE("map-again: a mapped frame can be mapped again in its place, with other rights") {
    Space at;
    Pte& entry = at.entry(base, 0);
    Slot& frame = at.frame(memory);
    expect_success("a frame is mapped", at.map(frame, base));
    host::hardware = {};
    expect_success("again, only to read",
                   at.map(frame, base, at.root, abi::read, abi::execute_never));
    expect_leaf("now", memory, 2, entry);
    expect_flushed("after the change", base);
    (void)at.entry(base + 0x1000, 0);
    expect_number("the same capability at another address: argument 0", Error::invalid_argument, 0,
                  at.map(frame, base + 0x1000));
    Slot& other = at.space(Asid(6));
    const auto* const root = &at.root.cap.as<PageTableCap>().object();
    other.cap.as<PageTableCap>().object()[1] = (*const_cast<PageTable*>(root))[1];
    expect_number("the same capability in another address space: capability 1",
                  Error::invalid_capability, 1, at.map(frame, base, other));
    expect_leaf("as before", memory, 2, entry);
    expect_mapped(frame, base);
}

TEST_CASE("map-taken: an entry that is in use must be unmapped first") {
    Space at;
    Pte& entry = at.entry(base, 0);
    expect_success("a frame is mapped", at.map(at.frame(memory), base));
    Slot& second = at.frame(memory + 0x1000);
    expect_error("another frame at the same address", Error::delete_first, at.map(second, base));
    expect_leaf("as before", memory, 6, entry);
    expect("the other frame is not mapped", !second.cap.as<FrameCap>().mapped());
}

TEST_CASE("map-tables: the error says how many bits of the address the missing table resolves") {
    Space at;
    Slot& frame = at.frame(memory);
    expect_missing("no table at all", 30, at.map(frame, base));
    (void)at.entry(base, 1);
    expect_missing("one table", 21, at.map(frame, base));
    expect_missing("a frame of 2 MiB, no table", 30, at.map(at.frame(memory, 1), base + giga));
    expect("the frame is not mapped", !frame.cap.as<FrameCap>().mapped());
    Pte& large = at.entry(base, 1);
    expect_success("a frame of 2 MiB at the second level", at.map(at.frame(memory, 1), base));
    expect_leaf("2 MiB", memory, 6, large);
    expect_missing("a small frame within that", 21, at.map(frame, base));
    Pte& largest = at.entry(base + giga, 2);
    expect_success("a frame of 1 GiB in the root", at.map(at.frame(PAddr(giga), 2), base + giga));
    expect_leaf("1 GiB", PAddr(giga), 6, largest);
}

TEST_CASE("map-address: addresses are the user's, and multiples of the frame's size") {
    Space at;
    Slot& frame = at.frame(memory);
    Slot& large = at.frame(memory, 1);
    expect_number("user_top itself", Error::invalid_argument, 0, at.map(frame, abi::user_top));
    expect_number("an address of the kernel's half", Error::invalid_argument, 0,
                  at.map(frame, ~Word{0} << 38));
    expect_number("a frame of 1 GiB whose end is behind user_top", Error::invalid_argument, 0,
                  at.map(at.frame(PAddr(0), 2), abi::user_top & ~mask(30)));
    expect_number("of two errors, user_top comes before the alignment", Error::invalid_argument, 0,
                  at.map(frame, abi::user_top + 0x800));
    expect_error("of two errors, the alignment comes before the tables", Error::alignment_error,
                 at.map(frame, base + 0x800));
    (void)at.entry(base, 0);
    expect_error("half a page further", Error::alignment_error, at.map(frame, base + 0x800));
    (void)at.entry(base + giga, 1);
    expect_error("2 MiB at a multiple of 4 KiB", Error::alignment_error,
                 at.map(large, base + giga + 0x1000));
    expect_success("2 MiB at a multiple of 2 MiB", at.map(large, base + giga + mega));
    expect_nothing("where nothing was mapped", at.entry(base, 0));
    expect("the small frame is not mapped", !frame.cap.as<FrameCap>().mapped());
}

TEST_CASE("map-space: the first capability must be the root of an address space that exists") {
    Space at;
    Slot& frame = at.frame(memory);
    Slot& root = at.root;
    (void)at.entry(base, 0);
    expect_number("a table that is no root: capability 1", Error::invalid_capability, 1,
                  at.map(frame, base, at.world.slot(PageTableCap(at.table()))));
    expect_number("a frame: capability 1", Error::invalid_capability, 1,
                  at.map(frame, base, at.frame(memory)));
    const PageTableCap cap(root.cap.as<PageTableCap>().base());
    const auto gone = at.map(frame, base, at.world.slot(cap.with_mapping({Asid(9), VAddr(0)})));
    if (expect_error("an ASID that nobody has", Error::failed_lookup, gone))
        expect("the lookup's failure is invalid_root",
               gone.error().lookup.type == abi::LookupFailure::invalid_root);
    expect("the frame is not mapped", !frame.cap.as<FrameCap>().mapped());
    expect_nothing("the entry", at.entry(base, 0));
    expect_number("of two errors, that of the space comes first", Error::invalid_capability, 1,
                  at.map(frame, abi::user_top, at.frame(memory)));
    expect_success("the root of the space", at.map(frame, base));
}
