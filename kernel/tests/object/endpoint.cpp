// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// An endpoint: who meets whom, who waits, what becomes of calls; and replies.
/// Profile sel4 only. Read next: kernel/object/endpoint.hpp.
/// @stage{none}
#include "kernel/object/endpoint.hpp"

#include "kernel/cap/finalise.hpp"
#include "kernel/cap/mdb.hpp"
#include "kernel/object/notification.hpp"
#include "kernel/object/reply.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/syscall/preempt.hpp"
#include "kernel/tests/host/world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <random>

namespace {

using State = Tcb::State;

struct Setting {
    World world;
    Slot& slot =
        world.slot(EndpointCap(host::memory(abi::endpoint_bits), Badge(0), abi::all_rights));
    EndpointCap cap = slot.cap.as<EndpointCap>();
    Endpoint& endpoint = cap.object();

    Tcb& thread() {
        Tcb& tcb = world.thread().cap.as<ThreadCap>().object();
        tcb.state = State::running;
        tcb.context[Context::a0] = 999;
        reply::create_master(tcb);
        return tcb;
    }
    /// A message of one word that says who sent it.
    void send(Tcb& tcb, Word badge, bool blocking = true, bool is_call = false,
              bool may_grant = true) {
        tcb.context[Context::a1] = abi::MessageInfo::make(7, 1).word;
        tcb.context.message(0) = badge * 2;
        endpoint::send(endpoint, tcb, {Badge(badge), blocking, is_call, may_grant, false});
    }
    void receive(Tcb& tcb, bool blocking = true) { endpoint::receive(cap, tcb, blocking); }
};

void check_got(const Tcb& tcb, Word badge) {
    CHECK(tcb.state == State::running);
    CHECK(tcb.context[Context::a0] == badge);
    CHECK(tcb.context[Context::a1] == abi::MessageInfo::make(7, 1).word);
    CHECK(tcb.context.message(0) == badge * 2);
}

/// The endpoint as two queues.
struct Model {
    std::deque<std::pair<Tcb*, Word>> senders;
    std::deque<Tcb*> receivers;

    void forget(const Tcb& tcb) {
        std::erase_if(senders, [&](const auto& one) { return one.first == &tcb; });
        std::erase(receivers, &tcb);
    }
};

void model_send(Setting& at, Model& model, Tcb& tcb, Word badge, bool blocking) {
    at.send(tcb, badge, blocking);
    if (!model.receivers.empty()) {
        check_got(*model.receivers.front(), badge);
        model.receivers.pop_front();
    } else if (blocking) {
        model.senders.emplace_back(&tcb, badge);
    }
}

void model_receive(Setting& at, Model& model, Tcb& tcb, bool blocking) {
    at.receive(tcb, blocking);
    if (!model.senders.empty()) {
        const auto [sender, badge] = model.senders.front();
        check_got(tcb, badge);
        CHECK(sender->state == State::running);
        model.senders.pop_front();
    } else if (blocking) {
        model.receivers.push_back(&tcb);
    } else {
        CHECK(tcb.context[Context::a0] == 0);
    }
}

void random_step(Setting& at, Model& model, Tcb& tcb, unsigned choice) {
    const bool blocking = choice / 8 % 2 == 0;
    if (!tcb.runnable()) {
        if (choice % 3 != 0)
            return;
        tcb.suspend();
        model.forget(tcb);
        tcb.state = State::running;
    } else if (choice % 2 == 0) {
        model_send(at, model, tcb, choice / 16 % 4, blocking);
    } else {
        model_receive(at, model, tcb, blocking);
    }
}

} // namespace

TEST_SUITE("endpoint") {
    TEST_CASE("random threads send, receive and are suspended") {
        for (unsigned seed = 0; seed < 50; seed++) {
            CAPTURE(seed);
            std::mt19937 random(seed);
            Setting at;
            Model model;
            Tcb* threads[] = {&at.thread(), &at.thread(), &at.thread(), &at.thread()};
            for (int step = 0; step < 100; step++) {
                random_step(at, model, *threads[random() % 4], static_cast<unsigned>(random()));
                CHECK(at.endpoint.invariant());
                CHECK(at.endpoint.senders_wait() == !model.senders.empty());
                CHECK(at.endpoint.receivers_wait() == !model.receivers.empty());
                sched::schedule();
                CHECK(sched::invariant());
            }
        }
    }

    TEST_CASE("a call that meets its receiver waits for the reply, and gets it") {
        Setting at;
        Tcb& server = at.thread();
        Tcb& client = at.thread();
        at.receive(server);
        at.send(client, 5, true, true);
        check_got(server, 5);
        CHECK(client.state == State::waiting_for_reply);
        const Slot& caller = server.slot(Tcb::caller);
        REQUIRE(caller.cap.is<ReplyCap>());
        CHECK(&caller.cap.as<ReplyCap>().caller() == &client);
        CHECK(caller.cap.as<ReplyCap>().grant());
        CHECK(mdb::is_parent(client.slot(Tcb::reply), caller));
        server.context.message(0) = 77;
        reply::answer_caller(server);
        CHECK(client.state == State::running);
        CHECK(client.context.message(0) == 77);
        CHECK(client.context[Context::a0] == 0);
        CHECK(caller.empty());
        reply::answer_caller(server); // nobody is left to answer
    }

    TEST_CASE("a call whose receiver comes later is the same") {
        Setting at;
        Tcb& server = at.thread();
        Tcb& client = at.thread();
        at.send(client, 5, true, true);
        CHECK(client.state == State::waiting_to_send);
        at.receive(server);
        check_got(server, 5);
        CHECK(client.state == State::waiting_for_reply);
    }

    TEST_CASE("a caller that is suspended cannot be answered; one without grant is not") {
        Setting at;
        Tcb& server = at.thread();
        Tcb& client = at.thread();
        at.receive(server);
        at.send(client, 5, true, true);
        client.suspend();
        CHECK(server.slot(Tcb::caller).empty());
        Tcb& other = at.thread();
        at.receive(server);
        at.send(other, 6, true, true, false);
        CHECK(other.state == State::inactive);
        CHECK(server.slot(Tcb::caller).empty());
    }

    TEST_CASE("a receiver with a bound notification gets its signals first") {
        Setting at;
        Tcb& server = at.thread();
        auto& notification = at.world.notification().cap.as<NotificationCap>().object();
        notification.bind(server);
        notification.signal(Badge(8));
        at.send(at.thread(), 5);
        at.receive(server);
        CHECK(server.context[Context::a0] == 8);
        CHECK(at.endpoint.senders_wait());
        at.receive(server);
        check_got(server, 5);
        at.receive(server);
        notification.signal(Badge(9));
        CHECK(server.context[Context::a0] == 9);
        CHECK(server.state == State::running);
        CHECK_FALSE(at.endpoint.receivers_wait());
    }

    TEST_CASE("with the endpoint all waits end, and the calls are made again") {
        Setting at;
        Tcb& one = at.thread();
        Tcb& two = at.thread();
        at.send(one, 5);
        at.send(two, 5, true, true);
        finalise::remove_simple(at.slot);
        CHECK(one.state == State::restart);
        CHECK(two.state == State::restart);
        CHECK(is_freed(&at.endpoint, Word{1} << abi::endpoint_bits));
    }

    TEST_CASE("cancelling sends of one badge leaves the others, in their order") {
        Setting at;
        std::vector<Tcb*> threads;
        for (const unsigned badge : {5U, 6U, 5U, 7U, 5U}) {
            threads.push_back(&at.thread());
            at.send(*threads.back(), badge);
        }
        const auto cancel = [&](Word badge, Word rights) {
            return error_of(endpoint::cancel_badged_sends(at.cap.with(Badge(badge), rights)));
        };
        CHECK(cancel(5, 7) == abi::Error::illegal_operation);
        CHECK(cancel(0, 15) == abi::Error::none);
        CHECK(threads[0]->state == State::waiting_to_send);
        CHECK(cancel(5, 15) == abi::Error::none);
        CHECK(threads[0]->state == State::restart);
        CHECK(threads[2]->state == State::restart);
        CHECK(threads[4]->state == State::restart);
        CHECK(at.endpoint.queue.first == threads[1]);
        CHECK(at.endpoint.queue.last == threads[3]);
        CHECK(at.endpoint.invariant());
    }
    TEST_CASE(
        "however many wait, deleting and cancelling stop for interrupts, and nobody comes anew") {
        constexpr unsigned many = 200;
        Setting at;
        std::vector<Tcb*> threads(many);
        for (Tcb*& tcb : threads)
            at.send(*(tcb = &at.thread()), 5);
        const auto waiting = [&] {
            return std::ranges::count(threads, State::waiting_to_send, &Tcb::state);
        };
        host::interrupts.always = true;
        const auto cancel = [&] {
            return endpoint::cancel_badged_sends(at.cap.with(Badge(5), 15));
        };
        CHECK(cancel() == Outcome::preempted);
        CHECK(waiting() == many - preempt::steps);
        CHECK(finalise::remove(at.slot, true) == Outcome::preempted);
        CHECK(waiting() == many - 2 * preempt::steps);
        CHECK(at.endpoint.invariant());
        // Until it is gone it is as good as gone.
        CHECK(at.slot.cap.as<EndpointCap>().rights() == 0);
        unsigned calls = 1;
        while (finalise::remove(at.slot, true) == Outcome::preempted)
            calls++;
        CHECK(calls == 2);
        CHECK(at.slot.empty());
        CHECK(waiting() == 0);
        CHECK(sched::invariant());
    }
}
