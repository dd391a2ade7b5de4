// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the kernel does with requests: one, many, long ones, in rings that end in the midst of a
/// frame or of a message.
/// @stage{6}
#include "user/tests/async.hpp"

namespace {

constexpr unsigned register_words = abi::user_context_words;

/// Puts in a request that writes all registers of a thread: five lines.
void put_registers(Calls& calls, uint32_t id, CPtr tcb, Word seed) {
    std::array<Word, 3 + register_words> words = {tcb, 0, register_words};
    for (unsigned i = 0; i < register_words; i++)
        words[3 + i] = seed + i;
    const auto label = static_cast<Word>(abi::Label::tcb_write_registers);
    calls.put_words(id, abi::ItemInfo::make(label, words.size()), words);
}

/// The reply to a request for all registers: five lines.
void expect_registers_in(const Reply& reply, uint32_t id, Word seed) {
    expect_equal("whose", id, reply.id);
    expect_equal("words", register_words, reply.length);
    for (unsigned i = 0; i < register_words; i++)
        expect_equal("register", seed + i, reply.words[i]);
}

} // namespace

TEST("async: a call does what its trap does, without one") {
    Calls calls;
    const CPtr notification = make(ObjectType::notification);
    const CPtr slot = empty_slot();
    calls.put(1, own_cnode, abi::CNodeMint{slot, full_depth, notification, full_depth, 3, 77},
              own_cnode);
    calls.submit();
    calls.expect_reply(1, Error::none);
    calls.expect_no_reply();
    signal(slot);
    expect_equal("the badge", 77, poll(notification));
}

TEST("async: many calls in one burst are answered in order, each with its own id") {
    Calls calls;
    const CPtr notification = make(ObjectType::notification);
    constexpr uint32_t count = 16; // of two lines each: all the room that there is
    const CPtr first = empty_slot(count);
    for (uint32_t i = 0; i < count; i++)
        calls.put(1000 + i, own_cnode,
                  abi::CNodeMint{first + i, full_depth, notification, full_depth, 3, Word{1} << i},
                  own_cnode);
    calls.submit();
    for (uint32_t i = 0; i < count; i++)
        calls.expect_reply(1000 + i, Error::none);
    calls.expect_no_reply();
    for (uint32_t i = 0; i < count; i++)
        signal(first + i);
    expect_equal("every badge", (1U << count) - 1, poll(notification));
}

TEST("async: errors have the words that say more about them") {
    Calls calls;
    const CPtr slot = empty_slot();
    calls.put(1, own_cnode, abi::CNodeDelete{slot, 65});
    calls.put(2, own_cnode, abi::CNodeCopy{slot, full_depth, slot, full_depth, abi::all_rights},
              own_cnode);
    calls.put(3, slot, abi::PageUnmap{});
    calls.submit();
    calls.expect_reply(1, Error::range_error, {1, 64});
    calls.expect_reply(2, Error::failed_lookup,
                       {1, static_cast<Word>(LookupFailure::missing_capability), 64});
    calls.expect_reply(3, Error::invalid_capability, {0});
}

TEST("async: messages longer than a line, across every place of a ring") {
    Calls calls;
    const CPtr tcb = bare_thread();
    for (uint32_t round = 0; round < 70; round++) {
        put_registers(calls, 2 * round, tcb, Word{round} * 100);
        calls.put(2 * round + 1, tcb, abi::TcbReadRegisters{0, register_words});
        calls.submit();
        calls.expect_reply(2 * round, Error::none);
        expect_registers_in(calls.reply(), 2 * round + 1, Word{round} * 100);
    }
}

TEST("async: a long reply finds the room that a client has made") {
    // The ring of replies lies in one frame: the kernel looks again at its end only.
    Calls calls({.lines = {.requests = 16, .replies = 32}});
    const CPtr tcb = bare_thread();
    put_registers(calls, 1, tcb, 0);
    calls.submit();
    calls.expect_reply(1, Error::none);
    // As far as the kernel knows from its last look, most of the ring of replies is in use.
    for (unsigned i = 0; i < 29; i++) {
        calls.put(2, tcb, abi::TcbSetTlsBase{0});
        calls.submit();
        calls.expect_reply(2, Error::none);
    }
    for (unsigned i = 0; i < 6; i++) {
        calls.put(3, tcb, abi::TcbReadRegisters{0, register_words});
        calls.submit();
        expect_equal("a long reply", register_words, calls.reply().length);
    }
}

TEST("async: the longest message that there is") {
    Calls calls;
    std::array<Word, 127> words = {};
    words[0] = own_cnode;
    words[1] = words[2] = words[3] = own_cnode;
    const auto label = static_cast<Word>(abi::Label::cnode_delete);
    const CPtr slot = empty_slot();
    words[4] = slot;
    words[5] = full_depth;
    for (uint32_t i = 0; i < 20; i++) {
        expect_success("something to delete", cap_copy(calls.notification(), slot));
        calls.put_words(i, abi::ItemInfo::make(label, words.size(), 3), words);
        calls.submit();
        calls.expect_reply(i, Error::none);
    }
}

TEST("async: items carry the labels of builds for several harts, in every build") {
    constexpr Word set_affinity = 15; // seL4's numbers there, written out
    constexpr Word get_address = 38;
    Calls calls;
    const auto put = [&](uint32_t id, Word number, std::initializer_list<Word> words) {
        rt::put_message(calls.out(), id, abi::ItemInfo::make(number, words.size()),
                        {words.begin(), words.size()});
        calls.submit();
    };
    const CPtr frame = make(ObjectType::page);
    put(1, get_address, {frame});
    expect_equal("the address", 1, calls.reply().length);
    put(2, set_affinity, {abi::root_tcb, 0});
    calls.expect_reply(2, config::smp ? Error::none : Error::illegal_operation);
    put(3, get_address - 1, {frame}); // unmaps it
    calls.expect_reply(3, Error::none);
}

TEST("async: without a registration the system call does nothing") {
    wake_handler();
    expect_equal("registers are preserved", 5,
                 trap(abi::Syscall::uintr_wake_syscall_handler, 5, {}).badge);
    const Calls calls;
    wake_handler();
    expect_equal("nor with nothing to do", 0, poll(calls.notification()));
}

TEST("async: a client that sleeps is signalled when there are replies, once") {
    Calls calls;
    expect("nothing came", rt::may_sleep(calls.in()));
    calls.put(1, calls.frame(), abi::PageGetAddress{});
    calls.put(2, calls.frame(), abi::PageGetAddress{});
    calls.submit();
    expect("it was signalled", comes_true([&] { return poll(calls.notification()) == 1; }));
    expect_equal("it is taken to run", Word{abi::running}, calls.in().own().state.load_relaxed());
    expect_equal("whose", 1, calls.reply().id);
    expect_equal("whose", 2, calls.reply().id);
    calls.put(3, calls.frame(), abi::PageGetAddress{});
    calls.submit();
    expect_equal("whose", 3, calls.reply().id);
    expect_equal("who runs is not signalled", 0, poll(calls.notification()));
}

TEST("async: the kernel says that it sleeps, and must be told then only") {
    Calls calls;
    auto& state = calls.header().server.in.state;
    expect_equal("at the beginning", Word{abi::armed}, state.load_relaxed());
    calls.put(1, calls.frame(), abi::PageGetAddress{});
    expect("it must be told", calls.publish());
    expect_equal("whoever tells it changes the word", Word{abi::running}, state.load_relaxed());
    calls.put(2, calls.frame(), abi::PageGetAddress{});
    expect("only once", !calls.publish());
    wake_handler();
    static_cast<void>(calls.reply());
    static_cast<void>(calls.reply());
    expect("it sleeps again", comes_true([&] { return state.load_relaxed() == abi::armed; }));
}
