// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercise 6.5: the short path for pages: which requests it serves, where it stops, and that
/// translations which were changed are forgotten.
#include "labs/6-async-calls/tests/host/elsewhere.hpp"

#include "kernel/async/pages.hpp"

namespace {

constexpr Word page = Word{1} << abi::page_bits;
constexpr Word base = Word{64} << 21; ///< the pages' addresses begin here

struct Short {
    static constexpr unsigned most = 64;
    static constexpr Word space = 1;        ///< slot of the address space
    static constexpr Word other_space = 2;  ///< and of another one
    static constexpr Word large = 3;        ///< of a large page
    static constexpr Word nothing = 4;      ///< of nothing
    static constexpr Word first_frame = 16; ///< of so many frames:
    static constexpr Word frames = 32;

    Spaces& spaces = *new Spaces;
    Tcb& owner = spaces.world.caller();
    Slot& cnode = spaces.world.cnode(8);
    async::Pages pages;
    abi::Item requests[most] = {};
    abi::Item replies[most] = {};
    unsigned count = 0;

    Short() {
        owner.slot(Tcb::cspace).cap = cnode.cap;
        in(cnode, space).cap = spaces.root.cap;
        in(cnode, other_space).cap = spaces.other.cap;
        in(cnode, large).cap = FrameCap(PAddr(1 << 30), 1, false, abi::all_rights);
        for (Word i = 0; i < frames; i++)
            slot(i).cap = FrameCap(frame(i), 0, false, abi::all_rights);
        spaces.map_tables(base);
        host::hardware = {};
    }
    static PAddr frame(Word i) { return PAddr((1 << 30) + (1024 + i) * page); }
    [[nodiscard]] Slot& slot(Word i) const { return in(cnode, first_frame + i); }

    void put(uint32_t id, abi::ItemInfo info, std::initializer_list<Word> words) {
        abi::Item& item = requests[count++];
        item.id.store_relaxed(id);
        item.info.store_relaxed(info.word);
        unsigned i = 0;
        for (const Word word : words)
            item.words[i++].store_relaxed(word);
    }
    void map(Word object, Word address, Word vspace = space, uint32_t id = 0) {
        put(id, info_of(abi::Label::page_map, 5, 1), {object, vspace, address, 3, 0});
    }
    void unmap(Word object, uint32_t id = 0) {
        put(id, info_of(abi::Label::page_unmap, 1, 0), {object});
    }
    static abi::ItemInfo info_of(abi::Label label, unsigned length, unsigned caps) {
        return abi::ItemInfo::make(abi::label_in_items(static_cast<Word>(label)), length, caps);
    }

    /// So many of the requests that were put in are served.
    void serve(const std::string& doing, unsigned served) {
        for (abi::Item& reply : replies) {
            reply.id.store_relaxed(0xdead);
            reply.info.store_relaxed(0xdead);
        }
        const Word bytes = pages.serve(owner, {requests, requests + count}, replies);
        expect_equal(doing + ": bytes of requests that are served", served * abi::line_bytes,
                     bytes);
        for (unsigned i = 0; i < served; i++) {
            const std::string which = doing + ": reply " + lab::shown(i);
            expect_equal(which + ", id", requests[i].id.load_relaxed(),
                         replies[i].id.load_relaxed());
            expect_equal(which + ", info (no error, no words)", 0, replies[i].info.load_relaxed());
        }
        expect_equal(doing + ": id where the next reply will stand", 0xdead,
                     replies[served].id.load_relaxed());
        count = 0;
    }
    /// Is frame `i` mapped there, as hardware and its capability say?
    void check_mapped(const std::string& doing, Word i, Word address) const {
        const auto cap = slot(i).cap.as<FrameCap>();
        const Walk found = spaces.walk_to(address);
        const std::string what = doing + ": frame " + lab::shown(i);
        expect(what + " has an entry in the page table", found.entry.is_leaf());
        expect_equal(what + ", address in the entry", frame(i).value, found.entry.address().value);
        expect(what + " is mapped, says its capability", cap.mapped());
        expect_equal(what + ", where its capability says it is mapped", address,
                     cap.mapping().vaddr.value);
    }
    void check_unmapped(const std::string& doing, Word i, Word address) const {
        const std::string what = doing + ": frame " + lab::shown(i);
        expect(what + " is not mapped, says its capability", !slot(i).cap.as<FrameCap>().mapped());
        expect(what + ": the entry of its address is free",
               !spaces.walk_to(address).entry.is_valid());
    }
};

/// A page is mapped; meanwhile the request names a large one instead.
void map_what_changes() {
    Short at;
    const std::unique_ptr<Spaces> end(&at.spaces);
    at.map(Short::first_frame, base);
    abi::Item& request = at.requests[0];
    explore::name(request.words[0], "object of the request");
    explore::name(request.info, "info of the request");
    Word served = 0;
    const rt::Run run = {&request, &request + 1};
    explore::threads({{"worker", [&] { served = at.pages.serve(at.owner, run, at.replies); }},
                      {"owner", [&] { request.words[0].store_relaxed(Short::large); }}});
    explore::check(!in(at.cnode, Short::large).cap.as<FrameCap>().mapped(),
                   "a large page is not mapped by the short path");
    explore::check(at.slot(0).cap.as<FrameCap>().mapped() == (served != 0),
                   "what is served is what was looked at");
}

} // namespace

TEST_CASE("pages-map: pages of 4 KiB are mapped, request after request") {
    alone([] {
        Short at;
        for (uint32_t i = 0; i < 5; i++)
            at.map(Short::first_frame + i, base + i * page, Short::space, 70 + i);
        at.serve("five pages to map", 5);
        for (Word i = 0; i < 5; i++)
            at.check_mapped("after five were mapped", i, base + i * page);
    });
}

TEST_CASE("pages-unmap: pages that are mapped are unmapped") {
    alone([] {
        Short at;
        for (uint32_t i = 0; i < 4; i++)
            at.map(Short::first_frame + i, base + i * page, Short::space, i);
        for (uint32_t i = 0; i < 3; i++)
            at.unmap(Short::first_frame + i, 90 + i);
        at.serve("four to map, three to unmap", 7);
        for (Word i = 0; i < 3; i++)
            at.check_unmapped("after that", i, base + i * page);
        at.check_mapped("after that", 3, base + 3 * page);
    });
}

TEST_CASE("pages-stop: what is not as usual, and all behind it, is left alone") {
    using Unusual = void (*)(Short&);
    static constexpr std::pair<const char*, Unusual> kinds[] = {
        {"another invocation",
         [](Short& at) {
             at.put(1, Short::info_of(abi::Label::page_get_address, 1, 0), {Short::first_frame});
         }},
        {"a map with a word too few",
         [](Short& at) {
             at.put(1, Short::info_of(abi::Label::page_map, 4, 1),
                    {Short::first_frame + 1, 1, base, 3, 0});
         }},
        {"a map without the capability of a space",
         [](Short& at) {
             at.put(1, Short::info_of(abi::Label::page_map, 5, 0),
                    {Short::first_frame + 1, 1, base, 3, 0});
         }},
        {"an empty slot", [](Short& at) { at.unmap(Short::nothing); }},
        {"a pointer behind the CNode", [](Short& at) { at.unmap(256 + Short::first_frame); }},
        {"a capability that is no frame", [](Short& at) { at.unmap(Short::space); }},
        {"a large page", [](Short& at) { at.map(Short::large, base + 3 * page); }},
        {"a page that is mapped already",
         [](Short& at) { at.map(Short::first_frame, base + 9 * page); }},
        {"an address that is taken", [](Short& at) { at.map(Short::first_frame + 1, base); }},
        {"an unmap of what is not mapped", [](Short& at) { at.unmap(Short::first_frame + 1); }},
        {"an address without a table",
         [](Short& at) { at.map(Short::first_frame + 1, Word{1} << 30); }},
    };
    for (const auto& [name, put] : kinds) {
        INFO(name);
        static const char* doing;
        static Unusual unusual;
        doing = name;
        unusual = put;
        alone([] {
            Short at;
            at.map(Short::first_frame, base);
            unusual(at);
            at.map(Short::first_frame + 2, base + 2 * page);
            at.serve(std::string("a page, ") + doing + ", a page", 1);
            at.check_mapped("the first", 0, base);
            at.check_unmapped("behind it", 2, base + 2 * page);
        });
    }
}

TEST_CASE("pages-cspace: only a CSpace of one CNode that takes all bits has a short path") {
    alone([] {
        Short at;
        at.map(Short::first_frame, base);
        at.owner.slot(Tcb::cspace).cap = Cap();
        at.serve("an owner without CSpace", 0);
        at.map(Short::first_frame, base);
        at.owner.slot(Tcb::cspace).cap =
            CNodeCap(physical(&in(at.cnode, 0)), 8, 0, 32); // two levels could follow
        at.serve("a CNode that leaves bits over", 0);
        at.map(Short::first_frame, base);
        at.owner.slot(Tcb::cspace).cap = at.cnode.cap;
        at.serve("the usual CSpace", 1);
    });
}

TEST_CASE("pages-forget: what was changed is forgotten once, at the end: a page or the space") {
    alone([] {
        Short at;
        const Asid asid = Spaces::asid_of(at.spaces.root);
        at.map(Short::first_frame, base + 5 * page);
        at.serve("one page", 1);
        expect("a change waits to be forgotten", !at.pages.is_clean());
        at.pages.clean();
        expect_equal("what harts are told to forget after one page", 1,
                     host::hardware.flushes.size());
        expect("they forget this page",
               host::hardware.flushes ==
                   std::vector<host::Flush>{{asid, VAddr(base + 5 * page), false}});
        host::hardware = {};
        for (Word i = 0; i < 4; i++)
            at.map(Short::first_frame + 8 + i, base + (8 + i) * page);
        at.serve("four pages", 4);
        expect_equal("what harts are told before the turn's end", 0, host::hardware.flushes.size());
        at.pages.clean();
        expect("after several pages they forget all of the space, once",
               host::hardware.flushes == std::vector<host::Flush>{{asid, VAddr(0), true}});
        at.pages.clean();
        expect_equal("and are told nothing when nothing was changed", 1,
                     host::hardware.flushes.size());
    });
}

TEST_CASE("pages-runs: changes of several runs of a turn add up") {
    alone([] {
        Short at;
        at.map(Short::first_frame, base);
        at.serve("a run of one page", 1);
        at.map(Short::first_frame + 1, base + page);
        at.put(1, Short::info_of(abi::Label::page_get_address, 1, 0), {Short::first_frame});
        at.serve("a page, and what is not usual", 1);
        at.pages.clean();
        expect_equal("what harts are told to forget", 1, host::hardware.flushes.size());
        expect("they forget the whole space", host::hardware.flushes[0].whole_space);
    });
}

TEST_CASE("pages-changes: a request that changes while it is served is served as it was once") {
    alone([] {
        explored(
            "The object of a request was loaded twice, and its owner has changed it meanwhile: "
            "the slot that was looked at is not the one that was used.",
            explore::all("another object", map_what_changes));
    });
}

TEST_CASE("pages-random: maps and unmaps by chance are those of a model") {
    alone([] {
        Short at;
        Draw draw;
        Word where[Short::frames] = {}; // 0: not mapped
        for (unsigned round = 0; round < 100; round++) {
            const Word many = 1 + draw.below(40);
            for (Word k = 0; k < many; k++) {
                const Word i = draw.below(Short::frames);
                if (where[i] != 0) {
                    at.unmap(Short::first_frame + i, static_cast<uint32_t>(k));
                    where[i] = 0;
                } else {
                    where[i] = base + (i * 7 + draw.below(7)) * page;
                    at.map(Short::first_frame + i, where[i], Short::space,
                           static_cast<uint32_t>(k));
                }
            }
            at.serve("round " + lab::shown(round), static_cast<unsigned>(many));
            for (Word i = 0; i < Short::frames; i++) {
                if (where[i] != 0)
                    at.check_mapped("round " + lab::shown(round), i, where[i]);
                else
                    expect("round " + lab::shown(round) + ": an unmapped frame says so",
                           !at.slot(i).cap.as<FrameCap>().mapped());
            }
        }
    });
}
