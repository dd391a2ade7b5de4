// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Domains and user interrupts: who is parked sleeps on until its domain has time.
/// @stage{none}
#include "user/lib/machine.hpp"
#include "user/tests/domain.hpp"
#include "user/tests/uintr.hpp"

namespace {

/// A thread of domain 1 that is registered, and sleeps until it is interrupted; again and again. It
/// is more important than the test.
class Sleeper {
public:
    Sleeper() : receiver_(created(thread_)) {
        expect_success("domain", set_domain(thread_.tcb(), 1));
        start(thread_, body_);
    }
    ~Sleeper() {
        expect_success("back to this domain", set_domain(thread_.tcb(), 0));
        end_ = true;
        signal(receiver_.notification());
        thread_.join();
    }
    Sleeper(const Sleeper&) = delete;
    Sleeper& operator=(const Sleeper&) = delete;

    [[nodiscard]] const Registered& receiver() const { return receiver_; }
    [[nodiscard]] Word sleeps() const { return sleeps_; }
    void see_sleep(Word number) const {
        while (sleeps_ < number) {
        }
    }
    /// It has no turn, though the test gives way.
    void expect_sleeps(Word number, const Place& place = Place::current()) const {
        for (unsigned i = 0; i < 100; i++)
            yield();
        expect_equal("it sleeps", number, sleeps(), place);
    }

private:
    static CPtr created(user::Thread& thread) {
        create(thread, above);
        return thread.tcb();
    }
    void run() {
        while (!end_) {
            sleeps_++;
            uintr_park(abi::no_sender, 0);
        }
    }
    struct Body {
        Sleeper* self;
        void operator()() const { self->run(); }
    };

    user::Thread thread_;
    Registered receiver_;
    std::atomic<Word> sleeps_ = 0;
    std::atomic<bool> end_ = false;
    Body body_{this};
};

} // namespace

TEST("domain: who sleeps is woken by an interrupt in any domain's time, and runs in its own") {
    if (config::domains == 1)
        return skip("one domain");
    if (!interrupts_wake())
        return;
    schedule::alternate();
    const Sleeper sleeper;
    const Registered own;
    need_sender_table();
    const Word index = sender(sleeper.receiver().badged(1));
    const auto only_this_domain = [&](Word sleeps) {
        sleeper.see_sleep(sleeps);
        schedule::restore();
        sleeper.expect_sleeps(sleeps);
    };
    only_this_domain(1);
    rt::send(index);
    sleeper.expect_sleeps(1);
    schedule::alternate();
    only_this_domain(2);
    signal(sleeper.receiver().badged(2));
    sleeper.expect_sleeps(2);
    schedule::alternate();
    only_this_domain(3);
    // Not even by what would otherwise switch straight to it.
    const Word soon = machine::time() + user::ticks_per_second() / 1000;
    expect_equal("the test wakes by its deadline", 0, uintr_park(index, soon));
    expect("not before", machine::time() >= soon);
    sleeper.expect_sleeps(3);
    schedule::alternate();
    sleeper.see_sleep(4);
    schedule::restore();
}
