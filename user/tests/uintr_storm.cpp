// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A storm: senders, and receivers that wait, poll and park, on all harts, while the test stops and
/// moves them, signals, and replaces senders' capabilities, as drawn from a seed. Nothing is lost,
/// and nothing comes that nobody sent.
///
///     sender: sets its bit in in_flight, sends      receiver: takes bits, clears them in in_flight
///
/// A sender sends again once its bit is clear: one that is lost is never clear again.
/// `run.py --arguments seed=N` draws another storm.
/// @stage{3}
#include "user/lib/machine.hpp"
#include "user/tests/uintr.hpp"

#include <string_view>

namespace {

constexpr unsigned receivers_count = 3;
constexpr unsigned senders_count = 3;
constexpr unsigned steps = 500;
constexpr Word nothing_to_send = ~Word{0};
constexpr Word signal_bit = 63; ///< of the test's own signals; the others are the senders'

class StormReceiver {
public:
    StormReceiver(Word seed, Word hart)
        : body_{this, Draw(seed)}, registered_(created(thread_, hart)) {
        start(thread_, body_);
    }
    std::atomic<Word> in_flight = 0;
    /// Bits that may come once more than they were sent: the kernel tells of senders that are gone,
    /// and a vector that was taken may be another's by the time that its badge is looked up.
    std::atomic<Word> doubtful = 0;
    std::atomic<Word> strange = 0;
    std::atomic<Word> taken = 0;

    [[nodiscard]] CPtr tcb() const { return thread_.tcb(); }
    [[nodiscard]] const Registered& registered() const { return registered_; }

private:
    struct Body {
        StormReceiver* receiver;
        Draw draw;
        void operator()() { receiver->receive(draw); }
    };

    void take(Word bits) {
        if ((bits & ~(in_flight.load() | doubtful.load())) != 0)
            strange++;
        in_flight.fetch_and(~bits);
        taken += bits != 0 ? 1 : 0;
    }
    void take_vectors(Word vectors) {
        Word bits = 0;
        for (Word vector = 0; vector < abi::user_vectors; vector++) {
            if ((vectors >> vector & 1) != 0)
                bits |= registered_.badge_of(vector);
        }
        doubtful.fetch_or(bits);
        take(bits);
        take(poll(registered_.notification()));
    }
    [[noreturn]] void receive(Draw& draw) {
        const CPtr notification = registered_.notification();
        for (;;) {
            switch (draw.below(4)) {
            case 0:
                take(wait(notification));
                break;
            case 1:
                take(poll(notification));
                yield();
                break;
            case 2:
                take_vectors(rt::take_pending());
                break;
            default:
                take_vectors(uintr_park(abi::no_sender, machine::time() + draw.below(2000)));
            }
        }
    }

    static CPtr created(user::Thread& thread, Word hart) {
        create(thread, as_test);
        if (hart != 0)
            set_affinity(thread.tcb(), hart);
        return thread.tcb();
    }

    user::Thread thread_;
    Body body_;
    Registered registered_;
};

class Storm {
public:
    explicit Storm(Word seed)
        : draw_(seed), receivers_{{seed, 0}, {seed + 1, 1 % harts_}, {seed + 2, 2 % harts_}} {
        const CPtr table = make(ObjectType::sender_table);
        set_sender_table(own_thread(), table);
        for (unsigned s = 0; s < senders_count; s++) {
            bodies_[s] = {this, s, Draw(seed + 100 + s)};
            create(threads_[s], as_test);
            if (s % harts_ != 0)
                set_affinity(threads_[s].tcb(), s % harts_);
            set_sender_table(threads_[s].tcb(), table);
            for (unsigned r = 0; r < receivers_count; r++)
                replace(s, r);
            start(threads_[s], bodies_[s]);
        }
    }

    void run() {
        for (unsigned i = 0; i < steps; i++)
            step();
        over_ = true;
        for (StormReceiver& receiver : receivers_) {
            tcb_resume(receiver.tcb());
            expect("nothing is lost",
                   comes_true([&] { return (receiver.in_flight & valid(receiver)) == 0; }));
            expect_equal("nothing strange comes", 0, receiver.strange);
            expect("much came", receiver.taken > steps / 20);
        }
    }

private:
    struct Body {
        Storm* storm;
        unsigned number;
        Draw draw;
        void operator()() { storm->send_for_ever(number, draw); }
    };

    /// One thing that the test does.
    void step() {
        StormReceiver& receiver = receivers_[draw_.below(receivers_count)];
        switch (draw_.below(6)) {
        case 0:
            tcb_suspend(receiver.tcb());
            return;
        case 1:
            if (config::smp)
                set_affinity(receiver.tcb(), draw_.below(harts_));
            return;
        case 2:
            if ((receiver.in_flight.fetch_or(bit(signal_bit)) & bit(signal_bit)) == 0)
                signal(receiver.registered().badged(bit(signal_bit)));
            return;
        case 3:
            return replace(static_cast<unsigned>(draw_.below(senders_count)),
                           static_cast<unsigned>(draw_.below(receivers_count)));
        default:
            tcb_resume(receiver.tcb());
            yield();
        }
    }

    /// A new capability with a bit of its own for a sender, in place of the one it has. What it
    /// sent by the old one may come or not.
    void replace(unsigned s, unsigned r) {
        Way& way = ways_[s][r];
        way.now = nothing_to_send;
        comes_true([&] { return !busy_[s]; });
        StormReceiver& receiver = receivers_[r];
        if (way.cap != 0) {
            receiver.doubtful.fetch_or(bit(way.number));
            allocator.release_slot(way.cap);
        }
        const Word number = next_bit_[r]++ % signal_bit;
        way.cap = receiver.registered().badged(bit(number));
        way.number = number;
        way.now = sender(way.cap) | number << 32;
    }

    /// The bits that somebody can send now.
    [[nodiscard]] Word valid(const StormReceiver& receiver) const {
        Word bits = bit(signal_bit);
        for (unsigned r = 0; r < receivers_count; r++) {
            for (unsigned s = 0; s < senders_count; s++)
                bits |= &receivers_[r] == &receiver ? bit(ways_[s][r].number) : 0;
        }
        return bits;
    }

    void send_for_ever(unsigned s, Draw& draw) {
        while (!over_) {
            const Word r = draw.below(receivers_count);
            busy_[s] = true;
            const Word now = ways_[s][r].now;
            std::atomic<Word>& in_flight = receivers_[r].in_flight;
            if (now != nothing_to_send && (in_flight & bit(now >> 32)) == 0) {
                in_flight |= bit(now >> 32);
                if (draw.below(2) == 0)
                    rt::send(now & 0xffff);
                else
                    uintr_park(now & 0xffff); // without a receiver it only sends
            }
            busy_[s] = false;
            if (draw.below(4) == 0)
                yield();
        }
    }

    /// How a sender reaches a receiver.
    struct Way {
        std::atomic<Word> now = nothing_to_send; ///< index, and number of the bit << 32
        CPtr cap = 0;
        Word number = 0;
    };

    Draw draw_;
    Word harts_ = config::smp ? user::boot_info().nodes : 1;
    Way ways_[senders_count][receivers_count];
    Word next_bit_[receivers_count] = {};
    std::atomic<bool> busy_[senders_count] = {};
    std::atomic<bool> over_ = false;
    StormReceiver receivers_[receivers_count];
    Body bodies_[senders_count] = {
        {nullptr, 0, Draw(0)}, {nullptr, 0, Draw(0)}, {nullptr, 0, Draw(0)}};
    user::Thread threads_[senders_count];
};

} // namespace

TEST("uintr: in a storm nothing is lost, and nothing comes that was not sent") {
    if (!interrupts_wake())
        return;
    Storm storm(user::boot_number("seed=", 0) + 1);
    storm.run();
}
