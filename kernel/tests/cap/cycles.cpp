// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Deletion of CNodes and threads that hold each other, or themselves: it always ends, whatever
/// interrupts it, leaves every slot empty and the derivation tree whole.
/// Read next: kernel/cap/finalise.hpp.
/// @stage{2}
#include "kernel/cap/finalise.hpp"
#include "kernel/cap/mdb.hpp"
#include "kernel/tests/host/world.hpp"

#include <doctest/doctest.h>

#include <random>

namespace {

using abi::ObjectType;

/// CNodes of 4 slots and threads, made from one untyped; their capabilities are in `root`.
struct Graph {
    World world;
    Slot& untyped = world.untyped(16);
    Slot& root = world.cnode(4);
    std::vector<Slot*> slots; ///< all slots that objects have

    Graph(unsigned cnodes, unsigned threads) {
        make(ObjectType::cnode, 2, 0, cnodes);
        make(ObjectType::tcb, 0, cnodes, threads);
    }
    void make(ObjectType type, Word size_bits, Word first, Word count) {
        if (count == 0)
            return;
        const abi::UntypedRetype message{static_cast<Word>(type), size_bits, 0, 0, first, count};
        REQUIRE(world.ok(untyped, message, {&root}));
        for (Word i = first; i < first + count; i++) {
            auto* start = window<Slot>(in(root, i).cap.address());
            const unsigned size = type == ObjectType::cnode ? 4U : Tcb::slot_count;
            for (unsigned slot = 0; slot < size; slot++)
                slots.push_back(start + slot);
        }
    }
    /// The slot `index` of object `number`.
    Slot& of(Word number, Word index) {
        return window<Slot>(in(root, number).cap.address())[index];
    }
    void move(Word number, Slot& target) {
        mdb::move(in(root, number).cap, in(root, number), target);
    }

    /// Checks what must hold between two calls.
    void check_between() {
        CHECK(whole(untyped));
        for (const Slot* slot : list_of(untyped))
            CHECK(mdb::linked(*slot));
    }
    template <class Call>
    void until_done(Call call) {
        for (unsigned calls = 0; call() == Outcome::preempted; calls++) {
            REQUIRE(calls < 2000);
            check_between();
        }
        check_between();
    }
    void check_all_gone() {
        CHECK_FALSE(mdb::has_children(untyped));
        CHECK(list_of(untyped) == std::vector{&untyped});
        for (const Slot* slot : slots)
            CHECK((slot->empty() || is_freed(slot, sizeof *slot)));
    }
};

/// Runs `test` with an interrupt at each step that it has, with none, and with one at every step.
template <class Test>
void interrupted_everywhere(Test test) {
    test(host::Interrupts{.always = true});
    for (Word step = 0;; step++) {
        CAPTURE(step);
        test(host::Interrupts{.at = step});
        if (host::interrupts.asked <= step)
            return;
    }
}

} // namespace

TEST_SUITE("cycles") {
    TEST_CASE("a CNode that holds its own last capability goes when the untyped is revoked") {
        for (Word slot = 0; slot < 4; slot++) {
            interrupted_everywhere([slot](const host::Interrupts& script) {
                Graph graph(1, 0);
                Slot& own = graph.of(0, slot);
                graph.move(0, own);
                host::interrupts = script;
                graph.until_done([&] { return finalise::revoke(graph.untyped); });
                graph.check_all_gone();
            });
        }
    }

    TEST_CASE("a CNode that is deleted through a capability within itself") {
        for (Word slot = 0; slot < 4; slot++) {
            interrupted_everywhere([slot](const host::Interrupts& script) {
                Graph graph(1, 0);
                Slot& own = graph.of(0, slot);
                graph.move(0, own);
                host::interrupts = script;
                graph.until_done([&] { return finalise::remove(own, true); });
                CHECK(own.empty()); // though a zombie may remain in slot 0, as in seL4
                graph.until_done([&] { return finalise::revoke(graph.untyped); });
                graph.check_all_gone();
            });
        }
    }

    TEST_CASE("two CNodes that hold each other") {
        for (Word places = 0; places < 16; places++) {
            interrupted_everywhere([places](const host::Interrupts& script) {
                Graph graph(2, 0);
                Slot& in_second = graph.of(1, places / 4);
                Slot& in_first = graph.of(0, places % 4);
                graph.move(0, in_second);
                graph.move(1, in_first);
                host::interrupts = script;
                if (places % 2 == 0)
                    graph.until_done([&] { return finalise::remove(in_first, true); });
                graph.until_done([&] { return finalise::revoke(graph.untyped); });
                graph.check_all_gone();
            });
        }
    }

    TEST_CASE("three in a ring, with a thread among them, and one outside") {
        interrupted_everywhere([](const host::Interrupts& script) {
            Graph graph(3, 1);
            Slot& in_thread = graph.of(3, Tcb::cspace);
            Slot& in_first = graph.of(0, 3);
            Slot& in_second = graph.of(1, 0);
            graph.move(0, in_thread);
            graph.move(1, in_first);
            graph.move(3, in_second);
            host::interrupts = script;
            graph.until_done([&] { return finalise::remove(in_first, true); });
            graph.until_done([&] { return finalise::remove(in(graph.root, 2), true); });
            graph.until_done([&] { return finalise::revoke(graph.untyped); });
            graph.check_all_gone();
        });
    }

    TEST_CASE("the slot of the deletion lies in what is deleted on the way") {
        interrupted_everywhere([](const host::Interrupts& script) {
            Graph graph(3, 0);
            Slot& outer = graph.of(0, 2); // holds 1, which holds 0, which holds outer
            Slot& middle = graph.of(1, 1);
            graph.move(1, outer);
            graph.move(0, middle);
            host::interrupts = script;
            graph.until_done([&] { return finalise::remove(outer, true); });
            graph.until_done([&] { return finalise::revoke(graph.untyped); });
            graph.check_all_gone();
        });
    }

    TEST_CASE("a thousand random graphs, interrupted at random") {
        for (unsigned seed = 0; seed < 1000; seed++) {
            CAPTURE(seed);
            std::mt19937 random(seed);
            Graph graph(1 + random() % 5, random() % 3);
            const auto free_slot = [&]() -> Slot* {
                Slot* slot = graph.slots[random() % graph.slots.size()];
                return slot->empty() ? slot : nullptr;
            };
            for (Word object = 0; object < 16; object++) {
                Slot& slot = in(graph.root, object);
                for (unsigned copies = random() % 3; copies > 0 && !slot.empty(); copies--)
                    if (Slot* target = free_slot())
                        mdb::insert(slot.cap, slot, *target);
                Slot* target = free_slot();
                if (!slot.empty() && target != nullptr && random() % 4 != 0)
                    mdb::move(slot.cap, slot, *target);
            }
            const auto shaken = [&](auto call) {
                return [&random, call] {
                    host::interrupts = {.at = random() % 6};
                    return call();
                };
            };
            for (int deletions = 0; deletions < 3; deletions++) {
                Slot& slot = *graph.slots[random() % graph.slots.size()];
                if (is_freed(&slot, sizeof slot))
                    continue; // its object went with an earlier one
                graph.until_done(shaken([&] { return finalise::remove(slot, true); }));
                CHECK(slot.empty());
            }
            graph.until_done(shaken([&] { return finalise::revoke(graph.untyped); }));
            graph.check_all_gone();
        }
    }
}
