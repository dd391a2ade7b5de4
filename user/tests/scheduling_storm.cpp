// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Storms: many threads on all harts, and the test moves, stops, reads and reorders them as drawn
/// from a seed. Nothing may be lost: each work is done exactly once.
/// Read next: harts.hpp.
/// @stage{2}
#include "user/tests/harts.hpp"

namespace {

/// Threads in a ring that pass one token on; each pass is counted by both sides.
class TokenRing {
public:
    static constexpr unsigned members = 6;
    static constexpr Word passes = 1500;

    void start(Word harts) {
        for (unsigned i = 0; i < members; i++)
            ring_[i] = make(ObjectType::notification);
        over_ = make(ObjectType::notification);
        for (unsigned i = 0; i < members; i++) {
            bodies_[i] = {this, i};
            start_on(threads_[i], i % harts, below, bodies_[i]);
        }
        signal(ring_[0]);
    }
    void wait_for_end() const { wait(over_); }
    [[nodiscard]] Word count() const { return count_; }
    [[nodiscard]] CPtr member(Word index) const { return threads_[index].tcb(); }
    /// The ring's own threads differ in their passes by one at most.
    [[nodiscard]] bool even() const {
        for (const Word passed : passed_)
            if (passed < passes / members || passed > passes / members + 1)
                return false;
        return true;
    }

private:
    struct Body {
        TokenRing* ring;
        unsigned number;
        void operator()() const { ring->pass(number); }
    };
    void pass(unsigned number) {
        for (;;) {
            wait(ring_[number]);
            if (count_ == passes)
                return signal(over_);
            count_++;
            passed_[number]++;
            signal(ring_[(number + 1) % members]);
        }
    }
    std::atomic<Word> count_ = 0;
    Word passed_[members] = {};
    CPtr ring_[members] = {};
    CPtr over_ = 0;
    Body bodies_[members] = {};
    user::Thread threads_[members];
};

} // namespace

TEST("storm: a token goes round while its bearers are moved from hart to hart") {
    const Word harts = several_harts();
    if (harts == 0)
        return;
    TokenRing ring;
    Draw draw(1);
    ring.start(harts);
    for (unsigned i = 0; i < 400; i++)
        expect_success(
            "move", set_affinity(ring.member(draw.below(TokenRing::members)), draw.below(harts)));
    ring.wait_for_end();
    expect_equal("passes", TokenRing::passes, ring.count());
    expect("each had its share", ring.even());
}

TEST("storm: a token goes round while its bearers are stopped, read and reordered") {
    const Word harts = several_harts();
    if (harts == 0)
        return;
    TokenRing ring;
    Draw draw(2);
    ring.start(harts);
    for (unsigned i = 0; i < 400; i++) {
        const CPtr tcb = ring.member(draw.below(TokenRing::members));
        abi::UserContext registers = {};
        switch (draw.below(4)) {
        case 0:
            expect_success("suspend", tcb_suspend(tcb));
            expect_success("resume", tcb_resume(tcb));
            break;
        case 1:
            expect_success("read", tcb_read_registers(tcb, registers));
            break;
        case 2:
            expect_success("reorder", tcb_set_priority(tcb, 50 + draw.below(100)));
            break;
        default:
            expect_success("move", set_affinity(tcb, draw.below(harts)));
        }
    }
    ring.wait_for_end();
    expect_equal("passes", TokenRing::passes, ring.count());
    expect("each had its share", ring.even());
}

TEST("storm: all harts signal one notification, and no badge is lost") {
    const Word harts = several_harts();
    if (harts == 0)
        return;
    constexpr unsigned most = 4;
    constexpr Word rounds = 200;
    const CPtr notification = make(ObjectType::notification);
    struct Body {
        CPtr signalled;
        CPtr answered;
        void operator()() const {
            for (Word i = 0; i < rounds; i++) {
                signal(signalled);
                wait(answered);
            }
        }
    } bodies[most] = {};
    user::Thread threads[most];
    for (unsigned i = 0; i < harts; i++) {
        bodies[i] = {empty_slot(), make(ObjectType::notification)};
        cap_mint(notification, bodies[i].signalled, abi::all_rights, Word{1} << i);
        start_on(threads[i], i, below, bodies[i]);
    }
    Word counts[most] = {};
    for (Word done = 0; done < rounds * harts;) {
        const Word badges = wait(notification);
        for (unsigned i = 0; i < harts; i++) {
            if ((badges >> i & 1) == 0)
                continue;
            counts[i]++;
            done++;
            signal(bodies[i].answered);
        }
    }
    for (unsigned i = 0; i < harts; i++)
        expect_equal("signals of a hart", rounds, counts[i]);
}

TEST("storm: threads are made, run elsewhere and deleted, again and again") {
    const Word harts = several_harts();
    if (harts == 0)
        return;
    Draw draw(3);
    Word free = 0;
    for (unsigned i = 0; i < 60; i++) {
        Counter spinner;
        spinner.start(draw.below(harts - 1) + 1, 50 + draw.below(100));
        if (draw.below(2) == 0)
            expect("it runs", spinner.runs());
        spinner.destroy();
        if (i == 0)
            free = allocator.free_slots();
    }
    // A page table for their stacks is made once in a while.
    expect("their slots are free", allocator.free_slots() + 10 > free);
}
