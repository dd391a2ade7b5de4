// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The judge is a client whose counters jump. A process that serves it must find that out, and
/// touch nothing but the buffer, beside which nothing is mapped.
/// Read next: speed.cpp.
#include "labs/4-rings/tests/guest/inputs.hpp"

using namespace judge;

namespace {

constexpr Word line = abi::line_bytes;

struct Jump {
    const char* what;
    Word from; ///< lines until then
    Word by;   ///< bytes
};

/// The client's tail goes to `from`, and on when all that is taken.
bool jump_tail(const Jump& jump) {
    World world;
    world.side(1).may_give_up = true;
    abi::BufferHeader& header = world.header();
    header.client.out.tail.store_release(jump.from * line);
    if (!world.start(1, {.role = Role::endure}) ||
        !world.until("the server to take all lines",
                     [&] { return header.server.in.head.load_acquire() == jump.from * line; }))
        return false;
    header.client.out.tail.store_release(jump.from * line + jump.by);
    return world.until(jump.what, [&] { return world.side(1).gave_up; });
}

/// The client takes nothing until the replies are full; then its head jumps.
bool jump_head(const Jump& jump) {
    World world;
    world.side(1).may_give_up = true;
    abi::BufferHeader& header = world.header();
    header.client.out.tail.store_release(party::capacity);
    if (!world.start(1, {.role = Role::endure}) ||
        !world.until("the server to answer 16 lines", [&] {
            return header.server.out.tail.load_acquire() == party::capacity &&
                   header.server.in.head.load_acquire() == party::capacity;
        }))
        return false;
    header.client.out.tail.store_release(party::capacity + 4 * line);
    header.client.in.head.store_release(jump.from * line + jump.by);
    return world.until(jump.what, [&] { return world.side(1).gave_up; });
}

} // namespace

TEST("hostile-tail: a tail that jumps makes the ring corrupt, and nothing else") {
    const Jump jumps[] = {{"corrupt, when the tail goes 17 lines on", 3, 17 * line},
                          {"corrupt, when the tail goes backwards", 5, Word{0} - line},
                          {"corrupt, when the tail stands between two lines", 2, 8},
                          {"corrupt, when the tail is far away", 4, Word{1} << 62}};
    for (const Jump& jump : jumps) {
        if (!jump_tail(jump))
            return;
    }
}

TEST("hostile-head: a head that jumps makes the ring corrupt, and nothing else") {
    const Jump jumps[] = {{"corrupt, when more is taken than was put in", 16, line},
                          {"corrupt, when the head goes backwards", 0, Word{0} - line},
                          {"corrupt, when the head stands between two lines", 2, 8},
                          {"corrupt, when the head is far away", 4, Word{1} << 62}};
    for (const Jump& jump : jumps) {
        if (!jump_head(jump))
            return;
    }
}

TEST("hostile-storm: counters that change at any time lead nowhere outside of the buffer") {
    World world;
    Draw draw(6);
    abi::SideWords& own = world.header().client;
    world.side(1).may_give_up = true;
    if (!world.start(1, {.role = Role::endure, .hart = 1}))
        return;
    for (unsigned i = 0; i < 200 && !world.side(1).ended; i++) {
        const Word step = draw.below(3) * line;
        own.out.tail.store_relaxed(own.out.tail.load_relaxed() + step);
        own.in.head.store_relaxed(own.in.head.load_relaxed() + draw.below(2) * line);
        if (draw.below(100) == 0)
            own.in.head.store_relaxed(draw.word());
        if (draw.below(100) == 0)
            own.out.tail.store_relaxed(draw.word());
        if (!world.look_on("the end of the storm"))
            return;
    }
    world.side(1).task->stop.store_release(1);
    world.finish();
}
