// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The owner of a registration runs on one hart while another hart serves it: every execution of
/// the two is tried, with all that loads and stores may do on the machine. The kernel's own memory
/// is guarded by its lock; nothing but the buffer is shared without it.
///
///     owner    puts in, publishes, looks ──asleep──> trap: wake()          sleeps <──┐
///     worker   its hart's interrupt ──> serve(), sleep() again and again     signal ─┘
///
/// The owner follows the rules of runtime/status.hpp, by the reference for lab 4.
/// Read next: elsewhere.cpp; runtime/tests/explore/explore.hpp.
#pragma once

#include "kernel/object/notification.hpp"
#include "kernel/sched/scheduler.hpp"
#include "labs/6-async-calls/tests/host/setting.hpp"
#include "runtime/buffer.hpp"
#include "runtime/status.hpp"
#include "runtime/tests/explore/explore.hpp"

#include <memory>

/// Every execution must pass; one that does not is told step by step, behind what it means. True if
/// all have passed.
inline bool explored(const char* meaning, const explore::Outcome& outcome,
                     const Place& place = Place::current()) {
    if (!outcome.passed())
        fail(
            std::string(meaning) +
                "\nThis is how it comes about, one step a row, one column a hart. \"old\": a store "
                "waits in the store buffer of the other hart. \"late\": a load that later "
                "accesses have overtaken.\n" +
                outcome.report(),
            place);
    return outcome.passed();
}

/// A request of one line, with its object as the only word.
struct Asked {
    Word object = 0;
    abi::ItemInfo info = {};
};

class Elsewhere : public Setting {
public:
    static constexpr abi::RingLines small = {.requests = 1, .replies = 2};

    Elsewhere() : Setting(1, play, small) {
        abi::BufferHeader& words = header();
        explore::name(words.client.out.tail, "tail");
        explore::name(words.server.in.head, "head");
        explore::name(words.client.out.state, "owner's state, requests", {"flowing", "waiting"});
        explore::name(words.server.in.state, "worker's state", {"running", "armed"});
        explore::name(words.server.out.tail, "tail of replies");
        explore::name(words.client.in.head, "head of replies");
        explore::name(words.server.out.state, "worker's state, replies", {"flowing", "waiting"});
        explore::name(words.client.in.state, "owner's state", {"running", "armed"});
        name_line("request", line_at(0));
        name_line("reply 0", line_at(1));
        name_line("reply 1", line_at(2));
        kernel_lock_.send();
    }

    /// The owner's trap: a hart will work at its requests.
    void wake() {
        take_lock(owners_hart);
        registration.wake();
        if (ready() != nullptr)
            to_worker_.send();
        release_lock();
    }
    /// The owner makes so many calls, as there is room, and then waits for the replies.
    void call(unsigned calls, const Asked& asked = {}) {
        auto [out, in] = rt::SharedBuffer(&header(), small).client();
        for (uint32_t id = 1; id <= calls; id++) {
            if (!wait(out, rt::may_wait<rt::ContiguousLines>))
                return;
            abi::Item& line = out.next();
            line.id.store_relaxed(id);
            line.info.store_relaxed(asked.info.word);
            line.words[0].store_relaxed(asked.object);
            if (rt::end_burst(out, in, false).notify)
                wake();
        }
        for (uint32_t id = 1; id <= calls; id++) {
            if (!wait(in, rt::may_sleep<rt::ContiguousLines>))
                return;
            explore::check(in.take(abi::line_bytes).first->id.load_relaxed() == id,
                           "each reply has the id of its request");
        }
    }
    /// The worker's hart, which is idle until it is interrupted, until so many calls are answered.
    void work(unsigned calls) {
        const abi::ProducerWords& replies = header().server.out;
        while (replies.tail.load_relaxed() != calls * abi::line_bytes) {
            to_worker_.park();
            take_lock(workers_hart);
            if (Tcb* const worker = ready()) {
                while (worker->state == Tcb::State::serving)
                    serve();
                sched::dequeue(*worker);
            }
            release_lock();
        }
    }

private:
    static constexpr HartIndex workers_hart = 0;
    static constexpr HartIndex owners_hart = 1;

    static void name_line(const std::string& name, const abi::Item& line) {
        explore::name(line.id, "id of " + name);
        explore::name(line.info, "info of " + name);
        explore::name(line.words[0], "object of " + name);
    }
    /// A line of the buffer, requests first.
    [[nodiscard]] abi::Item& line_at(Word line) {
        return reinterpret_cast<abi::Item&>(request_word(line));
    }
    /// The owner waits for a line. False if the ring is corrupt, as in an execution with a late
    /// load of what then nobody stores: that one does not count.
    template <class End>
    bool wait(End& end, bool (*may_stop)(End&)) {
        while (end.stopped()) {
            const rt::Ring found = end.refill();
            if (found == rt::Ring::corrupt)
                return false;
            if (found == rt::Ring::blocked && may_stop(end))
                to_owner_.park();
        }
        return true;
    }
    /// As the kernel does, turn after turn (kernel/syscall/trap.cpp); then it tells the owner what
    /// it has signalled.
    void serve() {
        this_hart().action = Hart::Action::resume;
        if (!registration.serve())
            static_cast<void>(registration.sleep());
        Notification& signals = notification.cap.as<NotificationCap>().object();
        if (signals.state() == Notification::State::active) {
            signals.poll(world.caller());
            to_owner_.send();
        }
    }
    [[nodiscard]] static Tcb* ready() { return harts[workers_hart].queues[0].most_important(); }

    /// In the kernel on this machine there is one hart: it has the number of whoever is in there.
    void take_lock(HartIndex hart) {
        kernel_lock_.park();
        harts[0].index = hart;
    }
    void release_lock() { kernel_lock_.send(); }

    std::unique_ptr<Spaces> end_{&spaces};             ///< the next execution makes its own
    explore::Notification kernel_lock_{"kernel lock"}; ///< pending: it is free
    explore::Notification to_owner_{"owner's notification"};
    explore::Notification to_worker_{"interrupt of the worker's hart"};
};
