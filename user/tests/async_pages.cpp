// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Pages mapped and unmapped in bursts, for which the kernel has a short path: what earlier calls
/// of a burst change counts for the later ones.
/// Read next: kernel/async/pages.hpp, async_pages_random.cpp.
/// @stage{6}
#include "user/tests/async.hpp"
#include "user/tests/vspace.hpp"

namespace {

abi::PageMap at(Word vaddr, Word rights = user::read_write, Word attributes = 1) {
    return {vaddr, rights, attributes};
}

/// Sixteen frames; the first word of each is its number.
struct Frames {
    static constexpr unsigned count = 16;
    CPtr first = empty_slot(count);

    Frames() {
        const CPtr untyped = make(ObjectType::untyped, 17);
        expect_success("frames", untyped_retype(untyped, ObjectType::page, 0, first, count));
        for (unsigned i = 0; i < count; i++) {
            volatile Word* words = map(first + i);
            words[0] = i + 1;
            page_unmap(first + i);
        }
    }
    [[nodiscard]] CPtr operator[](unsigned index) const { return first + index; }
};

} // namespace

TEST("async: pages mapped in one burst are there, and those unmapped are not") {
    Calls calls;
    const Frames frames;
    const Word base = fresh_gigabyte();
    tables_at(base);
    for (unsigned round = 0; round < 5; round++) {
        for (unsigned i = 0; i < Frames::count; i++)
            calls.put(i, frames[(i + round) % Frames::count], at(base + i * page),
                      abi::root_vspace);
        calls.submit();
        for (unsigned i = 0; i < Frames::count; i++)
            calls.expect_reply(i, Error::none);
        for (unsigned i = 0; i < Frames::count; i++)
            expect_equal("which page", (i + round) % Frames::count + 1, word_at(base + i * page));
        for (unsigned i = 0; i < Frames::count; i++)
            calls.put(i, frames[i], abi::PageUnmap{});
        calls.submit();
        for (unsigned i = 0; i < Frames::count; i++)
            calls.expect_reply(i, Error::none);
        const CPtr probe = copy_of(frames[0]);
        for (unsigned i = 0; i < Frames::count; i++) {
            expect_success("the place is free", map_page(probe, base + i * page));
            page_unmap(probe);
        }
    }
}

TEST("async: an address space that no capability names is not mapped into") {
    Calls calls;
    const Frames frames;
    const CPtr space = new_space();
    tables_at(0, space);
    expect_success("mapped", map_page(frames[0], page, space));
    // The unmap uses the space; the slot with number 0 is empty all the same.
    calls.put(1, frames[0], abi::PageUnmap{});
    calls.put(2, frames[1], at(page), CPtr{0});
    calls.put(3, frames[1], at(page), ~Word{0});
    calls.put(4, frames[1], at(page), space);
    calls.submit();
    calls.expect_reply(1, Error::none);
    calls.expect_reply(2, Error::invalid_capability, {1});
    expect_equal("nor is there one with all bits", Error::failed_lookup, calls.reply().error);
    calls.expect_reply(4, Error::none);
    calls.put(5, frames[2], at(2 * page), ~Word{0});
    calls.submit();
    expect_equal("nor before anything else", Error::failed_lookup, calls.reply().error);
}

TEST("async: spaces in turn, each burst using all of them") {
    Calls calls;
    const Frames frames;
    const CPtr spaces[] = {new_space(), new_space(), new_space()};
    for (const CPtr space : spaces)
        tables_at(0, space);
    for (unsigned round = 0; round < 10; round++) {
        for (unsigned i = 0; i < 15; i++)
            calls.put(i, frames[i], at(page * (i / 3)), spaces[(i + round) % 3]);
        for (unsigned i = 15; i > 0; i--)
            calls.put(15 + i, frames[i - 1], abi::PageUnmap{});
        calls.submit();
        for (unsigned i = 0; i < 15; i++)
            calls.expect_reply(i, Error::none);
        for (unsigned i = 15; i > 0; i--)
            calls.expect_reply(15 + i, Error::none);
    }
    for (const CPtr space : spaces) {
        expect_success("nothing is mapped", map_page(frames[0], 0, space));
        page_unmap(frames[0]);
    }
}

TEST("async: a table or space that goes within a burst is not there for the rest of it") {
    Calls calls;
    const Frames frames;
    const CPtr space = new_space();
    table_at(0, space);
    const CPtr table = table_at(0, space);
    calls.put(1, frames[0], at(0), space);
    calls.put(2, table, abi::PageTableUnmap{});
    calls.put(3, frames[1], at(page), space);
    calls.put(4, frames[0], abi::PageUnmap{});
    calls.put(5, table, abi::PageTableMap{0, 0}, space);
    calls.put(6, frames[1], at(page), space);
    calls.put(7, own_cnode, abi::CNodeDelete{table, full_depth});
    calls.put(8, frames[2], at(2 * page), space);
    calls.put(9, frames[1], abi::PageUnmap{});
    calls.put(10, own_cnode, abi::CNodeDelete{space, full_depth});
    calls.put(11, frames[2], at(2 * page), space);
    calls.submit();
    const auto lookup = static_cast<Word>(LookupFailure::missing_capability);
    calls.expect_reply(1, Error::none);
    calls.expect_reply(2, Error::none);
    calls.expect_reply(3, Error::failed_lookup, {0, lookup, missing_level_0});
    calls.expect_reply(4, Error::none);
    calls.expect_reply(5, Error::none);
    calls.expect_reply(6, Error::none);
    calls.expect_reply(7, Error::none);
    calls.expect_reply(8, Error::failed_lookup, {0, lookup, missing_level_0});
    calls.expect_reply(9, Error::none);
    calls.expect_reply(10, Error::none);
    calls.expect_reply(11, Error::invalid_capability, {1});
}

TEST("async: capabilities that move within a burst are found where they are then") {
    Calls calls;
    const Frames frames;
    const CPtr space = new_space();
    const CPtr moved = empty_slot();
    tables_at(0, space);
    calls.put(1, frames[0], at(0), space);
    calls.put(2, own_cnode, abi::CNodeMove{moved, full_depth, space, full_depth}, own_cnode);
    calls.put(3, frames[1], at(page), space);
    calls.put(4, frames[1], at(page), moved);
    calls.put(5, own_cnode, abi::CNodeMove{space, full_depth, frames[0], full_depth}, own_cnode);
    calls.put(6, frames[0], abi::PageUnmap{});
    calls.put(7, space, abi::PageUnmap{});
    calls.put(8, frames[2], at(0), moved);
    calls.submit();
    calls.expect_reply(1, Error::none);
    calls.expect_reply(2, Error::none);
    calls.expect_reply(3, Error::invalid_capability, {1});
    calls.expect_reply(4, Error::none);
    calls.expect_reply(5, Error::none);
    calls.expect_reply(6, Error::invalid_capability, {0});
    calls.expect_reply(7, Error::none);
    calls.expect_reply(8, Error::none);
}

TEST("async: another CSpace within a burst is what the next calls look into") {
    Calls calls;
    const Frames frames;
    const CPtr space = new_space();
    tables_at(0, space);
    // The new root finds the same capabilities, but for a guard in front of them.
    const Word bits = user::boot_info().cnode_bits;
    const CPtr root = empty_slot();
    const Word guard = abi::cnode_data(1, 64 - static_cast<unsigned>(bits));
    expect_success("a root", cap_mint(own_cnode, root, abi::all_rights, guard));
    const CPtr there = Word{1} << bits;
    calls.put(1, frames[0], at(0), space);
    calls.put(2, own_thread(), abi::TcbSetSpace{0, 0, 0}, root, abi::root_vspace);
    calls.put(3, frames[1], at(page), space);
    calls.put(4, there + frames[1], at(page), there + space);
    calls.put(5, there + own_thread(), abi::TcbSetSpace{0, 0, 0}, there + own_cnode,
              there + abi::root_vspace);
    calls.put(6, frames[1], abi::PageUnmap{});
    calls.submit();
    // With several harts the answers may be long on their way, and yield() needs no capability.
    for (unsigned i = 1; i <= 6; i++) {
        const Reply reply = calls.reply();
        expect_equal("whose", i, reply.id);
        expect_equal("error", i == 3 ? Error::failed_lookup : Error::none, reply.error);
    }
}

TEST("async: rights and attributes of a mapping that was made in a burst") {
    Calls calls;
    const Frames frames;
    const Word base = fresh_gigabyte();
    tables_at(base);
    const CPtr read_only = copy_of(frames[1], abi::read);
    const Word rights[] = {0, abi::write, abi::read, user::read_write};
    for (unsigned i = 0; i < 4; i++)
        calls.put(i, frames[i], at(base + i * page, rights[i]), abi::root_vspace);
    calls.put(4, read_only, at(base + 4 * page), abi::root_vspace);
    calls.put(5, frames[5], at(base + 5 * page, user::read_write, 0), abi::root_vspace);
    calls.submit();
    for (unsigned i = 0; i < 6; i++)
        calls.expect_reply(i, Error::none);
    struct Access {
        Word page;
        bool reads, writes;
    };
    for (const Access& each :
         {Access{0, false, false}, Access{1, false, false}, Access{2, true, false},
          Access{3, true, true}, Access{4, true, false}, Access{5, true, true}}) {
        const Word vaddr = base + each.page * page;
        for (const bool write : {false, true}) {
            std::atomic<bool> done = false;
            user::Thread thread;
            const auto access = [&] {
                if (write)
                    word_at(vaddr) = 99;
                else
                    static_cast<void>(Word{word_at(vaddr)});
                done = true;
            };
            create_unwatched(thread, above);
            start(thread, access);
            expect_equal("it can", write ? each.writes : each.reads, done.load());
            thread.destroy();
        }
    }
}

TEST("async: large pages and pages that are mapped already go the long way, to the same end") {
    Calls calls;
    const Frames frames;
    const CPtr large = make(ObjectType::mega_page);
    const CPtr space = new_space();
    tables_at(0, space);
    calls.put(1, frames[0], at(0), space);
    calls.put(2, frames[0], at(0, abi::read), space);
    calls.put(3, frames[0], at(page), space);
    calls.put(4, large, at(0), space);
    calls.put(5, large, at(megabytes_2), space);
    calls.put(6, frames[1], at(megabytes_2), space);
    calls.put(7, large, abi::PageUnmap{});
    calls.put(8, frames[0], abi::PageUnmap{});
    calls.put(9, frames[0], abi::PageUnmap{});
    calls.submit();
    calls.expect_reply(1, Error::none);
    calls.expect_reply(2, Error::none);
    calls.expect_reply(3, Error::invalid_argument, {0});
    expect_equal("a table is in the way", Error::failed_lookup, calls.reply().error);
    calls.expect_reply(5, Error::none);
    expect_equal("a large page is in the way", Error::failed_lookup, calls.reply().error);
    for (uint32_t id = 7; id <= 9; id++)
        calls.expect_reply(id, Error::none);
}
