// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Vectors and sender entries as the real controller and the real uipi.send see them.
#include "labs/3-uintr/tests/kernel/setting.hpp"

namespace {

/// Who receives, and a table that this hart sends by.
struct Senders : Setting {
    Slot& owner = thread();
    Slot& notified = notification();
    Slot& senders = table();
    Word kernels = receives(notified, owner);

    Senders() { receiver::use_senders(senders.cap.address()); }

    /// What is pending when this hart has sent by an entry.
    Word sent(Word index) const {
        user_interrupt::send(index);
        fence::devices();
        return hardware(owner).take();
    }
    [[nodiscard]] Word vector_of(Word badge) const {
        return vectors::of_badge(cap(notified).object(), Badge(badge)).value_or(0);
    }
};

} // namespace

KERNEL_TEST("real-vector: of what is pending in the controller only a new vector's old bit goes") {
    Setting at;
    Draw draw;
    Slot& thread = at.thread();
    at.receives(at.notification(), thread);
    for (unsigned i = 0; i < 40; i++) {
        const Word pending = draw.word() | draw.word();
        static_cast<void>(at.hardware(thread).take());
        at.hardware(thread).put(pending);
        const Word vector = at.receives(at.notification(), thread) % abi::user_vectors;
        if (!expect_equal("what is pending then", pending & ~bit(vector),
                          at.hardware(thread).take()))
            return;
    }
}

KERNEL_TEST("real-send: a uipi.send by a new entry sets the badge's vector, and no other") {
    Senders at;
    Draw draw;
    for (Word i = 1; i <= 20; i++) {
        const Word badge = i << 32 | draw.below(Word{1} << 32);
        const Word index = at.sender(at.badged(at.notified, badge), at.senders);
        expect_equal("what one uipi.send makes pending", bit(at.vector_of(badge)), at.sent(index));
        expect_equal("what a uipi.send by an entry that is not used makes pending", 0,
                     at.sent(index + 1));
    }
    static_cast<void>(at.hardware(at.owner).take());
    receiver::use_senders(PAddr(0));
    expect_equal("what a uipi.send without a table makes pending", 0, at.sent(0));
}

KERNEL_TEST("real-clear: a uipi.send by an entry that was cleared reaches nobody") {
    Senders at;
    Word indices[10] = {};
    Slot* caps[10] = {};
    for (Word i = 0; i < 10; i++) {
        caps[i] = &at.badged(at.notified, i + 1);
        indices[i] = at.sender(*caps[i], at.senders);
    }
    static_cast<void>(at.hardware(at.owner).take());
    Draw draw;
    const Word gone = draw.below(10);
    const Word vector = at.vector_of(gone + 1);
    sender_table::release(at.cap(*caps[gone]));
    static_cast<void>(at.hardware(at.owner).take()); // the kernel tells that a sender is gone
    for (Word i = 0; i < 10; i++)
        expect_equal(i == gone ? "a uipi.send by the entry that was cleared"
                               : "a uipi.send by another entry",
                     i == gone ? 0 : bit(at.vector_of(i + 1)), at.sent(indices[i]));
    const Word next = at.sender(at.badged(at.notified, 77), at.senders);
    expect_equal("a vector that is free is given anew", bit(vector),
                 bit(vector) & at.tcb(at.owner).receiver.vectors);
    expect_equal("a uipi.send by who has it now", bit(at.vector_of(77)), at.sent(next));
}
