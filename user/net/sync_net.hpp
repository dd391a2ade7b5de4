// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Requests to the net server by calls of its endpoint (PROFILE=sel4): a thread waits in the call,
/// and a coroutine that awaits it is never suspended. Handle, length and address travel in
/// registers, so that calls take the short path; data lies in a page that the thread and the server
/// share, so that it is copied as often as over a ring.
///
/// A call that cannot be answered yet is answered all the same: the answer comes later, in the
/// page, and a notification of the thread's own, its *bell*, says when. So the server keeps no
/// call, and both its ways to answer, a reply and a signal, are those that never wait for whom they
/// are for.
///
///     thread   | call ──> | <── later | wait ...                  | go on
///     server              | serve     | ... answer in the page, signal ──>
///
///     class Line    a thread's way to the server: its capability, its page, its bell
///
/// Read next: user/netsrv/sync_client.hpp.
/// @stage{none}
#pragma once

#include "user/lib/program.hpp"
#include "user/lib/syscall.hpp"
#include "user/net/answer.hpp"

#include <algorithm>
#include <atomic>
#include <coroutine>

namespace net {

/// Requests besides those of the protocol: each answers a capability.
enum LineRequest : Word {
    open_line = 0x1000, ///< of a program: what one of its threads calls with. Then of this thread:
    line_page,          ///< a frame, for its LinePage
    line_bell,          ///< a notification
};

/// What a call is answered whose answer comes later.
constexpr Word later = 0x1003;

/// What a thread and the server share. Either may find anything in it at any time: the server reads
/// nothing but the data of a request, once.
struct LinePage {
    Packet packet;
    Answer late; ///< is there when the bell has rung
};
static_assert(sizeof(LinePage) <= user::page_size);

class Line {
public:
    /// False if the server has no room for another thread, or this program no memory.
    bool open(abi::CPtr server) {
        endpoint_ = capability(server, open_line);
        bell_ = endpoint_ == 0 ? 0 : capability(endpoint_, line_bell);
        const abi::CPtr frame = bell_ == 0 ? 0 : capability(endpoint_, line_page);
        page_ =
            frame == 0 ? nullptr : reinterpret_cast<LinePage*>(user::vspace.map_somewhere(frame));
        return page_ != nullptr;
    }

    [[nodiscard]] Packet& packet() const { return page_->packet; }
    [[nodiscard]] Word traps() const { return traps_; }
    /// Does the thread wait for an answer that comes later? Others may ask.
    [[nodiscard]] bool waits() const { return waits_.load(std::memory_order_relaxed); }

    Answer call(Request request, Word handle, Word bytes, Word other) {
        traps_++;
        const auto answer =
            sel4::call(endpoint_, {.info = abi::MessageInfo::make(static_cast<Word>(request), 3),
                                   .words = {handle, bytes, other}});
        if (answer.info.label() == later)
            return late_answer();
        return {static_cast<Error>(answer.info.label()), answer.words[0], answer.words[1],
                Endpoint::of(answer.words[2])};
    }

private:
    /// 0 if the server gives none.
    static abi::CPtr capability(abi::CPtr server, LineRequest request) {
        const abi::CPtr slot = user::allocator.slot();
        abi::IpcBuffer& buffer = sel4::ipc_buffer();
        buffer.receive_cnode = abi::root_cnode;
        buffer.receive_index = slot;
        buffer.receive_depth = sel4::full_depth;
        const auto answer = sel4::call(server, {.info = abi::MessageInfo::make(request, 0)});
        return answer.info.extra_caps() == 1 ? slot : 0;
    }

    Answer late_answer() {
        traps_++;
        waits_.store(true, std::memory_order_relaxed);
        sel4::wait(bell_);
        waits_.store(false, std::memory_order_relaxed);
        return page_->late;
    }

    abi::CPtr endpoint_ = 0;
    abi::CPtr bell_ = 0;
    LinePage* page_ = nullptr;
    Word traps_ = 0;
    std::atomic<bool> waits_ = false;
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

private:
    [[nodiscard]] Answered ask(Request request, Word handle = 0, Word bytes = 0,
                               Word other = 0) const {
        return {line_->call(request, handle, bytes, other)};
    }

    Line* line_;
};

} // namespace net
