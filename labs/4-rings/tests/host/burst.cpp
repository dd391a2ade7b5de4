// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercise 4.4: the end of a burst. The other side is played by hand, and lines are put in and
/// taken by advance_by(), so that nothing else of the lab is needed.
/// Read next: message.cpp.
#include "labs/4-rings/tests/host/rings.hpp"

using namespace rings;

namespace {

/// The server's ends: it takes requests and puts replies in.
struct Server {
    Memory memory{{lines, lines}};
    rt::Ends ends = memory.buffer.server();
    abi::SideWords& own = memory.header().server;
    abi::SideWords& peer = memory.header().client;

    void put(Word count) { ends.out.advance_by(count * line); }
    void take(Word count) {
        peer.out.tail.store_relaxed(ends.in.head() + count * line);
        ends.in.advance_by(count * line);
    }
    rt::BurstEnd end(bool sleepy = false) { return rt::end_burst(ends.out, ends.in, sleepy); }
};

void expect_word(const std::string& what, Word expected, const rt::SharedWord<Word>& word) {
    lab::expect_equal(what, expected, word.load_relaxed());
}

} // namespace

TEST_CASE("burst-publish: what was put in and what was taken are both published") {
    Server server;
    server.put(3);
    server.take(2);
    lab::expect("nobody sleeps or waits, so nobody is to be notified", !server.end().notify);
    expect_word("the own tail when 3 lines were put in", 3 * line, server.own.out.tail);
    expect_word("the own head when 2 lines were taken", 2 * line, server.own.in.head);
    expect_word("the peer's head, which is not this side's to write", 0, server.peer.in.head);
    expect_word("the peer's tail, which is not this side's to write", 2 * line,
                server.peer.out.tail);
    server.put(1);
    static_cast<void>(server.end());
    expect_word("the own tail when 1 more was put in", 4 * line, server.own.out.tail);
    expect_word("the own head when nothing more was taken", 2 * line, server.own.in.head);
}

TEST_CASE("burst-wakes: a consumer that sleeps is notified, once") {
    Server server;
    server.peer.in.state.store_relaxed(abi::armed);
    server.put(1);
    lab::expect("the consumer is armed and a line was put in: notify", server.end().notify);
    expect_word("the consumer's state, which was changed (running is 0)", abi::running,
                server.peer.in.state);
    server.put(1);
    lab::expect("it was notified already: do not notify again", !server.end().notify);
    server.peer.in.state.store_relaxed(0x1234'5678'9abc'def0);
    server.put(1);
    lab::expect("any state but 0 counts as asleep: notify", server.end().notify);
}

TEST_CASE("burst-idle: who has put nothing in wakes no consumer") {
    Server server;
    server.peer.in.state.store_relaxed(abi::armed);
    lab::expect("nothing was put in: do not notify", !server.end().notify);
    expect_word("the state of a consumer that goes on sleeping (armed is 1)", abi::armed,
                server.peer.in.state);
    server.take(1);
    lab::expect("something was taken, but nothing put in: do not notify", !server.end().notify);
    expect_word("its state then", abi::armed, server.peer.in.state);
    server.put(1);
    lab::expect("now something was put in: notify", server.end().notify);
}

TEST_CASE("burst-room: a producer that waits for room is notified, once, when there is some") {
    Server server;
    server.peer.out.state.store_relaxed(abi::waiting);
    server.put(1);
    lab::expect("something was put in, but nothing taken: do not notify", !server.end().notify);
    expect_word("the state of a producer that goes on waiting (waiting is 1)", abi::waiting,
                server.peer.out.state);
    server.take(1);
    lab::expect("the producer waits and a line was taken: notify", server.end().notify);
    expect_word("the producer's state, which was changed (flowing is 0)", abi::flowing,
                server.peer.out.state);
    server.take(1);
    lab::expect("it was notified already: do not notify again", !server.end().notify);
    server.peer.out.state.store_relaxed(abi::waiting);
    server.peer.in.state.store_relaxed(abi::armed);
    server.take(1);
    server.put(1);
    lab::expect("it sleeps and waits: notify", server.end().notify);
    expect_word("both state words were changed: the producer's", abi::flowing,
                server.peer.out.state);
    expect_word("both state words were changed: the consumer's", abi::running,
                server.peer.in.state);
}

TEST_CASE("burst-sleepy: a sleepy end says that it sleeps, unless something has come") {
    Server server;
    server.take(2);
    lab::expect("not sleepy, nothing new: no news", !server.end(false).news);
    expect_word("the own state if not sleepy (running is 0)", abi::running, server.own.in.state);
    lab::expect("sleepy, nothing new: no news", !server.end(true).news);
    expect_word("the own state: it sleeps now (armed is 1)", abi::armed, server.own.in.state);
    server.own.in.state.store_relaxed(abi::running); // as the client would
    server.peer.out.tail.store_relaxed(3 * line);
    lab::expect("not sleepy: news are of no interest", !server.end(false).news);
    lab::expect("sleepy, and a line that was not taken is there: news", server.end(true).news);
    expect_word("the own state: it must not sleep, so nobody need notify it", abi::running,
                server.own.in.state);
    expect_word("the own out state, which may_wait() is for (flowing is 0)", abi::flowing,
                server.own.out.state);
}

TEST_CASE("burst-lost: a consumer that falls asleep meanwhile is woken") {
    explored("A line was published, and the consumer sleeps for ever: it had said armed, fenced, "
             "and looked again. end_burst() must publish, then fence, then look at its state.",
             explore::all("publishing", [] {
                 Shared shared(1);
                 explore::threads({{"producer",
                                    [&] {
                                        rt::Ends ends = shared.producer();
                                        ends.out.advance_by(line);
                                        if (rt::end_burst(ends.out, ends.in, false).notify)
                                            shared.to_consumer.send();
                                    }},
                                   {"consumer", [&] {
                                        shared.taking().state.store_relaxed(abi::armed);
                                        rt::fence_full();
                                        if (shared.making().tail.load_relaxed() == 0)
                                            shared.to_consumer.park();
                                    }}});
             }));
}

TEST_CASE("burst-sleepy-lost: a sleepy side is woken by what is published meanwhile") {
    explored("A sleepy end_burst() found no news, and the side sleeps for ever though something "
             "was published. The state must say armed before the fence; the look at the other "
             "side's tail must be behind it.",
             explore::all("a sleepy end", [] {
                 Shared shared(1);
                 explore::threads({{"consumer",
                                    [&] {
                                        rt::Ends ends = shared.consumer();
                                        if (!rt::end_burst(ends.out, ends.in, true).news)
                                            shared.to_consumer.park();
                                    }},
                                   {"producer", [&] {
                                        rt::SharedWord<Word>& state = shared.taking().state;
                                        shared.making().tail.store_release(line);
                                        rt::fence_full();
                                        if (state.load_relaxed() != abi::running &&
                                            state.exchange(abi::running) != abi::running)
                                            shared.to_consumer.send();
                                    }}});
             }));
}

TEST_CASE("burst-order: when the counters are seen, all lines were built, and all were read") {
    explored("The consumer has seen the new tail, but not the line: what was put in must be "
             "released before the tail is stored.",
             explore::all("the tail", [] {
                 Shared shared(1);
                 explore::threads({{"producer",
                                    [&] {
                                        rt::Ends ends = shared.producer();
                                        ends.out.line_at(0).id.store_relaxed(7);
                                        ends.out.advance_by(line);
                                        static_cast<void>(rt::end_burst(ends.out, ends.in, false));
                                    }},
                                   {"consumer", [&] {
                                        if (shared.making().tail.load_acquire() == line)
                                            explore::check(shared.request[0].id.load_relaxed() == 7,
                                                           "the line has what was put in");
                                    }}});
             }));
    explored("The producer has built a line anew before the consumer had read it: what was taken "
             "must be read before the head is stored.",
             explore::all("the head", [] {
                 Shared shared(1);
                 shared.request[0].id.store_relaxed(7);
                 shared.making().tail.store_relaxed(line);
                 uint32_t read = 0;
                 explore::threads({{"consumer",
                                    [&] {
                                        rt::Ends ends = shared.consumer();
                                        read = shared.request[0].id.load_relaxed();
                                        ends.in.advance_by(line);
                                        static_cast<void>(rt::end_burst(ends.out, ends.in, false));
                                    }},
                                   {"producer", [&] {
                                        if (shared.taking().head.load_acquire() == line)
                                            shared.request[0].id.store_relaxed(8);
                                    }}});
                 explore::check(read == 7, "what was read is what was put in first");
             }));
}
