// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Long asynchronous calls are interrupted and go on, and others go on meanwhile: calls of the same
/// ring, equal threads, interrupts.
/// Read next: preemption.cpp, async_fairness.cpp.
/// @stage{6}
#include "user/lib/machine.hpp"
#include "user/tests/async.hpp"
#include "user/tests/vspace.hpp"

namespace {

/// A long call and then a short one, again and again, until the short one was answered first three
/// times: then the long one was interrupted. Both are answered each time.
template <class Prepare, class PutLong>
void expect_overtaken(Prepare prepare, PutLong put_long, const Place& place = Place::current()) {
    constexpr unsigned wanted = 3;
    constexpr unsigned most = 150;
    Calls calls;
    const CPtr frame = make(ObjectType::page);
    const CPtr space = new_space();
    tables_at(0, space);
    unsigned overtaken = 0;
    for (unsigned i = 0; i < most && overtaken < wanted; i++) {
        prepare();
        put_long(calls, 1);
        calls.put(2, frame, abi::PageMap{0, user::read_write, 1}, space);
        calls.put(3, frame, abi::PageUnmap{});
        calls.submit();
        uint32_t order[3];
        for (uint32_t& id : order) {
            const Reply reply = calls.reply(place);
            expect_equal("no error", Error::none, reply.error, place);
            id = reply.id;
        }
        overtaken += order[0] == 2 && order[1] == 3 ? 1 : 0;
    }
    expect_equal("times the short call was first", wanted, overtaken, place);
}

/// A thread that counts its turns.
struct Equal {
    std::atomic<Word> turns = 0;
    user::Thread thread;
    struct Body {
        std::atomic<Word>* turns;
        void operator()() const {
            for (;;) {
                turns->fetch_add(1, std::memory_order_relaxed);
                yield();
            }
        }
    } body{&turns};

    Equal() { start(thread, as_test, body); }
};

} // namespace

TEST("async: while thousands of capabilities are revoked, a map is answered") {
    constexpr Word count = 2048;
    const CPtr node = make(ObjectType::cnode, 11);
    const CPtr notification = make(ObjectType::notification);
    expect_overtaken(
        [&] {
            for (Word slot = 0; slot < count; slot++)
                static_cast<void>(invoke(
                    node, abi::CNodeCopy{slot, 11, notification, full_depth, abi::all_rights},
                    own_cnode));
        },
        [&](Calls& calls, uint32_t id) {
            calls.put(id, own_cnode, abi::CNodeRevoke{notification, full_depth});
        });
    expect_success(
        "all copies are gone",
        invoke(node, abi::CNodeCopy{7, 11, notification, full_depth, abi::all_rights}, own_cnode));
}

TEST("async: while a large page is cleared, a map is answered") {
    const CPtr memory = make(ObjectType::untyped, abi::mega_page_bits);
    const CPtr frame = empty_slot();
    expect_overtaken(
        [&] {
            expect_success("free", cap_revoke(memory));
            expect_success("used", untyped_retype(memory, ObjectType::mega_page, 0, frame));
            expect_success("free again", cap_revoke(memory));
        },
        [&](Calls& calls, uint32_t id) {
            calls.put(
                id, memory,
                abi::UntypedRetype{static_cast<Word>(ObjectType::mega_page), 0, 0, 0, frame, 1},
                own_cnode);
        });
}

TEST("async: as many long calls at a time as there are coroutines") {
    Calls calls({.bits = 16});
    expect_equal("coroutines", abi::most_async_coroutines, calls.coroutines());
    constexpr Word count = 12;
    constexpr Word copies = 40;
    const CPtr notifications = empty_slot(count);
    const CPtr slots = empty_slot(count * copies);
    for (unsigned round = 0; round < 4; round++) {
        for (unsigned i = 0; i < count; i++) {
            if (round == 0)
                expect_success("moved",
                               cap_move(make(ObjectType::notification), notifications + i));
            for (unsigned k = 0; k < copies; k++)
                expect_success("a copy", cap_copy(notifications + i, slots + i * copies + k));
            calls.put(i, own_cnode, abi::CNodeRevoke{notifications + i, full_depth});
        }
        calls.submit();
        Word answered = 0;
        for (unsigned i = 0; i < count; i++)
            answered |= Word{1} << calls.reply().id;
        expect_equal("all are answered", (Word{1} << count) - 1, answered);
        for (unsigned i = 0; i < count * copies; i++)
            expect("all copies are gone", !exists(slots + i));
    }
}

TEST("async: equals have turns while a client's calls last") {
    Calls calls;
    Equal equal;
    const CPtr memory = make(ObjectType::untyped, abi::mega_page_bits);
    const CPtr frame = empty_slot();
    const abi::UntypedRetype retype{static_cast<Word>(ObjectType::mega_page), 0, 0, 0, frame, 1};
    Word turns = 0;
    for (unsigned i = 0; i < 60 && turns < 3; i++) {
        for (uint32_t k = 0; k < 6; k++) {
            calls.put(2 * k, memory, retype, own_cnode);
            calls.put(2 * k + 1, own_cnode, abi::CNodeRevoke{memory, full_depth});
        }
        const Word before = equal.turns;
        calls.submit();
        // Without any trap: only at the end of a slice somebody else runs.
        for (unsigned k = 0; k < 12; k++) {
            while (!calls.has_reply()) {
            }
            static_cast<void>(calls.take_reply());
        }
        turns += equal.turns != before ? 1 : 0;
    }
    expect("it had its turns", turns >= 3);
}

namespace {

/// A more important thread that sleeps for a short time again and again, and says how late it was.
class Sleeper {
public:
    Sleeper() {
        const CPtr badges = make(ObjectType::page);
        if (!create(thread_, above))
            return;
        expect_success("a receiver",
                       register_receiver(make(ObjectType::notification), thread_.tcb(), badges));
        start(thread_, body_);
    }

    /// Ticks, at most.
    Word latest() {
        end_ = true;
        thread_.join();
        return latest_;
    }

private:
    struct Body {
        Sleeper* sleeper;

        void operator()() const {
            while (!sleeper->end_) {
                const Word deadline = machine::time() + 500;
                uintr_park(abi::no_sender, deadline);
                const Word late = machine::time() - deadline;
                sleeper->latest_ = std::max(sleeper->latest_.load(), late);
            }
        }
    };

    user::Thread thread_;
    Body body_{this};
    std::atomic<Word> latest_ = 0;
    std::atomic<bool> end_ = false;
};

} // namespace

TEST("async: an interrupt waits for no more than a few calls") {
    if (!interrupts_exist())
        return;
    if (config::debug)
        return skip("this kernel checks itself, and takes its time");
    // The most that it may be late, in instructions; the clock counts hundreds of them, and those
    // of other harts too.
    const Word most = user::boot_info().nodes == 1 ? 20'000 : 60'000;
    const Word instructions = 1'000'000'000 / user::ticks_per_second();
    Sleeper sleeper;
    Calls calls;
    const CPtr untyped = make(ObjectType::untyped, 18);
    const CPtr slots = empty_slot(128);
    const CPtr tcb = bare_thread();
    for (unsigned i = 0; i < 30; i++) {
        calls.put(1, untyped,
                  abi::UntypedRetype{static_cast<Word>(ObjectType::tcb), 0, 0, 0, slots, 128},
                  own_cnode);
        for (unsigned k = 0; k < 3; k++)
            calls.put(2, tcb, abi::TcbReadRegisters{0, 32});
        calls.put(3, own_cnode, abi::CNodeRevoke{untyped, full_depth});
        calls.submit();
        for (unsigned k = 0; k < 5; k++)
            static_cast<void>(calls.reply());
    }
    const Word late = sleeper.latest() * instructions;
    if (late > most)
        expect_equal("instructions that it was late", most, late);
}
