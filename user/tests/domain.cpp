// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The domain control: what it refuses, and in builds with several domains (DOMAINS=4) what it
/// does to threads and to time. The schedule is the machine's: each test leaves it as it was.
/// seL4 manual 6.4.
/// @stage{none}
#include "user/tests/domain.hpp"
#include "user/tests/puppet.hpp"

namespace {

constexpr Word last_domain = config::domains - 1;
/// The last entry of the schedule is always its end.
constexpr Word end_entry = config::domain_schedule_length - 1;
constexpr Word last_entry = end_entry - 1;

/// A message with the words of an invocation, but only so many of them.
Result shortened(abi::Label label, std::span<const Word> words, Word length) {
    return invoke_raw(abi::domain_control, MessageInfo::make(static_cast<Word>(label), length),
                      words);
}

/// A thread that counts how often it had a turn.
struct Counter {
    user::Thread thread;
    std::atomic<Word> turns = 0;
    std::atomic<bool> end = false;

    static void count(Word argument) {
        Counter& self = *reinterpret_cast<Counter*>(argument);
        while (!self.end)
            self.turns++;
    }
    bool start(Word priority, Word domain, Word hart = 0, const Place& place = Place::current()) {
        if (!create(thread, priority, place))
            return false;
        if (hart != 0)
            expect_success("hart", invoke(thread.tcb(), abi::TcbSetAffinity{hart}), place);
        expect_success("domain", set_domain(thread.tcb(), domain), place);
        thread.start(count, reinterpret_cast<Word>(this));
        return true;
    }
    /// Waits, without giving way, until it had another turn.
    void see_turn() const {
        const Word before = turns;
        while (turns == before) {
        }
    }
};

} // namespace

TEST("domain: setting refuses domains and capabilities, in this order") {
    const CPtr thread = make(ObjectType::tcb);
    const Word words[] = {config::domains};
    const auto label = abi::Label::domain_set;
    expect_error("no words", Error::truncated_message, shortened(label, words, 0));
    expect_error("a domain too high, and no thread", Error::invalid_argument,
                 shortened(label, words, 1), {0});
    const Word good[] = {0};
    expect_error("no thread", Error::truncated_message, shortened(label, good, 1));
    for (const Word domain : {Word{config::domains}, Word{255}})
        expect_error("a domain too high", Error::invalid_argument, set_domain(thread, domain), {0});
    for (const CPtr other : {own_cnode, empty_slot(), make(ObjectType::page)})
        expect_error("no thread", Error::invalid_argument, set_domain(other, 0), {1});
    for (Word domain = 0; domain < config::domains; domain++)
        expect_success("a thread", set_domain(thread, domain));
}

TEST("domain: configuring refuses entries, domains and durations, in this order") {
    const Word words[] = {~Word{0}, ~Word{0}, ~Word{0}};
    for (Word length = 0; length < 3; length++)
        expect_error("short", Error::truncated_message,
                     shortened(abi::Label::domain_schedule_configure, words, length));
    for (const Word index : {end_entry, end_entry + 1, ~Word{0}})
        expect_error("no such entry, or the end", Error::range_error,
                     schedule::configure(index, config::domains, schedule::longest + 1),
                     {0, last_entry});
    for (const Word domain : {Word{config::domains}, Word{255}})
        expect_error("no such domain", Error::range_error,
                     schedule::configure(0, domain, schedule::longest + 1), {0, last_domain});
    expect_error("too long", Error::invalid_argument,
                 schedule::configure(0, last_domain, schedule::longest + 1), {2});
    if (last_domain > 0)
        expect_error("a domain for no time", Error::invalid_argument, schedule::configure(0, 1, 0),
                     {1});
    expect_error("no time at the start", Error::invalid_argument, schedule::configure(0, 0, 0),
                 {2});
    expect_success("for ever", schedule::configure(0, 0, schedule::longest));
}

TEST("domain: a start is an entry, and not the end") {
    expect_error("short", Error::truncated_message,
                 shortened(abi::Label::domain_schedule_set_start, {}, 0));
    for (const Word index : {end_entry + 1, ~Word{0}})
        expect_error("no such entry", Error::range_error, schedule::set_start(index),
                     {0, end_entry});
    expect_error("the end", Error::invalid_argument, schedule::set_start(end_entry), {0});
    if (last_entry > 0)
        expect_error("an entry that is not used", Error::invalid_argument,
                     schedule::set_start(last_entry), {0});
    expect_success("the first", schedule::set_start(0));
}

TEST("domain: other labels are illegal") {
    for (const abi::Label label : {abi::Label::tcb_suspend, abi::Label::cnode_copy})
        expect_error("label", Error::illegal_operation, shortened(label, {}, 0));
}

TEST("domain: a thread of a domain that has no time does not run") {
    if (config::domains == 1)
        return skip("one domain");
    Counter counter;
    if (!counter.start(254, 1))
        return;
    for (unsigned i = 0; i < 100; i++)
        yield();
    expect_equal("turns", 0, counter.turns);
    counter.end = true; // it is more important, and must end by itself
    expect_success("back to this domain", set_domain(counter.thread.tcb(), 0));
    counter.thread.join();
    expect("it ran", counter.thread.finished());
}

TEST("domain: each has its time, whatever the priorities are") {
    if (config::domains == 1)
        return skip("one domain");
    Counter counters[2];
    schedule::alternate();
    // The test never gives way, and one of the two has the least priority.
    if (counters[0].start(1, 1)) {
        counters[0].see_turn();
        counters[0].see_turn();
    }
    expect_success("a domain without an entry", set_domain(counters[0].thread.tcb(), last_domain));
    if (counters[1].start(1, 1))
        counters[1].see_turn();
    if (last_domain > 1) {
        const Word before = counters[0].turns;
        counters[1].see_turn();
        expect_equal("it has no turn", before, counters[0].turns);
    }
    schedule::restore();
    const Word stopped = counters[1].turns;
    for (unsigned i = 0; i < 100; i++)
        yield();
    expect_equal("no turn after all", stopped, counters[1].turns);
}

TEST("domain: harts that have nothing to do, or too much, follow the schedule") {
    if (config::domains == 1 || !config::smp || user::boot_info().nodes < 2)
        return skip("one domain or one hart");
    schedule::alternate();
    // Alone on its hart, which sleeps in the time of the other domain.
    Counter alone;
    if (alone.start(1, 1, 1)) {
        alone.see_turn();
        alone.see_turn();
    }
    // With a more important one of this domain, which never gives way.
    Counter important;
    if (important.start(254, 0, 1)) {
        alone.see_turn();
        important.see_turn();
        alone.see_turn();
    }
    schedule::restore();
}

TEST("domain: a new start is taken at once") {
    if (config::domains == 1)
        return skip("one domain");
    struct Other {
        user::Thread thread;
        std::atomic<bool> ran = false;
    } other;
    if (!create(other.thread, 100))
        return;
    // In the other domain: only it can bring this one's time back.
    const auto work = [](Word argument) {
        reinterpret_cast<Other*>(argument)->ran = true;
        schedule::set_start(0);
    };
    expect_success("domain", set_domain(other.thread.tcb(), 1));
    other.thread.start(work, reinterpret_cast<Word>(&other));
    expect_success("a schedule", schedule::configure(1, 1, schedule::longest));
    expect("it did not run", !other.ran);
    expect_success("start with the other domain", schedule::set_start(1));
    expect("it did", other.ran);
    schedule::restore();
}

TEST("domain: messages pass from domain to domain, and wait for its time") {
    if (config::domains == 1)
        return skip("one domain");
    Puppet server;
    if (!server.create())
        return;
    const CPtr endpoint = make_endpoint();
    for (const Syscall sending : {Syscall::send, Syscall::call}) {
        server.start(Syscall::receive, endpoint);
        expect_success("domain", set_domain(server.tcb(), 1));
        Puppet client;
        if (!client.create())
            return;
        client.start(sending, endpoint, request(5));
        expect("the message was passed, but the receiver does not run", !server.done());
        expect_equal("the sender is done", sending == Syscall::send, client.done());
        expect_success("domain", set_domain(server.tcb(), 0));
        expect_equal("then it does", info_word(5, 0), server.info().word);
    }
}

TEST("domain: a new thread is in the domain of the time") {
    if (config::domains == 1)
        return skip("one domain");
    Puppet puppet;
    if (!puppet.create())
        return;
    puppet.start(Syscall::yield);
    expect("it runs", puppet.done());
    expect_success("domain", set_domain(puppet.tcb(), last_domain));
    puppet.start(Syscall::yield);
    expect("it does not", !puppet.done());
    expect_success("domain", set_domain(puppet.tcb(), 0));
    expect("it does", puppet.done());
}
