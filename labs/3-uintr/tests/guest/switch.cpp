// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Who is interrupted: the thread that something is sent to, when it runs, where it runs.
#include "labs/3-uintr/tests/guest/once.hpp"

#include <optional>

namespace {

/// A thread that yields for ever, and looks each time whether it was interrupted.
class Looker {
public:
    explicit Looker(Word hart = 0) {
        if (hart == 0)
            create(thread_, as_test);
        else
            create_on(thread_, hart, as_test);
        receiver_.emplace(thread_.tcb());
        start(thread_, body_);
        comes_true([&] { return up_.load(); });
    }
    [[nodiscard]] const Registered& receiver() const { return *receiver_; }
    [[nodiscard]] CPtr tcb() const { return thread_.tcb(); }
    /// Tells it that something was sent, the `number`th time.
    void sent(Word number) { sent_ = number; }
    /// It has seen that.
    [[nodiscard]] bool seen(Word number) {
        return comes_true([&] { return seen_ == number; }, 100'000);
    }
    /// How often it saw that something was sent before it was interrupted.
    [[nodiscard]] Word late() const { return late_; }
    /// The vectors that it took last.
    [[nodiscard]] Word vectors() const { return vectors_; }
    void destroy() { thread_.destroy(); }

private:
    struct Body {
        Looker* looker;
        void operator()() const { looker->look_for_ever(); }
    };
    [[noreturn]] void look_for_ever() {
        arm();
        up_ = true;
        for (;;) {
            yield();
            const Word now = sent_;
            if (now == seen_)
                continue;
            late_ += interrupted() ? 0 : 1;
            vectors_ = rt::take_pending();
            arm();
            seen_ = now;
        }
    }

    std::atomic<bool> up_ = false;
    std::atomic<Word> sent_ = 0;
    std::atomic<Word> seen_ = 0;
    std::atomic<Word> late_ = 0;
    std::atomic<Word> vectors_ = 0;
    Body body_{this};
    std::optional<Registered> receiver_;
    user::Thread thread_; ///< last: it stops before the rest goes
};

} // namespace

TEST("stopped-quiet: what comes for a thread that has stopped does not interrupt the next one") {
    Looker looker;
    const Registered mine;
    arm();
    for (Word i = 1; i <= 30; i++) {
        signal(looker.receiver().notification());
        if (!expect("who runs is not interrupted by what comes for a thread that has stopped",
                    !interrupted()))
            break;
        looker.sent(i);
        if (!expect("the other runs", looker.seen(i)) ||
            !expect("nor when it goes on", !interrupted()))
            break;
        expect_equal("the other's vectors", kernel_bit(looker.receiver()), looker.vectors());
    }
    disarm();
    looker.destroy();
}

TEST("goes-on: what came while a thread did not run interrupts it as soon as it goes on") {
    Looker looker;
    for (Word i = 1; i <= 30; i++) {
        signal(looker.receiver().notification());
        looker.sent(i);
        if (!expect("it goes on", looker.seen(i)))
            break;
        expect_equal("vectors that came", kernel_bit(looker.receiver()), looker.vectors());
    }
    expect_equal("times that it went on without its interrupt", 0, looker.late());
    looker.destroy();
}

TEST("moves: a thread that goes from hart to hart is interrupted where it is") {
    const Word harts = several_harts();
    Looker looker(1);
    Draw draw(test::seed());
    Word hart = 1;
    for (Word i = 1; harts != 0 && i <= 30; i++) {
        hart = (hart + 1 + draw.below(harts - 1)) % harts;
        expect_success("it moves", set_affinity(looker.tcb(), hart));
        for (Word wait = draw.below(4); wait != 0; wait--)
            yield();
        signal(looker.receiver().notification());
        looker.sent(i);
        if (!expect("it goes on", looker.seen(i)))
            break;
        expect_equal("vectors that came", kernel_bit(looker.receiver()), looker.vectors());
    }
    expect_equal("times that it went on without its interrupt", 0, looker.late());
    looker.destroy();
}
