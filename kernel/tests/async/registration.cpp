// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A registration whose owner is the current thread, beside a client that this test plays: calls
/// in and out, rings that cannot be, and every way to the end. The sanitizers see each access
/// outside of the buffer and of the registration.
/// Read next: kernel/async/registration.hpp.
/// @stage{6}
#include "kernel/async/registration.hpp"

#include "kernel/cap/finalise.hpp"
#include "kernel/cap/mdb.hpp"
#include "kernel/object/notification.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/tests/vm/space.hpp"
#include "runtime/long_message.hpp"
#include "runtime/status.hpp"

#include <doctest/doctest.h>

#include <random>

namespace {

constexpr abi::RingLines lines = {.requests = 32, .replies = 32};

abi::BufferHeader blank;

/// What the client sees: the frames, which lie apart. Its own end of each ring uses them as the
/// kernel does.
struct Setting {
    Spaces spaces;
    World& world = spaces.world;
    Slot& root = world.cnode(8);
    Slot& notification = world.notification();
    Slot& object = world.slot(RegistrationCap(host::memory(abi::async_registration_bits), 13));
    Registration& registration = object.cap.as<RegistrationCap>().object();
    Slot* frames[2] = {};
    std::array<Slot, 2> copies = {};
    abi::BufferHeader* header = nullptr;
    rt::Producer<async::FrameLines> out;
    rt::Consumer<async::FrameLines> in;

    Setting()
        : out(blank.client.out, blank.server.in, {}), in(blank.client.in, blank.server.out, {}) {
        for (unsigned i = 0; i < 2; i++) {
            frames[i] = &spaces.frame(host::memory(abi::page_bits));
            copies[i].cap = frames[i]->cap;
            CHECK(registration.add_frame(*frames[i]));
        }
        header = window<abi::BufferHeader>(frames[0]->cap.as<FrameCap>().base());
        out = {header->client.out,
               header->server.in,
               {copies.data(), abi::ring_offset, lines.requests * abi::line_bytes}};
        in = {header->client.in,
              header->server.out,
              {copies.data(), abi::replies_offset(lines), lines.replies * abi::line_bytes}};
        world.caller().slot(Tcb::cspace).cap = root.cap;
        REQUIRE(registration.check(world.caller(), notification, lines));
        CHECK(registration.open(world.caller(), notification, lines, 1 << 13) == 2);
    }
    ~Setting() {
        registration.end();
        world.caller().slot(Tcb::cspace).cap = Cap();
    }

    void put(uint32_t id, Word label, std::vector<Word> words, unsigned caps = 0) {
        if (out.stopped())
            (void)out.refill();
        rt::put_message(out, id, abi::ItemInfo::make(label, words.size(), caps), words);
    }
    /// Publishes, and lets the kernel work until it sleeps.
    void submit() {
        (void)rt::end_burst(out, in, false);
        registration.wake();
        while (current_thread().state == Tcb::State::serving || !harts[0].queues[0].empty()) {
            sched::schedule();
            if (current_thread().state != Tcb::State::serving)
                break;
            if (!registration.serve() && registration.sleep())
                sched::reschedule();
        }
        sched::schedule();
    }
    struct Answer {
        uint32_t id;
        abi::Error error;
        std::vector<Word> words;
    };
    Answer answer() {
        REQUIRE((!in.stopped() || in.refill() == rt::Ring::ready));
        const Word header_word = rt::load_header(in.line_at(0));
        const auto info = rt::info_of(header_word);
        Answer answer{static_cast<uint32_t>(header_word), static_cast<abi::Error>(info.label()),
                      std::vector<Word>(info.length())};
        rt::copy_words(in, 0, info.length(), answer.words.data());
        in.advance_by(abi::lines_of(info.length()) * abi::line_bytes);
        return answer;
    }
    [[nodiscard]] bool signalled() const {
        return notification.cap.as<NotificationCap>().object().state() ==
               Notification::State::active;
    }
    void check_closed(bool told = true) {
        CHECK(registration.closed());
        CHECK(world.caller().registration == nullptr);
        CHECK(signalled() == told);
        CHECK_FALSE(registration.has_news());
        CHECK_FALSE(registration.serve());
        registration.wake();
        registration.close();
    }
};

constexpr Word label_of(abi::Label label) { return static_cast<Word>(label); }
constexpr Word get_address = label_of(abi::Label::page_get_address);

} // namespace

TEST_SUITE("async registration") {
    TEST_CASE("requests are answered in order") {
        Setting at;
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
        Setting at;
        Slot& tcb = at.world.thread();
        mdb::move(tcb.cap, tcb, in(at.root, 6));
        for (uint32_t i = 0; i < 50; i++) {
            std::vector<Word> words = {6, 0, 32};
            for (Word k = 0; k < 32; k++)
                words.push_back(i * 100 + k);
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
        Setting at;
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
        Setting at;
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
        for (const Word tail : {Word{1}, Word{63}, Word{33 * 64}, ~Word{0}, Word{1} << 63}) {
            Setting at;
            at.header->client.out.tail.store_relaxed(tail);
            at.registration.wake();
            at.check_closed();
        }
        for (const Word head : {Word{1}, Word{33 * 64}, ~Word{63}}) {
            Setting at;
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
            Setting at;
            at.put(1, get_address, {7});
            at.out.line_at(~Word{0}).info.store_relaxed(
                abi::ItemInfo::make(get_address, length).word);
            at.submit();
            at.check_closed();
        }
    }

    TEST_CASE("replies that do not fit end it") {
        Setting at;
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
        Setting at;
        (void)finalise::revoke(*at.frames[1]);
        at.registration.wake();
        at.check_closed();
    }

    TEST_CASE("without its notification it goes on in silence") {
        Setting at;
        finalise::remove_simple(at.notification);
        at.put(1, get_address, {7});
        at.submit();
        CHECK(at.answer().id == 1);
    }

    TEST_CASE("the end of the owner, and of the object") {
        Setting at;
        CHECK(at.world.caller().finalise());
        at.check_closed();
        Setting other;
        other.put(1, get_address, {7});
        other.out.publish();
        other.registration.end();
        other.check_closed();
        CHECK_FALSE(mdb::has_children(*other.frames[0]));
    }

    TEST_CASE("garbage in every word changes nothing outside of the buffer") {
        std::mt19937_64 draw(42);
        for (unsigned seed = 0; seed < 300; seed++) {
            Setting at;
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
