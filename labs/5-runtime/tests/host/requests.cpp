// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercise 5.5: requests. The client is played by hand.
/// Read next: timers.cpp.
#include "labs/5-runtime/tests/host/calls.hpp"

using namespace setting;

namespace {

std::string heard; ///< what handlers were asked, in their order

/// Answers at once: the sum of two words, and the label one more.
ipc::Message<1> add(const ipc::Request<2>& request) {
    heard += std::to_string(request.words[0]) + ' ';
    return ipc::Message{request.label() + 1, request.words[0] + request.words[1]};
}

/// The same, after others have run.
Task<ipc::Message<1>> add_later(Frames /*frames*/, ipc::Request<2> request) {
    heard += std::to_string(request.words[0]) + ' ';
    co_await rt::yield();
    co_return ipc::Message{request.label() + 1, request.words[0] + request.words[1]};
}

/// A server, and a client that is played by hand.
template <class Handler>
struct Serving {
    explicit Serving(Handler handler, abi::RingLines lines = {16, 16})
        : memory(lines), server(side.executor, memory.buffer.server(), quiet, 8, handler),
          client(memory.buffer.client()) {
        heard.clear();
        side.executor.attach(server, 1);
    }

    void ask(uint32_t id, Word first, Word second) { client.put(id, 3, {first, second}); }
    void run() { side.executor.run_until_idle(); }
    /// Answers that have come: id, label, word.
    [[nodiscard]] std::string answers() {
        std::string text;
        for (const Peer::Line& line : client.take()) {
            text += (text.empty() ? "" : " ") + std::to_string(line.id) + ":";
            if (line.info.has(abi::refused))
                text += "refused";
            else
                text += std::to_string(line.info.label()) + "," +
                        (line.words.empty() ? "-" : std::to_string(line.words[0]));
        }
        return text;
    }

    Side side{64};
    Memory memory;
    ipc::Server<Handler> server;
    Peer client;
};

constexpr Word line = abi::line_bytes;

} // namespace

TEST_CASE("request-one: a request goes to the handler, and its answer back with its id") {
    alone([] {
        Serving at(add);
        at.ask(0x1234'5670, 20, 22);
        at.run();
        expect_equal("what the handler was asked", "20 ", heard);
        expect_equal("the answer: id, label, word", std::to_string(0x1234'5670) + ":4,42",
                     at.answers());
        expect_equal("bytes of requests that were taken, as the client sees it", line,
                     at.memory.header().server.in.head.load_relaxed());
    });
}

TEST_CASE("request-row: requests in a row are answered in a row, around the ring") {
    alone([] {
        Serving at(add);
        for (Word round = 0; round < 5; round++) {
            std::string expected, words;
            for (Word i = 0; i < 13; i++) {
                at.ask(static_cast<uint32_t>(round * 100 + i), i, round);
                words += std::to_string(i) + ' ';
                expected += (i == 0 ? "" : " ") + std::to_string(round * 100 + i) + ":4," +
                            std::to_string(i + round);
            }
            heard.clear();
            at.run();
            if (!expect_equal("what the handler was asked", words, heard) ||
                !expect_equal("answers", expected, at.answers()))
                return;
        }
    });
}

TEST_CASE("request-words: the handler has as many words as it wants, whatever the message has") {
    alone([] {
        static std::string got;
        static const auto handler = +[](const ipc::Request<3>& request) {
            for (const Word word : request.words)
                got += std::to_string(word) + ' ';
            got += "of " + std::to_string(request.length());
            return ipc::Message{9, 1, 2, 3};
        };
        Serving at(handler);
        at.client.put(5, 0, {1, 2, 3, 4, 5, 6, 7});
        at.run();
        expect_equal("words of a message of 7", "1 2 3 of 7", got);
        const auto answers = at.client.take();
        if (!expect_equal("answers", 1, answers.size()))
            return;
        expect_equal("the answer's label", 9, answers[0].info.label());
        expect_equal("words of the answer", 3, answers[0].words.size());
        for (Word i = 0; i < answers[0].words.size(); i++)
            expect_equal("a word of the answer", i + 1, answers[0].words[i]);
    });
}

TEST_CASE("request-room: no request is taken for whose answer there is no room") {
    alone([] {
        Serving at(add, {64, 16});
        for (Word i = 0; i < 40; i++)
            at.ask(static_cast<uint32_t>(i), i, 0);
        at.run();
        expect_equal("lines of requests that were taken, with room for 16 answers", 16,
                     at.memory.header().server.in.head.load_relaxed() / line);
        std::string all = at.answers();
        at.run();
        expect_equal("lines when the client has read 16 answers", 32,
                     at.memory.header().server.in.head.load_relaxed() / line);
        all += ' ' + at.answers();
        at.run();
        all += ' ' + at.answers();
        std::string expected;
        for (unsigned i = 0; i < 40; i++)
            expected += (i == 0 ? "" : " ") + std::to_string(i) + ":4," + std::to_string(i);
        expect_equal("all answers, in their order", expected, all);
    });
}

TEST_CASE("request-wrap: the two rings end in different places") {
    alone([] {
        for (const abi::RingLines lines : {abi::RingLines{16, 64}, {64, 16}, {16, 16}}) {
            Serving at(add, lines);
            Word asked = 0;
            for (unsigned round = 0; round < 40; round++) {
                std::string expected;
                for (unsigned i = 0; i < 1 + round % 13; i++, asked++) {
                    at.ask(static_cast<uint32_t>(asked), asked, 1);
                    expected += (i == 0 ? "" : " ") + std::to_string(asked) + ":4," +
                                std::to_string(asked + 1);
                }
                at.run();
                if (!expect_equal("answers, with rings of " + std::to_string(lines.requests) +
                                      " and " + std::to_string(lines.replies) + " lines",
                                  expected, at.answers()))
                    return;
            }
        }
    });
}

TEST_CASE(
    "request-mixed: what is not simple takes the long path, and nothing is lost or repeated") {
    alone([] {
        Serving at(add);
        at.ask(1, 11, 0);
        at.ask(2, 12, 0);
        at.client.put(3, abi::ItemInfo::make(3, 2, 0, abi::one_way), {13, 0});
        at.ask(4, 14, 0);
        at.client.put(5, abi::ItemInfo::make(3, 12), std::vector<Word>(12));
        at.ask(6, 16, 0);
        at.run();
        expect_equal("what the handler was asked: 13 wants no answer, 5 is too long for it",
                     "11 12 13 14 16 ", heard);
        expect_equal("answers", "1:4,11 2:4,12 4:4,14 5:refused 6:4,16", at.answers());
    });
}

TEST_CASE("request-first: a request that is not simple, the first of all") {
    alone([] {
        Serving at(add);
        at.client.put(3, abi::ItemInfo::make(3, 2, 0, abi::one_way), {13, 0});
        at.run();
        expect_equal("what the handler was asked", "13 ", heard);
        expect_equal("answers: none is wanted", "", at.answers());
        at.ask(4, 14, 0);
        at.run();
        expect_equal("the next answer", "4:4,14", at.answers());
    });
}

TEST_CASE("request-budget: after 64 requests others have their turn") {
    alone([] {
        Serving at(add, {256, 256});
        Memory memory({16, 16});
        Onlooker onlooker(at.side.executor, memory);
        at.run();
        for (Word i = 0; i < 150; i++)
            at.ask(static_cast<uint32_t>(i), i, 0);
        Word before = 0;
        Word most = 0;
        const rt::SharedWord<Word>& head = at.memory.header().server.in.head;
        onlooker.look = [&] {
            most = std::max(most, head.load_relaxed() - before);
            before = head.load_relaxed();
        };
        at.run();
        onlooker.look();
        expect_equal("requests that were taken at the end", 150, before / line);
        expect_equal("lines that are taken in a round, at most", 64, most / line);
    });
}

TEST_CASE("request-corrupt: a client that counts more than the ring holds is cut off") {
    alone([] {
        Serving at(add);
        at.ask(1, 11, 0);
        at.memory.header().client.out.tail.store_relaxed(17 * line);
        at.run();
        expect("the connection is closed", !at.server.open());
        expect_equal("what the handler was asked", "", heard);
    });
}

TEST_CASE("request-later: a handler that is a coroutine answers when it has ended") {
    alone([] {
        Serving at(add_later);
        for (unsigned i = 0; i < 10; i++)
            at.ask(i, i, 30);
        at.run();
        std::string expected;
        for (unsigned i = 0; i < 10; i++)
            expected += (i == 0 ? "" : " ") + std::to_string(i) + ":4," + std::to_string(i + 30);
        expect_equal("answers", expected, at.answers());
        expect_equal("requests in progress", 0, at.server.in_progress());
        expect_equal("frames in use", 0, at.side.pool.used());
    });
}

TEST_CASE("request-random: requests of all kinds, while the client reads now and then") {
    alone([] {
        auto random = draw(6);
        for (const abi::RingLines lines : {abi::RingLines{16, 16}, {64, 16}, {16, 64}}) {
            Serving at(add, lines);
            std::string asked, expected, answers;
            for (unsigned step = 0; step < 1500; step++) {
                const auto id = static_cast<uint32_t>(step);
                const Word first = random() % 1000;
                const auto kind = random() % 8;
                const bool long_one = kind == 0;
                const bool one_way = kind == 1;
                const auto info =
                    abi::ItemInfo::make(3, long_one ? 9 : 2, 0, one_way ? abi::one_way : 0);
                std::vector<Word> words(info.length());
                words[0] = first;
                if (at.client.put(id, info, words)) {
                    if (!long_one)
                        asked += std::to_string(first) + ' ';
                    if (long_one)
                        expected += std::to_string(id) + ":refused ";
                    else if (!one_way)
                        expected += std::to_string(id) + ":4," + std::to_string(first) + ' ';
                }
                if (random() % 5 == 0)
                    at.run();
                if (random() % 9 == 0) {
                    const std::string text = at.answers();
                    answers += text.empty() ? "" : text + ' ';
                }
            }
            for (unsigned turn = 0; turn < 20; turn++) {
                at.run();
                const std::string text = at.answers();
                answers += text.empty() ? "" : text + ' ';
            }
            expect("the handler was asked what was put in, in its order, each once",
                   heard == asked);
            expect("answers are those that must come, in their order", answers == expected);
        }
    });
}
