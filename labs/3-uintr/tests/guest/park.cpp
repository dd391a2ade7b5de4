// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Parking: deadlines, and no wake-up is lost, whatever comes between looking and sleeping.
#include "labs/3-uintr/tests/guest/once.hpp"
#include "user/lib/machine.hpp"

#include <optional>

namespace {

Word microseconds(Word count) { return count * user::ticks_per_second() / 1'000'000; }

void spin_until(Word time) {
    while (machine::time() < time) {
    }
}

/// One of a ring of threads, each on a hart, through which a token goes: a vector that the thread
/// waits for, and then sends to the next one, by uipi.send or as it parks.
class Member {
public:
    Member(Word hart, Word seed) : draw_(seed) {
        if (hart == 0)
            create(thread_, as_test);
        else
            create_on(thread_, hart, as_test);
        receiver_.emplace(thread_.tcb());
        need_sender_table(thread_.tcb());
    }
    /// Who gets the token next.
    void start(const Member& next) {
        to_next_ = next.receiver_->badged(1);
        ::start(thread_, body_);
    }
    [[nodiscard]] const Registered& receiver() const { return *receiver_; }
    [[nodiscard]] Word count() const { return count_; }
    [[nodiscard]] Word strange() const { return strange_; }

private:
    struct Body {
        Member* member;
        void operator()() const { member->pass_for_ever(); }
    };
    [[noreturn]] void pass_for_ever() {
        const Word index = sender(to_next_);
        Word with_park = abi::no_sender;
        for (;;) {
            Word came = with_park == abi::no_sender ? rt::take_pending() : 0;
            if (came == 0)
                came = uintr_park(with_park);
            strange_ += (came & (came - 1)) == 0 && came != 0 ? 0 : 1;
            count_++;
            for (Word wait = draw_.below(40); wait != 0; wait--)
                asm volatile("");
            with_park = draw_.below(2) == 0 ? index : abi::no_sender;
            if (with_park == abi::no_sender)
                rt::send(index);
        }
    }

    Draw draw_;
    CPtr to_next_ = 0;
    std::atomic<Word> count_ = 0;
    std::atomic<Word> strange_ = 0;
    Body body_{this};
    std::optional<Registered> receiver_;
    user::Thread thread_; ///< last: it stops before the rest goes
};

} // namespace

TEST("park-time: parking ends at the deadline, and at once if that has passed") {
    const Registered receiver;
    Draw draw(test::seed());
    for (unsigned i = 0; i < 10; i++) {
        const Word deadline = machine::time() + microseconds(100 + draw.below(900));
        expect_equal("park's answer when nothing comes", 0, uintr_park(abi::no_sender, deadline));
        const Word now = machine::time();
        expect("it does not wake before its deadline", now >= deadline);
        expect("it wakes soon after its deadline", now < deadline + user::ticks_for(1));
    }
    expect_equal("park's answer when it is too late", 0, uintr_park(abi::no_sender, 1));
}

TEST("park-race: what is sent while a thread looks, goes to sleep or wakes up is not lost") {
    user::Thread thread;
    std::atomic<Word> received = 0;
    std::atomic<Word> woke = 0;
    create(thread, above);
    const Registered receiver(thread.tcb());
    need_sender_table();
    const Word index = sender(receiver.badged(1));
    const auto body = [&] {
        Draw draw(test::seed());
        for (;;) {
            const Word deadline = machine::time() + microseconds(5 + draw.below(30));
            const Word vectors = uintr_park(abi::no_sender, deadline);
            (vectors != 0 ? received : woke)++;
        }
    };
    start(thread, body);
    Draw draw(test::seed() + 1);
    for (Word i = 1; i <= 400; i++) {
        spin_until(machine::time() + microseconds(draw.below(40)));
        rt::send(index);
        if (!expect("every uipi.send wakes it, or is what it finds when it looks",
                    comes_true([&] { return received == i; }, 30'000)))
            break;
    }
    expect("now and then its deadline wakes it", woke > 20);
}

TEST("park-ring: a token goes through threads on all harts that wait by parking") {
    const Word harts = several_harts();
    if (harts == 0)
        return;
    std::optional<Member> members[4];
    for (Word i = 0; i < harts; i++)
        members[i].emplace(i, test::seed() * 16 + i);
    for (Word i = 0; i < harts; i++)
        members[i]->start(*members[(i + 1) % harts]);
    need_sender_table();
    rt::send(sender(members[0]->receiver().badged(2)));
    constexpr Word rounds = 100;
    expect("the token goes round a hundred times: no wake-up is lost",
           comes_true([&] { return members[harts - 1]->count() >= rounds; }, 100'000));
    for (Word i = 0; i < harts; i++) {
        expect_equal("times that a thread woke with nothing, or with several vectors", 0,
                     members[i]->strange());
        expect("nobody is passed over", members[i]->count() + 2 >= members[harts - 1]->count());
    }
}
