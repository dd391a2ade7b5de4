// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercise 6.2: what a kernel coroutine does, step by step. The test plays the registration that
/// it works for, and writes down what is asked of it.
#include "labs/6-async-calls/tests/host/setting.hpp"

#include <deque>

namespace {

/// Requests are numbers, and their own objects.
struct Played final : PlayedRegistration {
    std::deque<uint32_t> requests;
    unsigned preempted = 0; ///< how often the next calls are, from now on
    bool is_open = true;
    std::string log; ///< what was made and replied to

    bool take(async::Call& call) override {
        if (requests.empty())
            return false;
        call = {};
        call.id = requests.front();
        call.label = 50 + call.id;
        call.length = 2;
        call.object = 100 + call.id;
        call.buffer.message[0] = Word{7} * call.id;
        call.buffer.message[1] = Word{9} * call.id;
        requests.pop_front();
        return true;
    }
    void reply(const async::Call& call) override {
        if (is_open)
            log += " reply " + std::to_string(call.id);
    }
    bool still_open() override { return is_open; }
    Result<Outcome> make(Invocation& invocation, abi::CPtr object) override {
        const Word id = object - 100;
        log += " make " + std::to_string(id);
        if (invocation.label() != 50 + id || invocation.length() != 2 ||
            invocation.word(0) != 7 * id || invocation.word(1) != 9 * id)
            log += " (with other words than the request's)";
        if (preempted == 0)
            return Outcome::done;
        preempted--;
        return Outcome::preempted;
    }
};

/// The coroutine of the exercise, and where it waits.
struct Handlers {
    Setting at{1, nullptr};
    Played played;
    async::HandlerList& ready = at.registration.next_turn().list;
    async::HandlerList& waiting = at.registration.request().list;
    std::coroutine_handle<async::Handler::promise_type> handler;

    Handlers() {
        script.registration = &played;
        handler =
            std::coroutine_handle<async::Handler::promise_type>::from_promise(waiting.pop_front());
    }
    /// It goes on; then it waits as expected, and has done this.
    void resume(const std::string& doing, bool for_next_turn, const std::string& steps) {
        played.log.clear();
        handler.resume();
        expect_equal(doing + ": what it makes and replies to", steps, played.log);
        if (handler.done()) {
            fail(doing + ": the coroutine has returned; it must never do that");
            _exit(1);
        }
        async::HandlerList& right = for_next_turn ? ready : waiting;
        const async::HandlerList& wrong = for_next_turn ? waiting : ready;
        const std::string name = for_next_turn ? "the next turn" : "a request";
        if (!expect(doing + ": it waits for " + name, right.first == &handler.promise()))
            _exit(1);
        expect(doing + ": it waits for nothing else", wrong.empty());
        right.pop_front();
        expect(doing + ": it waits once", right.empty());
    }
};

} // namespace

TEST_CASE("calls-wait: without a request the coroutine suspends until there is one") {
    alone([] {
        Handlers at;
        at.resume("without a request", false, "");
        at.resume("resumed, but still without one", false, "");
        at.played.requests = {1};
        at.resume("resumed with request 1", false, " make 1 reply 1");
    });
}

TEST_CASE("calls-order: it takes request after request: makes the call, replies, goes on") {
    alone([] {
        Handlers at;
        at.played.requests = {3, 1, 2};
        at.resume("with requests 3, 1 and 2", false,
                  " make 3 reply 3 make 1 reply 1 make 2 reply 2");
    });
}

TEST_CASE("calls-preempted: a preempted call is made again at each turn until it is done") {
    alone([] {
        Handlers at;
        at.played.requests = {5, 6};
        at.played.preempted = 3;
        at.resume("call 5 is preempted", true, " make 5");
        at.resume("call 5 is preempted again", true, " make 5");
        at.resume("call 5 is preempted once more", true, " make 5");
        at.resume("call 5 comes to its end", false, " make 5 reply 5 make 6 reply 6");
    });
}

TEST_CASE("calls-closed: a preempted call is not made again if the registration has ended") {
    alone([] {
        Handlers at;
        at.played.requests = {4};
        at.played.preempted = 1;
        at.played.is_open = false; // by the call itself
        at.resume("call 4 is preempted, and has ended the registration", false, " make 4");
    });
}

TEST_CASE("calls-random: requests and preemptions by chance: each call is answered once") {
    alone([] {
        Handlers at;
        Draw draw;
        uint32_t id = 0;
        for (unsigned round = 0; round < 300; round++) {
            const unsigned preempted = static_cast<unsigned>(draw.below(4));
            const unsigned more = 1 + static_cast<unsigned>(draw.below(5));
            at.played.preempted = preempted;
            std::string rest;
            const std::string first = " make " + std::to_string(id);
            for (unsigned i = 0; i < more; i++, id++) {
                const std::string text = std::to_string(id);
                rest.append(" make ").append(text).append(" reply ").append(text);
                at.played.requests.push_back(id);
            }
            for (unsigned i = 0; i < preempted; i++)
                at.resume("preempted " + std::to_string(preempted) + " times", true, first);
            at.resume("after that", false, rest);
        }
    });
}
