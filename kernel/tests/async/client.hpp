// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A registration whose owner is the current thread, and the client that a test plays.
/// Read next: registration.cpp.
/// @stage{6}
#pragma once

#include "kernel/async/registration.hpp"
#include "kernel/object/notification.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/tests/vm/space.hpp"
#include "runtime/long_message.hpp"
#include "runtime/status.hpp"

#include <doctest/doctest.h>

#include <array>

constexpr abi::RingLines buffer_lines = {.requests = 32, .replies = 32};

inline abi::BufferHeader blank;

/// What the client sees: the frames, which lie apart. Its own end of each ring uses them as the
/// kernel does.
struct Client {
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

    Client()
        : out(blank.client.out, blank.server.in, {}), in(blank.client.in, blank.server.out, {}) {
        for (unsigned i = 0; i < 2; i++) {
            frames[i] = &spaces.frame(host::memory(abi::page_bits));
            copies[i].cap = frames[i]->cap;
            CHECK(registration.add_frame(*frames[i]));
        }
        header = window<abi::BufferHeader>(frames[0]->cap.as<FrameCap>().base());
        out = {header->client.out,
               header->server.in,
               {copies.data(), abi::ring_offset, buffer_lines.requests * abi::line_bytes}};
        in = {header->client.in,
              header->server.out,
              {copies.data(), abi::replies_offset(buffer_lines),
               buffer_lines.replies * abi::line_bytes}};
        world.caller().slot(Tcb::cspace).cap = root.cap;
        REQUIRE(registration.check(world.caller(), notification, buffer_lines));
        CHECK(registration.open(world.caller(), notification, buffer_lines, 1 << 13) == 2);
    }
    ~Client() {
        registration.end();
        world.caller().slot(Tcb::cspace).cap = Cap();
    }

    void put(uint32_t id, Word label, std::vector<Word> words, unsigned caps = 0) {
        if (out.stopped())
            (void)out.refill();
        rt::put_message(out, id,
                        abi::ItemInfo::make(abi::label_in_items(label), words.size(), caps), words);
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
