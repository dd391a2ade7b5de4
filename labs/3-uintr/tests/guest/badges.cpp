// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Vectors and badges: what a new vector inherits, and whose badge a receiver sees.
#include "labs/3-uintr/tests/badges.hpp"

#include "labs/3-uintr/tests/guest/once.hpp"

namespace {

using badges::Step;

/// Does what a script says, with the test's own thread as receiver; tells a digest of the badges
/// that it saw.
class Play {
public:
    explicit Play(bool with_ends) : script_(test::seed(), with_ends) { need_sender_table(); }

    void run() {
        for (Step step = script_.next(); step.what != Step::stop; step = script_.next())
            play(step);
        value(digest_.number());
    }

private:
    void play(const Step& step) {
        switch (step.what) {
        case Step::make:
            caps_[step.sender] = receiver_.badged(step.badge);
            indices_[step.sender] = sender(caps_[step.sender]);
            expect("the badge page shows its badge",
                   receiver_.vector_of(step.badge) != abi::user_vectors);
            break;
        case Step::end:
            expect_success("it goes", cap_delete(caps_[step.sender]));
            allocator.release_slot(caps_[step.sender]);
            break;
        case Step::send:
            rt::send(indices_[step.sender]);
            break;
        default:
            take();
        }
    }
    void take() {
        const Word pending = rt::take_pending();
        for (Word vector = 0; vector < abi::user_vectors; vector++) {
            if ((pending & bit(vector)) != 0)
                digest_.add(receiver_.badge_of(vector));
        }
        digest_.close();
    }

    badges::Script script_;
    badges::Digest digest_;
    Registered receiver_;
    CPtr caps_[badges::most_senders] = {};
    Word indices_[badges::most_senders] = {};
};

} // namespace

TEST("vector-reuse: a new vector has no bit of who had it before, and others keep theirs") {
    const Registered stays;
    Draw draw(test::seed());
    for (unsigned round = 0; round < 40; round++) {
        const bool keep = draw.below(2) == 0;
        const Registered goes;
        signal(goes.notification());
        if (keep)
            signal(stays.notification());
        allocator.destroy(goes.notification());
        const Registered next;
        const Word pending = rt::take_pending();
        expect_equal("the new vector's bit", 0, pending & kernel_bit(next));
        expect_equal("the bit of a vector that stays", keep ? kernel_bit(stays) : 0,
                     pending & kernel_bit(stays));
        signal(next.notification());
        expect_equal("the new vector's bit when it is signalled", kernel_bit(next),
                     rt::take_pending());
        allocator.destroy(next.notification());
    }
}

TEST("badges: a receiver sees the badges of those who sent, and of nobody else") {
    Play(false).run();
}

TEST("badges-end: nor of those who are gone") { Play(true).run(); }
