// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Requests to the net server by calls of its endpoint (PROFILE=sel4): a thread waits in the call,
/// and a coroutine that awaits it is never suspended. Handle, length and address travel in
/// registers, so that calls take the short path; data lies in a page that the thread and the server
/// share, so that it is copied as often as over a ring.
///
///     class Line    a thread's way to the server: its own capability, and its page
///
/// Read next: user/netsrv/sync_client.hpp.
/// @stage{none}
#pragma once

#include "user/lib/program.hpp"
#include "user/lib/syscall.hpp"
#include "user/net/answer.hpp"

#include <algorithm>
#include <coroutine>

namespace net {

/// A request besides those of the protocol: the frame that comes along is shared from now on, and a
/// capability for this thread comes back.
constexpr Word open_line = 0x1000;

class Line {
public:
    /// False if the server has no room for another thread, or this program no memory.
    bool open(abi::CPtr server) {
        const abi::CPtr frame = user::allocator.make(abi::ObjectType::page);
        const abi::CPtr shared = user::allocator.slot();
        const abi::CPtr received = user::allocator.slot();
        const Word page = frame == 0 ? 0 : user::vspace.map_somewhere(frame);
        if (page == 0 || shared == 0 || received == 0 || !sel4::cap_copy(frame, shared))
            return false;
        abi::IpcBuffer& buffer = sel4::ipc_buffer();
        buffer.caps_or_badges[0] = shared;
        buffer.receive_cnode = abi::root_cnode;
        buffer.receive_index = received;
        buffer.receive_depth = sel4::full_depth;
        const auto answer = sel4::call(server, {.info = abi::MessageInfo::make(open_line, 0, 1)});
        if (static_cast<Error>(answer.info.label()) != Error::none || answer.info.extra_caps() != 1)
            return false;
        endpoint_ = received;
        packet_ = reinterpret_cast<Packet*>(page);
        return true;
    }

    [[nodiscard]] Packet& packet() const { return *packet_; }
    [[nodiscard]] Word calls() const { return calls_; }

    Answer call(Request request, Word handle, Word bytes, Word other) {
        calls_++;
        const auto answer =
            sel4::call(endpoint_, {.info = abi::MessageInfo::make(static_cast<Word>(request), 3),
                                   .words = {handle, bytes, other}});
        return {static_cast<Error>(answer.info.label()), answer.words[0], answer.words[1],
                Endpoint::of(answer.words[2])};
    }

private:
    abi::CPtr endpoint_ = 0;
    Packet* packet_ = nullptr;
    Word calls_ = 0;
};

/// An answer that is there.
struct Answered {
    Answer answer;

    static bool await_ready() noexcept { return true; }
    static void await_suspend(std::coroutine_handle<>) noexcept {}
    [[nodiscard]] Answer await_resume() const noexcept { return answer; }
};

/// What a packet is given to is the thread's own, its line's: there is no other.
class Net {
public:
    explicit Net(Line& line) : line_(&line) {}

    [[nodiscard]] Answered listen(uint16_t port, Word backlog, Word patience = 0) const {
        return ask(Request::listen, port, backlog, patience);
    }
    [[nodiscard]] Answered accept(Word handle) const { return ask(Request::accept, handle); }
    [[nodiscard]] Answered finish(Word handle) const { return ask(Request::finish, handle); }
    [[nodiscard]] Answered close(Word handle) const { return ask(Request::close, handle); }
    [[nodiscard]] Answered receive(Word handle, Packet&) const {
        return ask(Request::receive, handle);
    }
    [[nodiscard]] Answered send(Word handle, Packet&, Word bytes) const {
        return ask(Request::send, handle, bytes);
    }
    [[nodiscard]] Answered exchange(Word handle, Packet&, Word bytes) const {
        return ask(Request::exchange, handle, bytes);
    }
    /// Fills the counters in.
    [[nodiscard]] Answered count(Counters& counters) const {
        const Answered answered = ask(Request::count);
        const Word* const words = line_->packet().words;
        std::copy_n(words, counters.words().size(), counters.words().begin());
        return answered;
    }

    /// Requests that are on their way, of this thread.
    [[nodiscard]] static Word in_flight() { return 0; }

private:
    [[nodiscard]] Answered ask(Request request, Word handle = 0, Word bytes = 0,
                               Word other = 0) const {
        return {line_->call(request, handle, bytes, other)};
    }

    Line* line_;
};

} // namespace net
