// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Calls in and out of a registration, rings that cannot be, and every way to the end. The
/// sanitizers see each access outside of the buffer and of the registration.
/// Read next: client.hpp, kernel/async/registration.hpp.
/// @stage{6}
#include "kernel/tests/async/client.hpp"

#include "kernel/cap/finalise.hpp"
#include "kernel/cap/mdb.hpp"

#include <random>

namespace {

constexpr Word label_of(abi::Label label) { return static_cast<Word>(label); }
constexpr Word get_address = label_of(abi::Label::page_get_address);

} // namespace

TEST_SUITE("async registration") {
    TEST_CASE("requests are answered in order") {
        Client at;
        mdb::move(at.frames[0]->cap, *at.frames[0], in(at.root, 5));
        for (uint32_t i = 0; i < 30; i++)
            at.put(i, get_address, {5});
        at.submit();
        for (uint32_t i = 0; i < 30; i++) {
            const auto answer = at.answer();
            CHECK(answer.id == i);
            CHECK(answer.error == abi::Error::none);
            CHECK(answer.words == std::vector{at.copies[0].cap.as<FrameCap>().base().value});
        }
        CHECK(at.header->server.in.state.load_relaxed() == abi::armed);
        CHECK(harts[0].queues[0].empty());
    }

    TEST_CASE("long messages cross the frames' border") {
        Client at;
        Slot& tcb = at.world.thread();
        mdb::move(tcb.cap, tcb, in(at.root, 6));
        for (uint32_t i = 0; i < 50; i++) {
            std::vector<Word> words = {6, 0, 32};
            for (Word k = 0; k < 32; k++)
                words.push_back(Word{i} * 100 + k);
            at.put(i, label_of(abi::Label::tcb_write_registers), words);
            at.put(i, label_of(abi::Label::tcb_read_registers), {6, 0, 32});
            at.submit();
            CHECK(at.answer().error == abi::Error::none);
            const auto answer = at.answer();
            CHECK(answer.error == abi::Error::none);
            CHECK(answer.words == std::vector(words.begin() + 3, words.end()));
        }
    }

    TEST_CASE("lookups that fail") {
        Client at;
        at.put(1, get_address, {300});
        at.put(2, label_of(abi::Label::page_map), {5, 300, 0, 0, 0}, 1);
        at.put(3, get_address, {7});
        at.submit();
        for (uint32_t id = 1; id <= 2; id++) {
            const auto answer = at.answer();
            CHECK(answer.id == id);
            CHECK(answer.error == abi::Error::failed_lookup);
            CHECK(answer.words == std::vector<Word>{0, 4, 64, 0, 56});
        }
        CHECK(at.answer().error == abi::Error::invalid_capability);
    }

    TEST_CASE("a preempted call is made again, and does not hold up the next one") {
        Client at;
        Slot& untyped = at.world.untyped(16);
        mdb::move(untyped.cap, untyped, in(at.root, 8));
        for (Word i = 0; i < 8; i++)
            mdb::insert_new(NotificationCap(PAddr(in(at.root, 8).cap.as<UntypedCap>().base() +
                                                  (i << abi::notification_bits)),
                                            Badge(0), abi::all_rights),
                            in(at.root, 8), in(at.root, 20 + i));
        mdb::insert(at.root.cap, at.root, in(at.root, 9));
        host::interrupts = {.always = true};
        at.put(1, label_of(abi::Label::cnode_revoke), {9, 8, 64});
        at.put(2, get_address, {7});
        at.submit();
        CHECK(at.answer().id == 2);
        CHECK(at.answer().id == 1);
        for (Word i = 0; i < 8; i++)
            CHECK(in(at.root, 20 + i).empty());
    }

    TEST_CASE("counters that cannot be end it") {
        for (const Word tail : {Word{1}, Word{63}, Word{33} * 64, ~Word{0}, Word{1} << 63}) {
            Client at;
            at.header->client.out.tail.store_relaxed(tail);
            at.registration.wake();
            at.check_closed();
        }
        for (const Word head : {Word{1}, Word{33} * 64, ~Word{63}}) {
            Client at;
            for (unsigned i = 0; i < 33; i++) {
                at.put(i, get_address, {7});
                if (i == 32)
                    at.header->client.in.head.store_relaxed(head);
                (void)at.header->client.in.head.load_relaxed();
                if (i == 31)
                    at.submit();
            }
            at.out.publish();
            at.registration.wake();
            at.check_closed();
        }
    }

    TEST_CASE("a message that is not there as a whole ends it") {
        for (const Word length : {Word{8}, Word{127}}) {
            Client at;
            at.put(1, get_address, {7});
            at.out.line_at(~Word{0}).info.store_relaxed(
                abi::ItemInfo::make(get_address, length).word);
            at.submit();
            at.check_closed();
        }
    }

    TEST_CASE("replies that do not fit end it") {
        Client at;
        for (uint32_t i = 0; i < 32; i++)
            at.put(i, get_address, {7});
        at.submit();
        CHECK_FALSE(at.registration.closed());
        (void)at.out.refill();
        at.put(32, get_address, {7});
        at.submit();
        at.check_closed();
    }

    TEST_CASE("frames that go end it at its next turn") {
        Client at;
        (void)finalise::revoke(*at.frames[1]);
        at.registration.wake();
        at.check_closed();
    }

    TEST_CASE("a frame goes by a call that is preempted: no other coroutine goes on") {
        Client at;
        mdb::insert(at.root.cap, at.root, in(at.root, 9));
        at.spaces.map_tables(0x1000);
        Slot& mapped = in(at.root, 10);
        mapped.cap = FrameCap(host::memory(abi::page_bits), 0, false, abi::all_rights);
        REQUIRE(at.spaces.map(mapped, 0x1000));
        mdb::move(at.frames[1]->cap, *at.frames[1], in(at.root, 5));
        // The next reply would lie in the frame that goes.
        for (uint32_t i = 0; i < 29; i++) {
            at.put(i, get_address, {7});
            at.submit();
            (void)at.answer();
        }
        host::interrupts = {.always = true};
        at.put(1, label_of(abi::Label::cnode_revoke), {9, 5, 64});
        at.put(2, label_of(abi::Label::page_unmap), {10});
        at.submit();
        at.check_closed();
        CHECK(mapped.cap.as<FrameCap>().mapped());
    }

    TEST_CASE("without its notification it goes on in silence") {
        Client at;
        finalise::remove_simple(at.notification);
        at.put(1, get_address, {7});
        at.submit();
        CHECK(at.answer().id == 1);
    }

    TEST_CASE("the end of the owner, and of the object") {
        Client at;
        CHECK(at.world.caller().finalise());
        at.check_closed();
        Client other;
        other.put(1, get_address, {7});
        other.out.publish();
        other.registration.end();
        other.check_closed();
        CHECK_FALSE(mdb::has_children(*other.frames[0]));
    }

    TEST_CASE("garbage in every word changes nothing outside of the buffer") {
        std::mt19937_64 draw(42);
        for (unsigned seed = 0; seed < 300; seed++) {
            Client at;
            mdb::move(at.frames[1]->cap, *at.frames[1], in(at.root, 5));
            auto* words = reinterpret_cast<volatile Word*>(at.header);
            auto* other = window<volatile Word>(at.copies[1].cap.as<FrameCap>().base());
            for (unsigned step = 0; step < 60 && !at.registration.closed(); step++) {
                for (unsigned i = 0; i < 32; i++) {
                    const Word value = draw() % 3 == 0 ? 5 : draw();
                    (draw() % 3 == 0 ? other : words + 32)[draw() % 256] = value;
                }
                if (draw() % 20 == 0)
                    words[8 + draw() % 16] = draw() % 2 == 0 ? draw() : draw() % 100 * 64;
                at.header->client.out.tail.store_relaxed(at.header->server.in.head.load_relaxed() +
                                                         draw() % 20 * 64);
                at.header->client.in.head.store_relaxed(at.header->server.out.tail.load_relaxed());
                at.registration.wake();
            }
        }
    }
}
