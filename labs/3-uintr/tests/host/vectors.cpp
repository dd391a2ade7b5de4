// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Taking a vector: which one, what is noted of it, and what a new one inherits.
#include "labs/3-uintr/tests/host/remote.hpp"
#include "labs/3-uintr/tests/host/setting.hpp"

#include <algorithm>
#include <bit>

namespace {

/// The thread that a test watches: was it stopped, and were its pending bits touched before?
const Tcb* watched = nullptr;
bool stopped = false;
bool touched_before = false;

/// The vectors that a notification got since its thread had `before`.
Word new_vectors(Slot& thread, Word before) { return Setting::receiver(thread).vectors & ~before; }

/// Looks at a vector that was just taken for the kernel's own signals of a notification.
bool expect_taken(Setting& at, Slot& thread, Slot& notification, Word before, Word vector) {
    if (!expect("a vector is one of 64", vector < abi::user_vectors))
        return false;
    bool good = expect_equal("was the vector in use before", 0, before >> vector & 1);
    good = expect_equal("vectors of the thread that are new", bit(vector),
                        new_vectors(thread, before)) &&
           good;
    good = expect_equal("vectors of the notification", bit(vector),
                        at.object(notification).vectors()) &&
           good;
    return good;
}

} // namespace

TEST_CASE("vector-free: a vector that nobody has is taken, and noted for thread and notification") {
    alone([] {
        Setting at;
        Draw draw;
        Slot& thread = at.thread();
        std::vector<Slot*> registered;
        for (unsigned step = 0; step < 400; step++) {
            const Word before = at.receiver(thread).vectors;
            const bool full = registered.size() == abi::user_vectors;
            if (!registered.empty() && (full || draw.below(3) == 0)) {
                const Word index = draw.below(registered.size());
                at.remove(*registered[index]);
                registered.erase(registered.begin() + static_cast<std::ptrdiff_t>(index));
                continue;
            }
            Slot& notification = at.notification();
            const Word vector = at.receives(notification, thread);
            if (!expect_taken(at, thread, notification, before, vector))
                return;
            registered.push_back(&notification);
        }
    });
}

TEST_CASE("vector-all: a thread can have all 64 vectors, each of them once") {
    alone([] {
        Setting at;
        Slot& thread = at.thread();
        Word all = 0;
        for (Word i = 1; i <= abi::user_vectors; i++) {
            all |= bit(at.receives(at.notification(), thread) % abi::user_vectors);
            if (!expect_equal("vectors after so many registrations", i,
                              static_cast<Word>(std::popcount(all))))
                return;
        }
        expect_equal("vectors of the thread", ~Word{0}, at.receiver(thread).vectors);
    });
}

TEST_CASE("vector-badge: the badge of a sender's vector is shown on the badge page") {
    alone([] {
        Setting at;
        Draw draw;
        Slot& thread = at.thread();
        Slot& notification = at.notification();
        const Word kernels = at.receives(notification, thread);
        for (unsigned i = 0; i < 20; i++) {
            const Badge badge(draw.word() | 1);
            const auto vector = vectors::for_badge(at.object(notification), badge);
            if (!expect("there is a vector", bool(vector)))
                return;
            expect_equal("the badge page at the new vector", badge.value, at.badge_of(*vector));
            expect_equal("the badge that the kernel has noted", badge.value,
                         at.receiver(thread).badges[*vector]);
            expect("senders and kernel have different vectors", *vector != kernels);
            const auto again = vectors::for_badge(at.object(notification), badge);
            expect_equal("the vector of the same badge", *vector, *again);
        }
    });
}

TEST_CASE("vector-old-bit: what is pending of a vector's former use goes, and nothing else") {
    alone([] {
        Setting at;
        Draw draw;
        Slot& thread = at.thread();
        at.receives(at.notification(), thread);
        UintcReceiver& hardware = *at.receiver(thread).registers;
        for (unsigned i = 0; i < 60; i++) {
            const Word pending = draw.word() | draw.word();
            hardware.pending = pending;
            const Word vector = at.receives(at.notification(), thread) % abi::user_vectors;
            expect_equal("the old bit of vector " + std::to_string(vector), 0,
                         hardware.pending & bit(vector));
            if (!expect_equal("pending bits of other vectors", pending & ~bit(vector),
                              hardware.pending & ~bit(vector)))
                return;
        }
    });
}

TEST_CASE("vector-stopped: a thread that may run elsewhere stops before its bits are taken") {
    alone([] {
        Setting at;
        Slot& thread = at.thread();
        Slot& notification = at.notification();
        at.receives(notification, thread);
        at.receiver(thread).registers->pending = ~Word{0};
        watched = &at.tcb(thread);
        on_stall = [](Tcb& tcb) { stopped = stopped || &tcb == watched; };
        uintc::observer = [] { touched_before = touched_before || !stopped; };
        const auto vector = vectors::for_badge(at.object(notification), Badge(3));
        uintc::observer = nullptr;
        expect("there is a vector", bool(vector));
        expect("the thread is stopped (remote::stall)", stopped);
        expect_equal("are its pending bits touched before that", 0, touched_before ? 1 : 0);
    });
}
