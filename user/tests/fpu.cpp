// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The floating-point unit: each thread has its own registers, whatever runs in between, and a
/// thread that may not use the unit faults.
/// Read next: fpu_harts.cpp.
/// @stage{none}
#include "user/tests/fpu.hpp"

namespace {

/// A thread that owns a pattern and checks it after each of its turns.
struct Keeper {
    user::Thread thread;
    Word seed = 0;
    Word turns = 0;
    CPtr endpoint = 0;
    std::atomic<Word> broken = 0;
    std::atomic<Word> done = 0;

    template <class Turn>
    void keep(Turn turn) {
        const FpuRegisters mine = fpu_pattern(seed);
        fpu_set(mine);
        for (Word i = 0; i < turns; i++) {
            turn();
            broken += fpu_holds(mine) ? 0 : 1;
            done++;
        }
    }
};

Keeper& keeper(Word argument) { return *reinterpret_cast<Keeper*>(argument); }

void keep_yielding(Word argument) {
    keeper(argument).keep([] { yield(); });
}

void keep_calling(Word argument) {
    Keeper& self = keeper(argument);
    self.keep([&] { call(self.endpoint, {.info = MessageInfo::make(0, 2)}); });
}

void keep_answering(Word argument) {
    Keeper& self = keeper(argument);
    receive(self.endpoint);
    self.keep([&] { reply_receive(self.endpoint, {.info = MessageInfo::make(0, 2)}); });
}

bool start(Keeper& keeper, Word seed, Word turns, Word priority, user::Thread::Function function) {
    keeper.seed = seed;
    keeper.turns = turns;
    if (!create(keeper.thread, priority))
        return false;
    keeper.thread.start(function, reinterpret_cast<Word>(&keeper));
    return true;
}

/// What a thread sees that never touched the unit before.
struct Newcomer {
    user::Thread thread;
    FpuRegisters seen = {};

    static void look(Word argument) { fpu_see(reinterpret_cast<Newcomer*>(argument)->seen); }
};

void expect_zeroes(const Place& place = Place::current()) {
    Newcomer newcomer;
    newcomer.seen = fpu_pattern(99);
    if (!create(newcomer.thread, 210, place))
        return;
    newcomer.thread.start(Newcomer::look, reinterpret_cast<Word>(&newcomer));
    newcomer.thread.join();
    expect("a new thread has zeroes", newcomer.seen == FpuRegisters{}, place);
    newcomer.thread.destroy();
}

Result set_flags(CPtr tcb, Word clear, Word set) {
    return invoke(tcb, abi::TcbSetFlags{.clear = clear, .set = set});
}

constexpr Word illegal_instruction = 2;
constexpr Word breakpoint = 3;

/// Runs one of the two instructions; the thread stops at the breakpoint behind it.
void run(Puppet& puppet, const FaultHandler& handler, const char* code, Word value) {
    abi::UserContext registers = puppet.fresh();
    registers.t0 = value;
    puppet.run(registers, code);
    handler.expect(abi::Fault::user_exception, {address_of(code) + 4, registers.sp, breakpoint, 0});
}

} // namespace

TEST("fpu: a new thread has zeroes, whoever ran before") {
    fpu_set(fpu_pattern(1));
    expect_zeroes();
    expect("mine are not lost", fpu_holds(fpu_pattern(1)));
    // In the same memory, too.
    for (Word i = 0; i < 5; i++) {
        fpu_set(fpu_pattern(i));
        expect_zeroes();
    }
}

TEST("fpu: registers survive every system call") {
    fpu_set(fpu_pattern(2));
    const CPtr frame = make(ObjectType::page);
    const CPtr notification = make(ObjectType::notification);
    expect("retype", fpu_holds(fpu_pattern(2)));
    page_get_address(frame);
    expect("call", fpu_holds(fpu_pattern(2)));
    signal(notification);
    wait(notification);
    yield();
    expect("signal, wait, yield", fpu_holds(fpu_pattern(2)));
}

TEST("fpu: registers survive switches between threads") {
    Keeper keepers[4];
    for (Word i = 0; i < 4; i++)
        if (!start(keepers[i], 10 + i, 50, 150, keep_yielding))
            return;
    fpu_set(fpu_pattern(3));
    for (Keeper& each : keepers) {
        each.thread.join();
        expect_equal("broken", 0, each.broken);
        expect_equal("turns", 50, each.done);
    }
    expect("mine are not lost", fpu_holds(fpu_pattern(3)));
}

TEST("fpu: registers survive calls and replies") {
    Keeper client;
    Keeper server;
    client.endpoint = server.endpoint = make_endpoint();
    if (!start(server, 21, 1000, 220, keep_answering) || !start(client, 20, 200, 210, keep_calling))
        return;
    client.thread.join();
    expect_equal("broken in the client", 0, client.broken);
    expect_equal("broken in the server", 0, server.broken);
    expect_equal("calls", 200, client.done);
}

TEST("fpu: registers survive preemption") {
    Keeper keepers[2];
    // No one gives way, and no one is more than a turn ahead of the other.
    const auto work = [](Word argument) {
        auto* const both = reinterpret_cast<Keeper*>(argument & ~Word{1});
        Keeper& self = both[argument & 1];
        const Keeper& other = both[1 - (argument & 1)];
        self.keep([&] {
            while (other.done < self.done) {
            }
        });
    };
    for (Word i = 0; i < 2; i++) {
        keepers[i].seed = 30 + i;
        keepers[i].turns = 3;
        if (!create(keepers[i].thread, 150))
            return;
    }
    for (Word i = 0; i < 2; i++)
        keepers[i].thread.start(work, reinterpret_cast<Word>(keepers) | i);
    for (Keeper& each : keepers) {
        each.thread.join();
        expect_equal("broken", 0, each.broken);
    }
}

TEST("fpu: the status register alone is kept") {
    fpu_set(FpuRegisters{});
    for (const Word fcsr : {Word{0x20}, Word{0x9f}, Word{0x01}, Word{0}}) {
        fpu_set_status(fcsr);
        expect_zeroes();
        FpuRegisters expected = {};
        expected.fcsr = fcsr;
        expect("status", fpu_holds(expected));
    }
}

TEST("fpu: it computes, and notes what was inexact") {
    constexpr Word round_up = 3 << 5;
    constexpr Word round_down = 2 << 5;
    constexpr Word inexact = 1;
    fpu_set_status(round_down);
    expect_equal("10 / 4, down", 2, fpu_divide(10, 4));
    expect_zeroes();
    FpuRegisters seen;
    fpu_see(seen);
    expect_equal("status", round_down | inexact, seen.fcsr);
    fpu_set_status(round_up);
    expect_equal("10 / 4, up", 3, fpu_divide(10, 4));
}

TEST("fpu: flags are set, cleared and answered") {
    const CPtr tcb = make(ObjectType::tcb);
    const auto expect_flags = [&](Word flags, Word clear, Word set) {
        const Result result = set_flags(tcb, clear, set);
        expect_success("set flags", result);
        expect_equal("length", 1, result.length);
        expect_equal("flags", flags, result.words[0]);
    };
    expect_flags(0, 0, 0);
    expect_flags(1, 0, 1);
    expect_flags(1, 0, 0);
    expect_flags(0, 1, 0);
    expect_flags(1, 1, 1);
    expect_flags(1, ~Word{1}, ~Word{0});
    expect_flags(0, ~Word{0}, 0);
    const Word label = static_cast<Word>(abi::Label::tcb_set_flags);
    for (Word length = 0; length < 2; length++)
        expect_error("short", Error::truncated_message,
                     invoke_raw(tcb, MessageInfo::make(label, length)));
}

TEST("fpu: a thread that may not use it faults, and finds its registers when it may") {
    Puppet puppet;
    if (!puppet.create())
        return;
    const FaultHandler handler(puppet);
    constexpr Word value = 0x1234'5678'9abc'def0;
    run(puppet, handler, fpu_write_one, value);
    for (unsigned round = 0; round < 3; round++) {
        expect_equal("flags", 1, set_flags(puppet.tcb(), 0, abi::fpu_disabled).words[0]);
        fpu_set(fpu_pattern(round)); // another's registers come into the unit
        const abi::UserContext registers = puppet.fresh();
        puppet.run(registers, fpu_read_one);
        handler.expect(abi::Fault::user_exception,
                       {address_of(fpu_read_one), registers.sp, illegal_instruction, 0});
        expect_equal("flags", 0, set_flags(puppet.tcb(), abi::fpu_disabled, 0).words[0]);
        answer_fault(0); // it tries again
        handler.expect(abi::Fault::user_exception,
                       {address_of(fpu_read_one) + 4, registers.sp, breakpoint, 0});
        expect_equal("its value", value, puppet.registers().t0);
    }
    expect("mine are not lost", fpu_holds(fpu_pattern(2)));
}

TEST("fpu: a thread that never may use it sees nothing, and changes nothing") {
    Puppet puppet;
    if (!puppet.create())
        return;
    const FaultHandler handler(puppet);
    set_flags(puppet.tcb(), 0, abi::fpu_disabled);
    fpu_set(fpu_pattern(7));
    for (const char* code : {fpu_read_one, fpu_write_one}) {
        const abi::UserContext registers = puppet.fresh();
        puppet.run(registers, code);
        handler.expect(abi::Fault::user_exception,
                       {address_of(code), registers.sp, illegal_instruction, 0});
        answer_fault(1);
    }
    expect("mine are not lost", fpu_holds(fpu_pattern(7)));
    set_flags(puppet.tcb(), abi::fpu_disabled, 0);
    run(puppet, handler, fpu_read_one, 5);
    expect_equal("then it has zeroes", 0, puppet.registers().t0);
}

TEST("fpu: a thread forbids it to itself") {
    struct Self {
        user::Thread thread;
        bool before = false;
    } self;
    const CPtr handler = make_endpoint();
    if (!self.thread.create(allocator, vspace, 210, handler))
        return;
    const auto work = [](Word argument) {
        Self& mine = *reinterpret_cast<Self*>(argument);
        fpu_set(fpu_pattern(8));
        mine.before = fpu_holds(fpu_pattern(8));
        set_flags(mine.thread.tcb(), 0, abi::fpu_disabled);
        fpu_set(fpu_pattern(9));
    };
    self.thread.start(work, reinterpret_cast<Word>(&self));
    expect("it could use it", self.before);
    const Message message = poll_endpoint(handler);
    expect_equal("exception", info_word(3, 4), message.info.word);
    expect_equal("illegal instruction", illegal_instruction, message.words[2]);
}
