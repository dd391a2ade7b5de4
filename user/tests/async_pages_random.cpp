// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Random calls on pages, tables and spaces, in bursts through a ring, beside the same calls made
/// by traps on an equal world: every answer is the same, and in the end every place of every space.
/// @stage{6}
#include "user/tests/async.hpp"
#include "user/tests/vspace.hpp"

namespace {

/// A call, whose capabilities are slots of a world.
struct Step {
    abi::Label label;
    CPtr object;
    unsigned words;
    Word word[5];
    unsigned caps;
    CPtr cap;
};

/// Three address spaces, the test's own and two more; each with two tables of pages; eight frames
/// with two capabilities each. All slots are neighbours.
class World {
public:
    static constexpr unsigned frames = 16;
    static constexpr unsigned spaces = 3;
    static constexpr unsigned places = 8; ///< in each, four in each of two tables

    World() : untyped_(make(ObjectType::untyped, 18)), first_(empty_slot(slots)) {
        base_[0] = fresh_gigabyte();
        window_ = vspace.reserve(page);
        base_[1] = base_[2] = gigabyte;
    }

    void begin() {
        expect_success("all goes", cap_revoke(untyped_));
        for (CPtr slot = first_; slot < first_ + slots; slot++)
            cap_delete(slot);
        retype(ObjectType::page, frame(0), 8);
        retype(ObjectType::page_table, first_ + tables, 11);
        for (unsigned i = 0; i < 8; i++)
            expect_success("a second capability", cap_copy(frame(i), frame(8 + i)));
        for (unsigned i = 0; i < 8; i++) {
            expect_success("shown", vspace.map(frame(i), window_));
            word_at(window_) = i + 1;
            page_unmap(frame(i));
        }
        for (unsigned i = 1; i < spaces; i++)
            expect_success("a space", assign(abi::root_asid_pool, space(i)));
        for (unsigned i = 0; i < spaces; i++) {
            expect_success("a table", map_table(first_ + tables + 2 + i, base_[i], space(i)));
            for (unsigned k = 0; k < 2; k++)
                expect_success("a table", map_table(table(i, k), place(i, Word{4} * k), space(i)));
        }
    }

    [[nodiscard]] CPtr frame(Word index) const { return first_ + index; }
    [[nodiscard]] CPtr space(Word index) const {
        return index == 0 ? CPtr{abi::root_vspace} : first_ + tables + index - 1;
    }
    [[nodiscard]] CPtr table(Word space, Word index) const {
        return first_ + tables + 5 + space * 2 + index;
    }
    [[nodiscard]] Word place(Word space, Word index) const {
        return base_[space] + index / 4 * megabytes_2 + index % 4 * page;
    }

    /// A call by the numbers that `draw` gives; equal numbers, equal calls.
    // NOLINTNEXTLINE(readability-function-size): a line or two for each kind of call
    [[nodiscard]] Step step(Draw& draw) const {
        const Word what = draw.below(32);
        const CPtr any = frame(draw.below(frames));
        const CPtr other = frame(draw.below(frames));
        const Word in = draw.below(spaces);
        const Word k = draw.below(2);
        const Word vaddr = place(in, draw.below(places));
        const Word rights = draw.below(4);
        if (what < 13)
            return {abi::Label::page_map, any, 3, {vaddr, rights | abi::read, 1}, 1, space(in)};
        if (what < 21)
            return {abi::Label::page_unmap, any, 0, {}, 0, 0};
        switch (what) {
        case 21:
            return {abi::Label::page_map, any, 3, {vaddr + 8 * rights, 3, 0}, 1, any};
        case 22:
            return {abi::Label::page_map,
                    any,
                    3,
                    {vaddr + rights, rights | abi::read, rights},
                    1,
                    space(in)};
        case 23:
            return {abi::Label::cnode_delete, own_cnode, 2, {any, 64}, 0, 0};
        case 24:
        case 25:
            return {abi::Label::cnode_copy, own_cnode, 5, {any, 64, other, 64, 15}, 1, own_cnode};
        case 26:
            return {abi::Label::cnode_move, own_cnode, 4, {any, 64, other, 64}, 1, own_cnode};
        case 27:
            return {abi::Label::page_table_unmap, table(in, k), 0, {}, 0, 0};
        case 28:
        case 29:
            return {abi::Label::page_table_map, table(in, k), 2, {vaddr, 0}, 1, space(in)};
        case 30:
            return {abi::Label::tcb_set_tls_base, any, 1, {rights}, 0, 0};
        default:
            // Rarely, a space goes.
            return {abi::Label::cnode_revoke,
                    own_cnode,
                    2,
                    {rights == 3 && in != 0 ? space(in) : any, 64},
                    0,
                    0};
        }
    }

    /// What is mapped where: a place is free, taken, or has no table.
    [[nodiscard]] Word state() const {
        Word sum = 0;
        const CPtr probe = make(ObjectType::page);
        for (unsigned i = 0; i < spaces; i++) {
            for (unsigned k = 0; k < places; k++) {
                const Result result = map_page(probe, place(i, k), space(i));
                page_unmap(probe);
                sum = sum * 31 + static_cast<Word>(result.error);
            }
        }
        allocator.destroy(probe);
        return sum;
    }
    /// What can be read in the test's own space, if it is mapped.
    [[nodiscard]] Word contents() const {
        Word sum = 0;
        const CPtr probe = make(ObjectType::page);
        for (unsigned k = 0; k < places; k++) {
            const Result result = map_page(probe, place(0, k));
            page_unmap(probe);
            sum = sum * 31 + (result.error == Error::delete_first ? word_at(place(0, k)) : 0);
        }
        allocator.destroy(probe);
        return sum;
    }

private:
    static constexpr unsigned tables = frames;
    static constexpr Word slots = frames + 11;

    void retype(ObjectType type, CPtr slot, Word count) const {
        expect_success("objects", untyped_retype(untyped_, type, 0, slot, count));
    }
    CPtr untyped_;
    CPtr first_;
    Word base_[spaces];
    Word window_; ///< where frames are shown
};

Result by_trap(const Step& step) {
    return invoke_raw(step.object,
                      MessageInfo::make(static_cast<Word>(step.label), step.words, step.caps),
                      std::span(step.word).first(step.words), std::span(&step.cap, step.caps));
}

void put(Calls& calls, uint32_t id, const Step& step) {
    Word words[7] = {step.object, step.cap};
    std::copy_n(step.word, step.words, words + 1 + step.caps);
    const unsigned length = 1 + step.caps + step.words;
    calls.put_words(id, abi::ItemInfo::make(static_cast<Word>(step.label), length, step.caps),
                    std::span(words).first(length));
}

bool same(const Result& a, const Reply& b) {
    bool same = a.error == b.error && a.length == b.length;
    for (unsigned i = 0; i < std::min<Word>(a.length, Result::kept_words); i++)
        same = same && a.words[i] == b.words[i];
    return same;
}

/// A number of steps; the ring's are put in bursts of up to ten.
void compare(Calls& calls, World& traps, World& ring, Word seed) {
    constexpr unsigned steps = 60;
    traps.begin();
    ring.begin();
    Draw draws[] = {Draw(seed), Draw(seed)};
    Draw bursts(~seed);
    Result answers[steps];
    unsigned taken = 0;
    for (unsigned put_in = 0; put_in < steps;) {
        for (Word left = 1 + bursts.below(10); left > 0 && put_in < steps; left--, put_in++) {
            answers[put_in] = by_trap(traps.step(draws[0]));
            put(calls, put_in, ring.step(draws[1]));
        }
        calls.submit();
        for (; taken < put_in; taken++) {
            const Reply reply = calls.reply();
            if (!same(answers[taken], reply)) {
                fail(Place::current(), "seed ", seed, ", step ", taken, ": by trap ",
                     abi::text(answers[taken].error), ", by ring ", abi::text(reply.error));
                return;
            }
        }
    }
    if (!expect_equal("what is mapped", traps.state(), ring.state()) ||
        !expect_equal("what can be read", traps.contents(), ring.contents()))
        fail(Place::current(), "seed ", seed);
}

void compare_seeds(Word first, Word count) {
    Calls calls;
    World traps;
    World ring;
    for (Word seed = first; seed < first + count; seed++)
        compare(calls, traps, ring, seed * 7919);
}

} // namespace

TEST("async: random calls on pages have the effects of their traps, seeds 1 to 60") {
    compare_seeds(1, 60);
}

TEST("async: random calls on pages have the effects of their traps, seeds 61 to 120") {
    compare_seeds(61, 60);
}
