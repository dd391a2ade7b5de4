// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercise 6.3: which hart will work at the requests of a thread. Harts are not started: each is
/// what it would look like, and the test sees whose run queue the worker is in. The one that runs
/// the tests has the number of none of them, for what a hart chooses for itself it does at once.
#include "kernel/async/registration.hpp"
#include "kernel/lib/assert.hpp"
#include "kernel/sched/scheduler.hpp"
#include "labs/lib/kernel_test.hpp"

#include <algorithm>

using namespace kernel_test; // NOLINT(google-build-using-namespace): for tests only

namespace {

constexpr HartIndex nowhere = config::harts;
constexpr int idle = -1;

alignas(4096) constinit uint8_t arena[512 * 1024] = {};
constinit Word used = 0;

/// Zeroed memory at a multiple of its size. What a test has, the next one gets again.
PAddr memory(unsigned bits) {
    const Word size = Word{1} << bits;
    used = (used + size - 1) & ~(size - 1);
    if (used + size > sizeof arena)
        panic("the memory of the tests is too small");
    std::fill_n(arena + used, size, uint8_t{0});
    used += size;
    return physical(arena + used - size);
}

Slot& slot(const Cap& cap) {
    Slot& made = *window<Slot>(memory(abi::slot_bits));
    made.cap = cap;
    made.mdb.set_flags(true, true);
    return made;
}

Tcb& thread(Prio priority, HartIndex hart) {
    Tcb& tcb = Tcb::create(memory(abi::tcb_bits));
    tcb.state = Tcb::State::running;
    tcb.priority = priority;
    tcb.place.hart = static_cast<uint8_t>(hart);
    return tcb;
}

/// A registration whose owner is of hart 1; all harts do what is more important at the beginning.
class Harts {
public:
    explicit Harts(Prio priority) : owner_(thread(priority, 1)) {
        hart_count = config::harts;
        for (HartIndex index = 0; index < config::harts; index++) {
            harts[index].index = index;
            harts[index].idle.state = Tcb::State::idle;
            run(index, 255);
        }
        this_hart().index = nowhere;
        Slot& frame = slot(FrameCap(memory(abi::page_bits), 0, false, abi::all_rights));
        Slot& notification =
            slot(NotificationCap(memory(abi::notification_bits), Badge(0), abi::all_rights));
        expect("a frame is added", registration_.add_frame(frame).has_value());
        registration_.open(owner_, notification, {16, 16}, Word{1} << abi::async_registration_bits);
    }
    Harts(const Harts&) = delete;
    Harts& operator=(const Harts&) = delete;
    ~Harts() {
        hart_count = 1;
        harts[0].index = 0;
        for (HartIndex index = 0; index < config::harts; index++) {
            run(index, idle);
            harts[index].interrupt_wanted = false;
        }
        used = 0;
    }

    /// The hart runs a thread of this priority, or nothing.
    static void run(HartIndex index, int priority) {
        Hart& hart = harts[index];
        hart.current = priority == idle ? &hart.idle : &thread(static_cast<Prio>(priority), index);
        hart.action = Hart::Action::resume;
        hart.candidate = nullptr;
    }
    /// The hart works at requests of somebody.
    static void serve(HartIndex index, int priority) {
        run(index, priority);
        harts[index].current->state = Tcb::State::serving;
    }
    /// The hart is idle, but a thread of this priority is ready there.
    void ready(HartIndex index, int priority) {
        run(index, idle);
        sched::enqueue(thread(static_cast<Prio>(priority), index));
    }

    /// Which hart will work at requests now?
    HartIndex chosen() {
        registration_.wake();
        HartIndex found = nowhere;
        for (HartIndex index = 0; index < config::harts; index++) {
            RunQueue& queue = harts[index].queues[sched::current_domain];
            while (Tcb* tcb = queue.most_important()) {
                if (tcb->state == Tcb::State::serving)
                    found = index;
                queue.remove(*tcb);
                if (tcb->state == Tcb::State::serving)
                    tcb->state = Tcb::State::inactive;
            }
        }
        return found;
    }

private:
    Tcb& owner_;
    Registration& registration_ = *window<Registration>(memory(abi::async_registration_bits));
};

} // namespace

KERNEL_TEST("hart-idle: an idle hart is chosen before any that runs something") {
    for (HartIndex index = 0; index < config::harts; index++) {
        Harts at(100);
        for (HartIndex other = 0; other < config::harts; other++)
            at.run(other, 0);
        at.run(index, idle);
        expect_equal("the chosen hart, if this one is idle and others run priority 0", index,
                     at.chosen());
    }
}

KERNEL_TEST("hart-least: the hart that does what is least important is chosen") {
    for (HartIndex index = 0; index < config::harts; index++) {
        Harts at(100);
        for (HartIndex other = 0; other < config::harts; other++)
            at.run(other, 99);
        at.run(index, 98);
        expect_equal("the chosen hart: priority 98, others 99", index, at.chosen());
    }
}

KERNEL_TEST("hart-own: what is as important or more is left alone: the owner's hart does it") {
    Harts at(100);
    expect_equal("the chosen hart, if all run priority 255 (owner's: 1)", 1, at.chosen());
    for (HartIndex other = 0; other < config::harts; other++)
        at.run(other, 100);
    expect_equal("the chosen hart, if all run priority 100, as the owner's (1)", 1, at.chosen());
    at.run(3, 99);
    expect_equal("the chosen hart, if hart 3 runs priority 99", 3, at.chosen());
}

KERNEL_TEST("hart-ready: a hart that is idle, but will run a thread, counts as that") {
    Harts at(100);
    at.ready(2, 200);
    expect_equal("the chosen hart, if hart 2 will run priority 200 (owner's: 1)", 1, at.chosen());
    at.ready(2, 50);
    at.ready(3, 20);
    expect_equal("the chosen hart, if harts 2 and 3 will run priorities 50 and 20", 3, at.chosen());
}

KERNEL_TEST("hart-kernel: who works at requests is never disturbed, whatever its priority") {
    Harts at(100);
    at.serve(2, 1);
    at.serve(3, 0);
    expect_equal("the chosen hart, if harts 2 and 3 work at requests (owner's: 1)", 1, at.chosen());
}

KERNEL_TEST("hart-random: priorities by chance, of harts and owner") {
    Word state = seed() * 2 + 1;
    const auto draw = [&state](Word end) {
        state = state * 6364136223846793005 + 1442695040888963407;
        return static_cast<int>((state >> 33) % end);
    };
    for (unsigned round = 0; round < 10; round++) {
        const int owner = draw(250);
        Harts at(static_cast<Prio>(owner));
        int levels[config::harts] = {};
        for (HartIndex index = 0; index < config::harts; index++) {
            do { // equals would leave the choice open
                levels[index] = draw(256) - 1;
            } while (std::count(levels, levels + index, levels[index]) != 0);
            at.run(index, levels[index]);
        }
        const int* least = std::min_element(levels, levels + config::harts);
        const Word right = *least < owner ? static_cast<Word>(least - levels) : 1;
        if (!expect_equal("the chosen hart", right, at.chosen()))
            return;
    }
}
