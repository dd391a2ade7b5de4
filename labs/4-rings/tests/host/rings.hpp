// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What host tests of rings share: a ring of which a test has one end and plays the other by hand,
/// and how an exploration is told. A side that is played by hand uses nothing of the exercises: it
/// writes its counter and its state word as runtime/status.hpp says.
/// Read next: producer.cpp; runtime/tests/explore/explore.hpp.
#pragma once

#include "labs/lib/host.hpp"
#include "runtime/status.hpp"
#include "runtime/tests/explore/explore.hpp"
#include "runtime/tests/memory.hpp"

namespace rings {

using abi::Word;
using rt::Ring;

constexpr Word line = abi::line_bytes;
constexpr Word lines = 16; ///< of a ring in ordinary tests
constexpr Word capacity = lines * line;

/// The client's requests, in memory that is exactly as large as it must be.
struct Requests {
    Memory memory{{lines, lines}};
    rt::SharedWord<Word>& tail = memory.header().client.out.tail;
    rt::SharedWord<Word>& head = memory.header().server.in.head;
    abi::Item* const first =
        reinterpret_cast<abi::Item*>(static_cast<std::byte*>(memory.bytes) + abi::ring_offset);

    /// The number of a line in the ring; more than there are if it is none of them.
    [[nodiscard]] Word number_of(const abi::Item* item) const {
        return item < first ? ~Word{0} : rt::distance(first, item) / line;
    }
};

inline std::string text(Ring answer) {
    return answer == Ring::ready ? "ready" : answer == Ring::blocked ? "blocked" : "corrupt";
}

/// What a refill must answer.
inline bool expect_answer(const std::string& when, Ring expected, Ring got) {
    return lab::expect_equal(when + ", refill()", text(expected), text(got));
}

/// Numbers that look drawn by chance; the same for the same seed of the run.
class Draw {
public:
    explicit Draw(Word salt) : state_(lab::seed() * 0x9e3779b97f4a7c15 + salt) {}
    Word word() {
        state_ = state_ * 6364136223846793005 + 1442695040888963407;
        return state_ ^ state_ >> 29;
    }
    /// Less than `end`.
    Word below(Word end) { return word() % end; }

private:
    Word state_;
};

/// Two sides with small rings between them, for an exploration; words have names in its report.
struct Shared {
    abi::BufferHeader header;
    abi::Item request[2];
    abi::Item reply[2];
    explore::Notification to_producer{"producer's interrupt"};
    explore::Notification to_consumer{"consumer's interrupt"};

    explicit Shared(Word lines_in_ring) : lines_(lines_in_ring) {
        explore::name(header.client.out.tail, "tail");
        explore::name(header.server.in.head, "head");
        explore::name(header.client.out.state, "producer's state", {"flowing", "waiting"});
        explore::name(header.server.in.state, "consumer's state", {"running", "armed"});
        explore::name(header.server.out.tail, "tail of replies");
        explore::name(header.client.in.head, "head of replies");
        explore::name(header.server.out.state, "replier's state", {"flowing", "waiting"});
        explore::name(header.client.in.state, "asker's state", {"running", "armed"});
        explore::name(request[0].id, "line 0");
        explore::name(request[1].id, "line 1");
    }
    /// Of the requests: the producer's ends are the client's, the consumer's the server's.
    rt::Ends producer() { return buffer().client(); }
    rt::Ends consumer() { return buffer().server(); }
    abi::ProducerWords& making() { return header.client.out; }
    abi::ConsumerWords& taking() { return header.server.in; }

private:
    rt::SharedBuffer buffer() { return {&header, {.requests = lines_, .replies = lines_}}; }

    Word lines_;
};

/// Every execution must pass; one that does not is told step by step, behind what it means. True if
/// all have passed.
inline bool explored(const char* meaning, const explore::Outcome& outcome) {
    if (outcome.passed())
        return true;
    const std::string text = std::string(meaning) +
                             "\nThis is how it comes about, one step a row, one column a side. "
                             "\"old\": a store waits in "
                             "the store buffer of the other hart. \"late\": a load that later "
                             "accesses have overtaken.\n" +
                             outcome.report();
    FAIL_CHECK(text);
    return false;
}

} // namespace rings
