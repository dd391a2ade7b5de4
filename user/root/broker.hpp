// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The broker, a part of the root task: programs offer names, others connect to them, and both then
/// share a buffer of the client's memory. What has two ends is a *link* of each of two programs:
///
///     free ──connect──> asked ──offered──> open ──the other goes──> gone ──told──> told
///       ^                                    '──────── close, or death ──────────────┘
///
///     a server's link begins as `unseen`, until it is the answer to accept()
///
/// Each program has a ring to the broker. Every request is answered at once, or kept as one word:
/// of accept and of deaths one, of connect one a link, in memory of the program. So nothing that a
/// program asks for takes memory of the root task, and a ring full of garbage costs its owner a
/// round of the executor. Always holds: the two links of a connection name each other. Read next:
/// user/lib/peers.hpp, broker.cpp, broker_end.hpp.
/// @stage{5}
#pragma once

#include "runtime/notified.hpp"
#include "user/root/broker_end.hpp"
#include "user/root/programs.hpp"

#include <optional>

namespace root {

using user::broker::Error;
using user::broker::Name;

class Broker {
public:
    /// A request that waits for its answer: its header; 0: none does.
    using Waiting = Word;
    /// What is remembered of each peer of a program, in the program's memory (Process).
    static const Word bytes_for_peer;

    Broker(rt::Notified& self, Programs& programs) : self_(self), programs_(programs) {}

    /// Gives a program, which does not run yet, its ring. False if its memory is used up.
    bool add(unsigned index);
    /// The program is about to be destroyed: its links go, and those at their other ends are told.
    void remove(unsigned index);

    /// Answers a request of a program, or keeps it.
    void serve(unsigned index, Word header, std::span<const Word> words);

    /// Requests that were taken.
    [[nodiscard]] Word served() const { return served_; }

private:
    struct Link {
        enum class State : uint8_t { free, asked, unseen, open, gone, told } state = State::free;
        uint8_t program = 0; ///< of the other end
        uint8_t link = 0;
        bool shares_space = false;
        abi::RingLines lines = {};
        Name name = {};      ///< asked: of whom
        Waiting connect = 0; ///< asked: the request
    };

    struct Client {
        std::optional<rt::Peer> peer;
        std::optional<BrokerEnd> end;
        bool offers = false;
        Name name;
        Waiting accept = 0;
        Waiting deaths = 0;
        Word window = 0;       ///< address here of its ring, which the next program uses again
        std::span<Link> links; ///< the first is its ring to the broker; none: there is no program
    };

    using Words = std::span<const Word>;
    // Each answers its request, now or later, or says why it cannot.
    Error offer(unsigned index, Word header, Words words);
    Error accept(unsigned index, Word header);
    Error connect(unsigned index, Word header, Words words);
    Error deaths(unsigned index, Word header);
    Error close(unsigned index, Word header, Word number);

    [[nodiscard]] user::PeerSpace& space(unsigned index) {
        return programs_.program(index).process.peers();
    }
    [[nodiscard]] unsigned free_link(unsigned index) const;
    [[nodiscard]] unsigned server_of(const Name& name) const;
    void join(unsigned client, unsigned link, unsigned server);
    Error share(unsigned client, unsigned link, unsigned server, unsigned server_link);
    void connect_those_who_wait(unsigned server);
    void drop(unsigned index, unsigned link);
    void lose(unsigned index, unsigned link);
    void tell_accepted(unsigned index);
    void tell_dead(unsigned index);
    void answer_peer(unsigned index, Word header, unsigned link);
    void answer(unsigned index, Word header, Error error, Words words = {});

    rt::Notified& self_;
    Programs& programs_;
    Word served_ = 0;
    Client clients_[most_programs];
};

inline constexpr Word Broker::bytes_for_peer = sizeof(Link);

} // namespace root
