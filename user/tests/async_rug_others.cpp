// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A client works as fast as it can, and somebody else takes something away from under it, at any
/// moment: from the same hart, or from another.
/// @stage{6}
#include "user/tests/async_rug.hpp"

namespace {

/// A client that makes calls of several kinds in bursts, for ever, and looks at no answer.
class Traffic {
public:
    Traffic(const Ground& ground, Word hart, const Place& place = Place::current())
        : calls({.open = false, .memory = ground.untyped()}),
          node(ground.object(ObjectType::cnode, 1)), space_(new_space()) {
        for (CPtr& frame : frames_)
            frame = make(ObjectType::page);
        tables_at(0, space_);
        create_unwatched(thread, as_test, place);
        expect_success("the same capabilities",
                       invoke(node,
                              abi::CNodeMint{0, 1, own_cnode, full_depth, abi::all_rights,
                                             abi::cnode_data(0, 0)},
                              own_cnode));
        expect_success("a CSpace that can be taken away",
                       invoke(thread.tcb(), abi::TcbSetSpace{0, BareClient::cspace_data(), 0}, node,
                              abi::root_vspace));
        if (hart != 0)
            expect_success("a hart", set_affinity(thread.tcb(), hart), place);
        start(thread, body_);
        expect("it works", comes_true([&] { return answers() > 2; }), place);
    }
    void end() {
        thread.destroy();
        for (const CPtr frame : frames_)
            allocator.destroy(frame);
        allocator.destroy(space_);
    }
    [[nodiscard]] Word answers() const { return answers_; }

    Calls calls;
    CPtr node;
    user::Thread thread;

private:
    struct Body {
        Traffic* self;
        void operator()() const { self->work(); }
    };

    void work() {
        calls.open();
        unsigned on_the_way = 0; // must fit into the ring of replies
        for (Draw draw(7);;) {
            for (Word left = draw.below(12); left > 0 && on_the_way < 14; left--, on_the_way++)
                put(draw);
            calls.submit();
            for (; calls.has_reply(); on_the_way--) {
                static_cast<void>(calls.take_reply());
                answers_.fetch_add(1, std::memory_order_relaxed);
            }
            if (draw.below(4) == 0)
                yield();
        }
    }
    void put(Draw& draw) {
        const Word index = draw.below(std::size(frames_));
        switch (draw.below(4)) {
        case 0:
        case 1:
            return calls.put(1, frames_[index], abi::PageMap{index * page, user::read_write, 1},
                             space_);
        case 2:
            return calls.put(2, frames_[index], abi::PageUnmap{});
        default:
            return calls.put(3, thread.tcb(), abi::TcbSetFlags{0, 0});
        }
    }

    CPtr space_;
    CPtr frames_[4];
    std::atomic<Word> answers_ = 0;
    Body body_{this};
};

/// Does `pull` to clients of hart `hart`, one after the other, at any moment. `survives`: does the
/// client, with its registration?
template <class Pull>
void pull_at_random(Word hart, Pull pull, bool survives = false,
                    const Place& place = Place::current()) {
    if (hart != 0 && several_harts() == 0)
        return;
    Ground ground;
    for (Word seed = 1; seed <= 12; seed++) {
        Draw draw(seed * 15485863);
        Traffic client(ground, hart, place);
        for (Word left = draw.below(3000); left > 0; left--)
            asm volatile("");
        if (draw.below(2) == 0)
            yield();
        pull(client, ground, draw);
        if (survives) {
            const Word then = client.answers();
            expect("it goes on", comes_true([&] { return client.answers() > then + 2; }), place);
        }
        for (unsigned i = 0; i < 10; i++)
            yield();
        ground.expect_untouched(place);
        client.end();
    }
    const Calls other;
    wake_handler();
}

void revoke_frame(Traffic& client, const Ground&, Draw& draw) {
    expect_success("revoke", cap_revoke(client.calls.frame(
                                 static_cast<unsigned>(draw.below(client.calls.pages())))));
}
void revoke_notification(Traffic& client, const Ground&, Draw&) {
    expect_success("revoke", cap_revoke(client.calls.notification()));
    expect_success("delete", cap_delete(client.calls.notification()));
}
void delete_registration(Traffic& client, const Ground&, Draw&) {
    expect_success("delete", cap_delete(client.calls.registration()));
}
void revoke_ground(Traffic&, const Ground& ground, Draw&) {
    expect_success("revoke", cap_revoke(ground.untyped()));
}
void delete_thread(Traffic& client, const Ground&, Draw&) {
    expect_success("delete", cap_delete(client.thread.tcb()));
}
void suspend(Traffic& client, const Ground&, Draw& draw) {
    tcb_suspend(client.thread.tcb());
    if (draw.below(2) == 0)
        tcb_resume(client.thread.tcb());
}
void delete_node(Traffic& client, const Ground&, Draw&) {
    expect_success("revoke", cap_revoke(client.node));
    expect_success("delete", cap_delete(client.node));
}
/// Priorities and harts change many times.
void change(Traffic& client, const Ground&, Draw& draw) {
    for (unsigned i = 0; i < 20; i++) {
        tcb_set_priority(client.thread.tcb(), draw.below(2) == 0 ? as_test : below);
        if (config::smp)
            set_affinity(client.thread.tcb(), draw.below(user::boot_info().nodes));
        if (draw.below(2) == 0)
            yield();
    }
    set_affinity(client.thread.tcb(), 0);
    tcb_set_priority(client.thread.tcb(), as_test);
}

} // namespace

TEST("async: a frame of the buffer is revoked under traffic") { pull_at_random(0, revoke_frame); }
TEST("async: the notification is deleted under traffic") {
    pull_at_random(0, revoke_notification, true);
}
TEST("async: the registration is deleted under traffic") { pull_at_random(0, delete_registration); }
TEST("async: all of it is revoked under traffic") { pull_at_random(0, revoke_ground); }
TEST("async: the thread is deleted under traffic") { pull_at_random(0, delete_thread); }
TEST("async: the thread is suspended under traffic") { pull_at_random(0, suspend); }
TEST("async: the CSpace is deleted under traffic") { pull_at_random(0, delete_node); }
TEST("async: priorities and harts change under traffic") { pull_at_random(0, change, true); }

TEST("async harts: a hart that looks out for requests does not write a frame that is revoked") {
    if (several_harts() == 0)
        return;
    Ground ground;
    for (Word seed = 0; seed < 20; seed++) {
        Calls calls({.open = false, .memory = ground.untyped()});
        std::atomic<bool> served = false;
        // While it runs on, the kernel expects more of it.
        const auto client = [&] {
            calls.open();
            static_cast<void>(calls.call(calls.frame(), abi::PageGetAddress{}));
            for (served = true;;) {
            }
        };
        user::Thread thread;
        start_on(thread, 1, as_test, client);
        while (!served) {
        }
        for (Word left = seed * 50; left > 0; left--)
            asm volatile("");
        expect_success("revoke", cap_revoke(calls.frame(0)));
        auto& state = calls.header().server.in.state;
        state.store_relaxed(abi::running);
        for (unsigned i = 0; i < 500; i++) // longer than it looks out
            yield();
        expect_equal("nobody goes to sleep there", Word{abi::running}, state.load_relaxed());
        ground.expect_untouched();
        thread.destroy();
    }
}

TEST("async harts: a frame of the buffer is revoked under traffic of another") {
    pull_at_random(1, revoke_frame);
}
TEST("async harts: the notification is deleted under traffic of another") {
    pull_at_random(1, revoke_notification, true);
}
TEST("async harts: the registration is deleted under traffic of another") {
    pull_at_random(1, delete_registration);
}
TEST("async harts: all of it is revoked under traffic of another") {
    pull_at_random(1, revoke_ground);
}
TEST("async harts: the thread is deleted under traffic of another") {
    pull_at_random(1, delete_thread);
}
TEST("async harts: the thread is suspended under traffic of another") {
    pull_at_random(1, suspend);
}
TEST("async harts: the CSpace is deleted under traffic of another") {
    pull_at_random(1, delete_node);
}
TEST("async harts: priorities and harts change under traffic of another") {
    pull_at_random(1, change, true);
}
