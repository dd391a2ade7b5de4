// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// All parts together: calls of many kinds in bursts, calls that are preempted, and clients that
/// compete.
#include "user/tests/async.hpp"
#include "user/tests/harts.hpp"
#include "user/tests/vspace.hpp"

namespace {

/// Calls that last: a large page is cleared, and given back.
struct LongCall {
    CPtr memory = make(ObjectType::untyped, abi::mega_page_bits);
    CPtr frame = empty_slot();

    [[nodiscard]] abi::UntypedRetype retype() const {
        return {static_cast<Word>(ObjectType::mega_page), 0, 0, 0, frame, 1};
    }
    [[nodiscard]] abi::CNodeRevoke revoke() const { return {memory, full_depth}; }
};

/// A thread with a registration whose ring is never empty for long.
class Busy {
public:
    explicit Busy(Word priority) : calls_({.open = false}) {
        create(thread_, priority);
        start(thread_, body_);
    }
    [[nodiscard]] Word served() const { return served_; }

private:
    struct Body {
        Busy* self;
        void operator()() const {
            self->calls_.open();
            for (;;)
                self->burst();
        }
    };
    void burst() {
        constexpr unsigned many = 12;
        for (unsigned i = 0; i < many; i++)
            calls_.put(i, thread_.tcb(), abi::TcbSetFlags{0, 0});
        calls_.submit();
        for (unsigned i = 0; i < many; i++) {
            while (!calls_.has_reply()) {
            }
            static_cast<void>(calls_.take_reply());
            served_.fetch_add(1, std::memory_order_relaxed);
        }
    }

    Calls calls_;
    std::atomic<Word> served_ = 0;
    Body body_{this};
    user::Thread thread_;
};

} // namespace

TEST("burst-calls: calls of many kinds and lengths in a burst are answered in order") {
    Calls calls;
    const CPtr tcb = bare_thread();
    for (unsigned round = 0; round < 40; round++) {
        std::array<Word, 35> words = {tcb, 0, 32};
        for (unsigned k = 3; k < words.size(); k++)
            words[k] = round * 100 + k;
        calls.put_words(
            1, abi::ItemInfo::make(static_cast<Word>(abi::Label::tcb_write_registers), 35), words);
        calls.put_words(2,
                        abi::ItemInfo::make(static_cast<Word>(abi::Label::tcb_read_registers), 3),
                        std::array<Word, 3>{tcb, 0, 32});
        calls.put(3, tcb, abi::PageUnmap{});
        calls.put(4, ~Word{0}, abi::PageUnmap{});
        calls.submit();
        expect_equal("error of a thread's call", Error::none, calls.reply().error);
        const Reply registers = calls.reply();
        expect_equal("words of 32 registers", 32, registers.length);
        for (unsigned i = 0; i < 32; i++)
            expect_equal("a register that came through the ring and back", round * 100 + 3 + i,
                         registers.words[i]);
        expect_equal("error of a thread's unmap", Error::illegal_operation, calls.reply().error);
        expect_equal("error of a pointer to nothing", Error::failed_lookup, calls.reply().error);
    }
}

TEST("calls-retype: a long call is preempted and comes to its end; a short one passes it by") {
    Calls calls;
    const LongCall call;
    for (unsigned round = 0; round < 4; round++) {
        calls.put(1, call.memory, call.retype(), own_cnode);
        calls.submit();
        calls.expect_reply(1, Error::none);
        calls.put(2, own_cnode, call.revoke());
        calls.put(3, calls.frame(), abi::PageGetAddress{});
        calls.submit();
        const Reply first = calls.reply();
        const Reply second = calls.reply();
        expect("both are answered, each once", first.id + second.id == 5 && first.id != second.id);
        expect_equal("error of one", Error::none, first.error);
        expect_equal("error of the other", Error::none, second.error);
    }
}

TEST("turn-fair: clients whose rings are never empty take turns, with each other and a thread") {
    const Busy first(below);
    const Busy second(below);
    std::atomic<Word> count = 0;
    user::Thread counter;
    const auto counts = [&] {
        for (;;)
            count++;
    };
    start(counter, below, counts);
    for (unsigned i = 0; i < 3; i++) {
        const Word before[] = {first.served(), second.served(), count};
        run_equals(below, 6);
        expect("the first client was served", first.served() > before[0] + 10);
        expect("the second client was served", second.served() > before[1] + 10);
        expect("a thread that only counts had its turn", count > before[2] + 10);
    }
}

TEST("hart-machine: an idle hart works at requests, while the client goes on") {
    if (several_harts() == 0)
        return;
    const LongCall call;
    Calls calls;
    for (unsigned round = 0; round < 3; round++) {
        calls.put(1, call.memory, call.retype(), own_cnode);
        calls.submit();
        Word turns = 0;
        while (!calls.has_reply() && turns < 10'000'000)
            turns++;
        expect("the client went on meanwhile", turns > 100);
        expect_equal("error of the call", Error::none, calls.reply().error);
        expect_equal("error of what takes it back", Error::none,
                     calls.call(own_cnode, call.revoke()).error);
    }
}
