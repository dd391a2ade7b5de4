// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercise 5.5: a server takes requests. The client is played by hand, and may be hostile.
/// Read next: timers.cpp.
#include "labs/5-runtime/tests/host/ends.hpp"

#include "runtime/tests/explore/explore.hpp"

namespace {

using abi::ItemInfo;
using ipc::Message;
using ipc::Request;

/// Answers at once: the sum and the difference of two words.
struct Sums {
    std::vector<Word>* served;

    Message<2> operator()(const Request<2>& request) const {
        served->push_back(request.words[0]);
        return Message{request.label() + 1U, request.words[0] + request.words[1],
                       request.words[0] - request.words[1]};
    }
};

/// Answers later: twice a word.
struct Later {
    rt::Task<Message<1>> operator()(rt::Frames /*frames*/, Request<1> request) const {
        co_await rt::yield();
        co_return Message{0, 2 * request.words[0]};
    }
};

/// A server, and what a test sees of it.
template <class Handler>
class OpenServer : public ipc::Server<Handler> {
public:
    OpenServer(rt::Executor& executor, rt::Ends ends, Handler handler)
        : ipc::Server<Handler>(executor, ends, {nobody, nullptr}, 8, handler) {}
    [[nodiscard]] Word taken() const { return this->in_.head() / abi::line_bytes; }
    [[nodiscard]] Word answered() const { return this->out_.tail() / abi::line_bytes; }
    void publish() {
        this->in_.publish();
        this->out_.publish();
    }
};

} // namespace

template <auto member>
struct RevealServer {
    friend void dispatch(ipc::Server<Sums>& server) { (server.*member)(); }
};
template struct RevealServer<&ipc::Server<Sums>::take_requests>;
void dispatch(ipc::Server<Sums>& server);

namespace {

struct Setting {
    Blocks blocks{64};
    rt::Executor executor{blocks.pool};
    Buffer buffer;
    std::vector<Word> served; ///< first words, in the order in which the handler had them
    OpenServer<Sums> server;
    Word asked = 0;     ///< lines
    Word collected = 0; ///< lines of answers that the client has taken

    explicit Setting(abi::RingLines lines = {16, 16})
        : buffer(lines), server(executor, buffer.shared.server(), {&served}) {}

    void ask(uint32_t id, Word word, ItemInfo info = ItemInfo::make(3, 2)) {
        build(buffer.request(asked++), id, info, word);
    }
    void publish() const { buffer.header().client.out.tail.store_relaxed(asked * abi::line_bytes); }
    /// The client takes what is answered.
    void collect() {
        server.publish();
        collected = server.answered();
        buffer.header().client.in.head.store_relaxed(collected * abi::line_bytes);
    }
    /// The server looks until it takes no more.
    void turn() {
        publish();
        for (Word before = ~Word{0}; server.open() && server.taken() != before;) {
            before = server.taken();
            dispatch(server);
        }
    }
    /// The answer in a line is that of Sums to these words.
    bool expect_answer(Word line, uint32_t id, Word word, Word label = 4) const {
        const abi::Item& item = buffer.reply(line);
        const ItemInfo info{item.info.load_relaxed()};
        const std::string which = "answer " + number(line);
        return expect_equal(which + ": id of the request", id, item.id.load_relaxed()) &&
               expect_equal(which + ": label", label, info.label()) &&
               expect_equal(which + ": length", 2, info.length()) &&
               expect_equal(which + ": first word", 2 * word + 1, item.words[0].load_relaxed()) &&
               expect_equal(which + ": second word", ~Word{0}, item.words[1].load_relaxed());
    }
    void expect_counts(const std::string& when, Word taken, Word answered) const {
        expect_equal(when + ": lines of requests that were taken", taken, server.taken());
        expect_equal(when + ": lines of answers", answered, server.answered());
    }
};

std::string text(const std::vector<Word>& words) {
    std::string text;
    for (const Word word : words)
        text += (text.empty() ? "" : " ") + number(word);
    return text;
}

} // namespace

TEST_CASE("requests-simple: requests in a row are answered in a row, each with its own answer") {
    alone([] {
        Setting at;
        for (Word i = 0; i < 5; i++)
            at.ask(static_cast<uint32_t>(1000 + i), 10 * i);
        at.turn();
        expect_equal("first words that the handler had", "0 10 20 30 40", text(at.served));
        at.expect_counts("after 5 requests", 5, 5);
        for (Word i = 0; i < 5; i++)
            at.expect_answer(i, static_cast<uint32_t>(1000 + i), 10 * i);
    });
}

TEST_CASE("requests-told: at the end of a round the client is told what was taken and answered") {
    alone([] {
        Setting at;
        at.ask(1, 10);
        at.ask(2, 20);
        at.publish();
        at.executor.attach(at.server, 0);
        at.executor.run_until_idle();
        expect_equal("first words that the handler had", "10 20", text(at.served));
        expect_equal("the head of the requests, by which the client is told", 2 * abi::line_bytes,
                     at.buffer.header().server.in.head.load_relaxed());
        expect_equal("the tail of the answers, by which the client is told", 2 * abi::line_bytes,
                     at.buffer.header().server.out.tail.load_relaxed());
    });
}

TEST_CASE("requests-wrap: requests and answers go around their rings, which differ in size") {
    alone([] {
        Setting at({16, 32});
        for (Word i = 0; i < 100;) {
            for (Word k = 0; k < 7; k++, i++)
                at.ask(static_cast<uint32_t>(i), i);
            const Word before = at.server.answered();
            at.turn();
            if (!expect_equal("lines that were taken", i, at.server.taken()))
                return;
            for (Word line = before; line < i; line++) {
                if (!at.expect_answer(line, static_cast<uint32_t>(line), line))
                    return;
            }
            at.collect();
        }
    });
}

TEST_CASE("requests-full: a request is taken only if there is room for its answer") {
    alone([] {
        Setting at({64, 16});
        for (Word i = 0; i < 40; i++)
            at.ask(static_cast<uint32_t>(i), i);
        at.turn();
        at.expect_counts("with room for 16 answers", 16, 16);
        expect("the connection is open", at.server.open());
        at.turn();
        at.expect_counts("when it looks again, without room", 16, 16);
        at.collect();
        at.turn();
        at.expect_counts("when the client has taken its answers", 32, 32);
        at.collect();
        at.turn();
        at.expect_counts("when it has taken them again", 40, 40);
        expect_equal("requests that the handler had", 40, at.served.size());
    });
}

TEST_CASE("requests-most: 64 lines are taken before others have a turn; the rest in the next") {
    alone([] {
        Setting at({128, 128});
        for (Word i = 0; i < 100; i++)
            at.ask(static_cast<uint32_t>(i), i);
        at.publish();
        dispatch(at.server);
        at.expect_counts("of 100 requests, in the first round", 64, 64);
        dispatch(at.server);
        at.expect_counts("of 100 requests, in two rounds", 100, 100);
        at.expect_answer(99, 99, 99);
    });
}

TEST_CASE("requests-odd: what is not simple is served between the others, once, in its order") {
    alone([] {
        Setting at({32, 32});
        at.ask(1, 10);
        at.ask(2, 20, ItemInfo::make(3, 2, 0, abi::one_way));
        at.ask(3, 30);
        at.ask(4, 40, ItemInfo::make(3, 2, 1)); // with a capability, which is nothing here
        at.ask(5, 50, ItemInfo::make(3, 20));   // more than a line: three of them
        at.asked += 2;
        at.ask(6, 60);
        at.ask(7, 70, ItemInfo::make(3, 7));
        at.turn();
        expect_equal("first words that the handler had, which wants no long ones",
                     "10 20 30 40 60 70", text(at.served));
        at.expect_counts("after all", 9, 6);
        expect("the connection is open", at.server.open());
        at.expect_answer(0, 1, 10);
        at.expect_answer(1, 3, 30);
        at.expect_answer(2, 4, 40);
        expect_equal("the long request is refused: id of answer 3", 5,
                     at.buffer.reply(3).id.load_relaxed());
        expect("and its flag says so",
               ItemInfo{at.buffer.reply(3).info.load_relaxed()}.has(abi::refused));
        at.expect_answer(4, 6, 60);
        at.expect_answer(5, 7, 70);
    });
}

TEST_CASE("requests-hostile: lines, lengths and counters that cannot be end the connection only") {
    alone([] {
        {
            Setting at;
            at.ask(1, 10);
            at.ask(2, 20, ItemInfo::make(3, 100)); // 13 lines, of which one is there
            at.turn();
            expect("a request that is not there as a whole closes the connection",
                   !at.server.open());
            expect_equal("what was served before", "10", text(at.served));
        }
        for (const Word tail : {Word{17} * 64, Word{8}, ~Word{0} - 63}) {
            Setting at;
            at.buffer.header().client.out.tail.store_relaxed(tail);
            dispatch(at.server);
            expect("a tail of " + number(tail) + " closes the connection", !at.server.open());
            expect_equal("and nothing is served", "", text(at.served));
        }
    });
}

TEST_CASE("requests-random: lines of any kind by chance: each is answered once, or not wanted") {
    alone([] {
        Setting at({32, 32});
        Draw draw(55);
        for (unsigned round = 0; round < 300; round++) {
            std::string expected;
            std::string answers;
            for (Word lines = draw.below(12); lines > 0; lines--) {
                const auto id = static_cast<uint32_t>(draw.word());
                const Word kind = draw.below(6);
                const Word length = 1 + draw.below(7); // words behind it are undefined
                const Word word = draw.below(1000);
                const uint32_t flags = kind == 0 ? abi::one_way : 0;
                at.ask(id, word, ItemInfo::make(3, length, kind == 1 ? 2 : 0, flags));
                expected += (expected.empty() ? "" : " ") + number(word);
                if (flags == 0)
                    answers += (answers.empty() ? "" : " ") + number(id);
            }
            const Word before = at.server.answered();
            at.served.clear();
            at.turn();
            std::string got;
            for (Word line = before; line < at.server.answered(); line++)
                got += (got.empty() ? "" : " ") + number(at.buffer.reply(line).id.load_relaxed());
            const std::string when = "round " + number(round);
            if (!expect(when + ": the connection is open", at.server.open()) ||
                !expect_equal(when + ": first words that the handler had", expected,
                              text(at.served)) ||
                !expect_equal(when + ": ids of answers", answers, got))
                return;
            at.collect();
        }
    });
}

TEST_CASE("requests-garbage: whatever lies in the ring, the server stays within its bounds") {
    alone([] {
        Draw draw(155);
        Word served = 0;
        for (unsigned round = 0; round < 300; round++) {
            Setting at({16, 16});
            for (Word lines = 1 + draw.below(16); lines > 0; lines--)
                at.ask(static_cast<uint32_t>(draw.word()), draw.word(),
                       {static_cast<uint32_t>(draw.below(3) == 0 ? draw.word() : draw.below(8))});
            at.turn();
            const std::string when = "round " + number(round);
            if (!expect(when + ": no more is taken than was put in",
                        at.server.taken() <= at.asked) ||
                !expect(when + ": no more is served than was taken",
                        at.served.size() <= at.server.taken()) ||
                !expect(when + ": no more is answered than was taken",
                        at.server.answered() <= at.server.taken()))
                return;
            served += at.served.size();
        }
        expect("some were served", served > 100);
    });
}

TEST_CASE("requests-changing: a request that changes while it is read is served once, as it was") {
    alone([] {
        const explore::Outcome outcome = explore::all("changing a request", [] {
            Setting at;
            at.ask(1, 10);
            at.publish();
            abi::Item& line = at.buffer.request(0);
            explore::name(line.id, "id of the request");
            explore::name(line.info, "info of the request");
            explore::threads({{"server", [&] { dispatch(at.server); }},
                              {"hostile", [&] {
                                   line.id.store_relaxed(2);
                                   line.info.store_relaxed(
                                       ItemInfo::make(3, 100, 0, abi::one_way).word);
                               }}});
            explore::check(at.served.size() <= 1, "one request is served at most once");
            explore::check(at.server.answered() <= at.served.size(),
                           "no more is answered than was served");
            explore::check(!at.server.open() || at.server.taken() == 1,
                           "it is taken, or the connection ends");
        });
        if (!outcome.passed())
            fail("A request was read more than once, and had changed meanwhile.\n" +
                 outcome.report());
    });
}

TEST_CASE("requests-tasks: handlers that suspend answer when they are done, bounded by a limit") {
    alone([] {
        Blocks blocks{64};
        rt::Executor executor{blocks.pool};
        Buffer buffer({16, 16});
        OpenServer<Later> server(executor, buffer.shared.server(), {});
        server.limit(3);
        for (Word i = 0; i < 10; i++)
            build(buffer.request(i), static_cast<uint32_t>(i), ItemInfo::make(0, 1), i);
        buffer.header().client.out.tail.store_relaxed(10 * abi::line_bytes);
        executor.attach(server, 0);
        executor.run_until_idle();
        expect_equal("requests that were taken", 10, server.taken());
        expect_equal("answers", 10, server.answered());
        for (Word i = 0; i < 10; i++)
            expect_equal("first word of answer " + number(i), 2 * i,
                         buffer.reply(i).words[0].load_relaxed());
        expect_equal("requests in progress in the end", 0, server.in_progress());
        expect_equal("frames that have not come back", 0, blocks.pool.used());
        expect_equal("frames that were asked for in vain", 0, blocks.pool.refused());
    });
}
