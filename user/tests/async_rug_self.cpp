// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Asynchronous calls that take away what they come by: the buffer, the notification, the
/// registration, the thread and what it has, the memory of all of it. The calls behind them in the
/// burst are not made, or not answered; nothing is written where they were.
/// @stage{6}
#include "user/tests/async_rug.hpp"

namespace {

/// Calls that delete: of a slot, and of what was derived from it.
abi::CNodeDelete remove(CPtr slot) { return {slot, full_depth}; }
abi::CNodeRevoke revoke(CPtr slot) { return {slot, full_depth}; }

/// What becomes of the calls behind one.
enum class Later : uint8_t {
    made,
    not_made,
    perhaps, ///< it may be preempted by another hart, and then they are
};

/// Has the client been told of its end, or has it lost what it would be told by, or the CSpace in
/// which its calls find anything?
bool ended(const BareClient& client) {
    return !exists(client.node) || !exists(client.calls.notification()) ||
           poll(client.calls.notification()) != 0;
}

/// Makes one call that takes something away, in the midst of a burst.
template <class Pull>
void pull(Later later, Pull pull, const Place& place = Place::current()) {
    Ground ground;
    const CPtr witness = make(ObjectType::notification);
    const CPtr one = badged(witness, 1);
    const CPtr two = badged(witness, 2);
    for (unsigned before = 0; before < 3; before++) {
        BareClient client(ground);
        const auto signal = [&](CPtr cap) {
            const std::array<Word, 1> words = {cap};
            client.calls.put_words(9, abi::ItemInfo::make(0, 1), words);
        };
        for (unsigned i = 0; i < before; i++)
            signal(one);
        pull(client, ground);
        for (unsigned i = 0; i < 5; i++)
            signal(two);
        client.submit();
        const Word earlier = before != 0 ? 1 : 0;
        const Word wanted = earlier | (later == Later::made ? 2 : 0);
        Word badges = 0;
        comes_true([&] {
            badges |= poll(witness);
            return later == Later::made ? badges == wanted : ended(client);
        });
        badges |= poll(witness);
        if (later == Later::perhaps)
            badges &= 1;
        expect_equal("calls that were made", wanted, badges, place);
        ground.expect_untouched(place);
        expect("it is gone", !exists(client.calls.registration()), place);
    }
}

} // namespace

TEST("async: a call revokes a frame of the buffer: the first one") {
    pull(Later::not_made, [](BareClient& client, const Ground&) {
        client.calls.put(5, own_cnode, revoke(client.calls.frame(0)));
    });
}

TEST("async: a call revokes a frame of the buffer: one of several") {
    pull(Later::not_made, [](BareClient& client, const Ground&) {
        client.calls.put(5, own_cnode, revoke(client.calls.frame(1)));
    });
}

TEST("async: a call deletes the registration") {
    pull(Later::not_made, [](BareClient& client, const Ground&) {
        client.calls.put(5, own_cnode, remove(client.calls.registration()));
    });
}

TEST("async: a call deletes the notification, and others are answered without a signal") {
    pull(Later::made, [](BareClient& client, const Ground&) {
        client.calls.put(5, own_cnode, revoke(client.calls.notification()));
    });
}

TEST("async: a call deletes the thread for which it is made") {
    pull(Later::not_made, [](BareClient& client, const Ground&) {
        client.calls.put(5, own_cnode, remove(client.tcb));
    });
}

TEST("async: a call suspends the thread for which it is made: the calls go on") {
    pull(Later::made, [](BareClient& client, const Ground&) {
        client.calls.put(5, client.tcb, abi::TcbSuspend{});
    });
}

TEST("async: a call changes the thread's priority, or its hart: the calls go on") {
    pull(Later::made, [](BareClient& client, const Ground&) {
        client.calls.put(5, client.tcb, abi::TcbSetPriority{lowest}, own_thread());
        client.calls.put(5, client.tcb, abi::TcbSetPriority{above}, own_thread());
        if (config::smp && user::boot_info().nodes > 1)
            client.calls.put(5, client.tcb, abi::TcbSetAffinity{1});
    });
}

TEST("async: a call deletes the thread's address space: the calls go on") {
    pull(Later::made, [](BareClient& client, const Ground&) {
        client.calls.put(5, own_cnode, remove(client.space));
        client.calls.put(5, client.tcb, abi::TcbSetSpace{0, BareClient::cspace_data(), 0},
                         client.node, abi::root_vspace);
    });
}

TEST("async: a call deletes the thread's CSpace: no later call finds anything") {
    Ground ground;
    BareClient client(ground);
    client.calls.put(1, client.calls.frame(), abi::PageGetAddress{});
    client.calls.put(2, own_cnode, revoke(client.node));
    client.calls.put(3, client.calls.frame(), abi::PageGetAddress{});
    client.calls.put(4, own_cnode, abi::CNodeDelete{0, 1});
    client.submit();
    expect_equal("before it", Error::none, client.calls.reply().error);
    // The thread's own capability to its root was a copy. Another hart may preempt the call that
    // takes it away, which is answered later then.
    for (unsigned i = 2; i <= 4; i++) {
        const Reply reply = client.calls.reply();
        if (reply.id == 2) {
            expect("the revoke, which when made again finds no root either",
                   reply.error == Error::none ||
                       (config::smp && reply.error == Error::failed_lookup));
        } else {
            expect_equal("behind it", Error::failed_lookup, reply.error);
            expect_equal("no root", static_cast<Word>(LookupFailure::invalid_root), reply.words[1]);
        }
    }
    ground.expect_untouched();
}

TEST("async: a call revokes the memory of all of it") {
    pull(config::smp ? Later::perhaps : Later::not_made,
         [](BareClient& client, const Ground& ground) {
             client.calls.put(5, own_cnode, revoke(ground.untyped()));
         });
}

TEST("async: a call revokes the memory of all of it, and the next one uses it again") {
    Ground ground;
    for (unsigned i = 0; i < 3; i++) {
        BareClient client(ground);
        const CPtr slot = empty_slot();
        client.calls.put(1, own_cnode, revoke(ground.untyped()));
        client.calls.put(
            2, ground.untyped(),
            abi::UntypedRetype{static_cast<Word>(ObjectType::cnode), 10, 0, 0, slot, 1}, own_cnode);
        client.submit();
        comes_true([&] { return ended(client); });
        for (unsigned k = 0; k < 50; k++)
            yield();
        expect("the next one was not made", !exists(slot));
        ground.expect_untouched();
    }
}

TEST("async: two clients take each other's registration away") {
    Ground grounds[2];
    BareClient first(grounds[0]);
    BareClient second(grounds[1]);
    for (unsigned i = 0; i < 5; i++) {
        first.calls.put(i, first.calls.frame(), abi::PageGetAddress{});
        second.calls.put(i, second.calls.frame(), abi::PageGetAddress{});
    }
    first.calls.put(6, own_cnode, revoke(grounds[1].untyped()));
    second.calls.put(6, own_cnode, revoke(grounds[0].untyped()));
    static_cast<void>(second.calls.publish());
    first.submit();
    second.trap(abi::Syscall::uintr_wake_syscall_handler);
    expect("one of them is gone",
           comes_true([&] { return !exists(first.tcb) || !exists(second.tcb); }));
    grounds[0].expect_untouched();
    grounds[1].expect_untouched();
}
