// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A process parks on another hart, and the judge notifies it at any time.
/// Read next: speed.cpp.
#include "labs/5-runtime/tests/process/task.hpp"
#include "labs/lib/judge/judge.hpp"

using namespace judge;

TEST("park-machine: a thread that parks on another hart sleeps through no notification") {
    constexpr Word count = 150;
    World world;
    Draw draw(7);
    const CPtr badged = test::allocator.slot();
    test::expect_success(
        "a capability with a badge",
        sel4::cap_mint(world.side(1).own, badged, abi::all_rights, Word{1} << draw.below(60)));
    if (!world.start(1, {.role = Role::park, .count = count, .hart = 1}))
        return;
    const rt::SharedWord<Word>& taken = world.side(1).task->taken;
    for (Word i = 0; i < count; i++) {
        for (Word pause = draw.below(500); pause > 0; pause--)
            static_cast<void>(taken.load_relaxed());
        sel4::signal(badged);
        if (!world.until("a thread that parks to see a notification",
                         [&] { return taken.load_acquire() > i; }) ||
            !test::expect_equal("notifications that it has seen", i + 1, taken.load_relaxed()))
            return;
    }
    world.finish();
}
