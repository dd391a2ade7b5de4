// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A process that serves a client which the judge plays by hand: so it is known when the process
/// must notify, and when it must not.
/// Read next: hostile.cpp.
#include "labs/4-rings/tests/guest/inputs.hpp"

#include <algorithm>

using namespace judge;

namespace {

class ByHandClient {
public:
    explicit ByHandClient(World& world)
        : world_(world), own_(world.header().client), peer_(world.header().server) {}

    /// Asks so many, and wakes the server if it sleeps.
    void ask(Word most) {
        for (; most > 0; most--, asked_++) {
            auto* const line = reinterpret_cast<volatile Word*>(
                world_.requests() + asked_ % party::ring_lines.requests);
            for (Word i = 0; i < line_words; i++)
                line[i] = world_.side(0).input[asked_ * line_words + i];
        }
        own_.out.tail.store_release(asked_ * abi::line_bytes);
        rt::fence_full();
        if (peer_.in.state.load_relaxed() != abi::running &&
            peer_.in.state.exchange(abi::running) != abi::running)
            sel4::signal(world_.side(1).own);
    }
    /// Awaits all answers without sleeping: nobody may notify it.
    bool await_awake() {
        const Word before = world_.side(1).notifications;
        return world_.until("an answer, awake", [&] { return take(); }) &&
               test::expect("who does not sleep is not notified",
                            world_.side(1).notifications == before);
    }
    /// Awaits them asleep: one notification for each sleep, no more and no less.
    bool await_asleep() {
        while (!take()) {
            const Word before = world_.side(1).notifications;
            own_.in.state.store_relaxed(abi::armed);
            rt::fence_full();
            if (peer_.out.tail.load_relaxed() != taken_ * abi::line_bytes &&
                own_.in.state.exchange(abi::running) == abi::armed)
                continue;
            if (!world_.until("the notification of a client that sleeps",
                              [&] { return world_.side(1).notifications != before; }) ||
                !test::expect("whoever notifies has changed the state word first",
                              own_.in.state.load_relaxed() == abi::running))
                return false;
        }
        return world_.look_on("no second notification");
    }
    [[nodiscard]] Word asked() const { return asked_; }

private:
    /// Takes what has been answered. True if that is all.
    bool take() {
        for (const Word tail = peer_.out.tail.load_acquire() / abi::line_bytes;
             taken_ < tail && taken_ < asked_; taken_++) {
            auto* const line = reinterpret_cast<volatile Word*>(world_.replies() +
                                                                taken_ % party::ring_lines.replies);
            for (Word i = 0; i < line_words; i++)
                const_cast<volatile Word*>(world_.side(1).output)[taken_ * line_words + i] =
                    line[i];
            world_.side(1).task->taken.store_relaxed((taken_ + 1) * line_words);
        }
        own_.in.head.store_release(taken_ * abi::line_bytes);
        return taken_ == asked_;
    }

    World& world_;
    abi::SideWords& own_;
    abi::SideWords& peer_;
    Word asked_ = 0;
    Word taken_ = 0;
};

} // namespace

TEST("burst-served: a server notifies a client that sleeps, once, and no other") {
    constexpr Word count = 200;
    World world;
    Draw draw(4);
    const Word key = draw.word();
    draw_lines(draw, world.side(0).input, count);
    if (!world.start(1, {.role = Role::serve, .count = count, .key = key, .hart = 1}))
        return;
    ByHandClient client(world);
    while (client.asked() < count) {
        client.ask(std::min(1 + draw.below(8), count - client.asked()));
        if (!(draw.below(2) == 0 ? client.await_awake() : client.await_asleep()))
            return;
    }
    if (world.finish())
        expect_lines("words of answers", world.side(0), world.side(1), count, key);
}
