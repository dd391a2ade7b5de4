// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Clients that write into their rings what they like, also while the kernel reads: the worst that
/// comes of it is that their registration ends.
#include "user/tests/async.hpp"
#include "user/tests/harts.hpp"

namespace {

/// Changes lengths and words of a ring again and again, on another hart.
class Changer {
public:
    Changer(abi::Item* lines, unsigned count, Word hart) : body_{lines, count, &rounds_} {
        start_on(thread_, hart, above, body_);
    }
    [[nodiscard]] Word rounds() const { return rounds_; }

private:
    struct Body {
        abi::Item* lines;
        unsigned count;
        std::atomic<Word>* rounds;
        void operator()() const {
            Draw draw(test::seed());
            for (;;) {
                abi::Item& line = lines[draw.below(count)];
                line.info.store_relaxed(static_cast<uint32_t>(
                    abi::ItemInfo::make(draw.below(80), draw.below(128), draw.below(4)).word));
                line.words[draw.below(abi::item_words)].store_relaxed(
                    draw.below(2) == 0 ? draw.below(4096) : ~Word{0});
                rounds->fetch_add(1, std::memory_order_relaxed);
            }
        }
    };
    std::atomic<Word> rounds_ = 0;
    Body body_;
    user::Thread thread_;
};

/// Other calls are served as ever.
void check_others() {
    Calls calls({.open = false});
    bool served = false;
    user::Thread thread;
    const auto client = [&] {
        calls.open();
        for (uint32_t i = 0; i < 5; i++) {
            calls.put(i, calls.frame(), abi::PageGetAddress{});
            calls.submit();
            expect_equal("whose reply it is", i, calls.reply().id);
        }
        served = true;
    };
    start(thread, as_test, client);
    thread.join();
    expect("somebody else's calls are served", served);
}

} // namespace

TEST("hostile-part: a request of which the ring has not all ends its registration, no other one") {
    Calls calls;
    calls.put_words(1, abi::ItemInfo::make(static_cast<Word>(abi::Label::tcb_read_registers), 1),
                    std::array<Word, 1>{calls.frame()});
    calls.items()[0].info.store_relaxed(
        abi::ItemInfo::make(static_cast<Word>(abi::Label::tcb_read_registers), 127).word);
    calls.submit();
    calls.expect_closed();
    check_others();
}

TEST("hostile-storm: requests that change while they are read harm nobody else") {
    if (several_harts() == 0)
        return;
    for (unsigned round = 0; round < 4; round++) {
        Calls calls({.open = false});
        const Changer changer(calls.items(), 32, 1);
        user::Thread thread;
        const auto client = [&] {
            calls.open();
            for (unsigned i = 0; i < 30; i++) {
                if (calls.room())
                    calls.put(i, calls.frame(), abi::PageGetAddress{});
                calls.submit();
                for (unsigned k = 0; k < 8 && calls.has_reply(); k++)
                    static_cast<void>(calls.take_reply());
                yield();
            }
        };
        start(thread, as_test, client);
        thread.join();
        expect("the lines were changed meanwhile", changer.rounds() > 100);
    }
    check_others();
}
