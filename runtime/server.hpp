// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The server's end of a connection: requests go to a handler, what it answers goes back.
///
///     ipc::Message<1> add(const ipc::Request<2>& request);            answers at once
///     rt::Task<ipc::Message<1>> read(rt::Frames, ipc::Request<2> request);      may suspend
///
/// As many words of a request are copied, once, as the handler's parameter says. A request is taken
/// when there is room for its answer, so a client that reads no replies stops only itself; and when
/// fewer than limit() are in progress, so a client that asks for much stops only itself as well.
/// Read next: runtime/server.cpp, runtime/ipc.hpp.
/// @stage{5}
#pragma once

#include "kernel/lib/todo.hpp"
#include "runtime/executor.hpp"
#include "runtime/handler.hpp"
#include "runtime/long_message.hpp"

namespace ipc {

// Your own helpers: begin
// Your own helpers: end

/// What does not depend on the handler.
class ServerEnd : public rt::Connection {
public:
    /// Puts the answer to the request with this header in. True if it was put in at once; else
    /// `promise` is woken when it is.
    bool answer(rt::PromiseBase& promise, Word header, abi::ItemInfo info,
                std::span<const Word> words);

    /// A coroutine for a request is about to end: its frames go.
    void ended();

    /// Requests that have a coroutine.
    [[nodiscard]] unsigned in_progress() const { return in_progress_; }
    /// From now on no more than these are at the same time, and always one: the client's share of
    /// the frames.
    void limit(unsigned requests) { most_in_progress_ = std::max(requests, 1U); }

protected:
    using Take = void (*)(Connection&);

    ServerEnd(rt::Executor& executor, rt::Ends ends, rt::Callback notify, rt::Priority priority,
              Take take_requests);

    /// Bytes of requests that are taken before others have a turn.
    static constexpr Word budget = 64 * abi::line_bytes;

    /// There is no room for an answer: looks for some, and takes requests if there is.
    void take_when_room();

    /// What of a header says that it is not a simple request: flags, capabilities, a length of more
    /// than one line.
    static constexpr Word not_simple = Word{abi::item_flags | 3 << 7 | 0x78} << 32;

    /// A request that was taken as a whole.
    struct Taken {
        Word header = 0;
        Word words[abi::message_words + abi::raw_line_words] = {};
    };
    /// Takes the next request. False if there is none, or no room for its answer, or as many as may
    /// be are in progress.
    bool take_whole(Taken& request);
    /// Answers a request that was taken.
    void refuse(Word header);
    void put_answer(Word header, abi::ItemInfo info, std::span<const Word> words);

private:
    bool find_room();
    bool put(rt::PromiseBase& promise);

    Take take_requests_;
    unsigned most_in_progress_ = ~0U;

protected:
    unsigned in_progress_ = 0;
};

/// The last step of a handler that is a coroutine.
template <unsigned count>
struct Answer {
    ServerEnd* server;
    Word header; ///< of the request
    Message<count> message;

    rt::Started start(rt::PromiseBase& promise) const {
        return {server->answer(promise, header, {message.info}, message.span())};
    }
};

/// Waits for a handler and sends what it answers.
template <unsigned count>
rt::Task<> answer_later(rt::Frames /*frames*/, ServerEnd* server, Word header,
                        rt::Task<Message<count>> handler) {
    const auto message = co_await std::move(handler);
    co_await Answer<count>{server, header, *message};
    server->ended();
}

/// A server with its handler, which it keeps.
template <class Handler>
class Server : public ServerEnd {
public:
    /// Requests are dispatched at `priority`; `notify` tells the client. The executor wants to know
    /// the vector: Executor::attach.
    Server(rt::Executor& executor, rt::Ends ends, rt::Callback notify, rt::Priority priority,
           Handler handler)
        : ServerEnd(executor, ends, notify, priority,
                    [](Connection& self) { static_cast<Server&>(self).take_requests(); }),
          handler_(handler) {}

private:
    using Traits = HandlerTraits<Handler>;
    using Request = typename Traits::Request;

    void take_requests();
    void take_any();
    void serve(const Taken& taken);
    bool begin(Word header, const Request& request);

    Handler handler_;
};

/// @lab{5.5} Takes simple requests in a row, and answers them in a row; the rest by the long path.
/// What does not fit the budget is taken in the next round.
template <class Handler>
void Server<Handler>::take_requests() {
    if (!find_lines())
        return;
    begin_burst();
    if (out_.stopped())
        return take_when_room();
    if constexpr (Traits::suspends || Traits::is_long)
        return take_any();
    const Word bytes = std::min({in_.run(), out_.run(), budget});
    abi::Item* reply = out_.take(bytes).first;
    for (abi::Item& item : in_.take(bytes)) {
        const Word header = rt::load_header(item);
        if ((header & not_simple) != 0) [[unlikely]] {
            in_.give_back(&item);
            out_.give_back(reply);
            return take_any();
        }
        if constexpr (!Traits::suspends && !Traits::is_long) {
            Request request{.info = rt::info_of(header).word};
            for (unsigned i = 0; i < Request::words_wanted; i++)
                request.words[i] = item.words[i].load_relaxed();
            const auto answer = handler_(request);
            reply->id.store_relaxed(static_cast<uint32_t>(header));
            reply->info.store_relaxed(answer.info);
            for (unsigned i = 0; i < answer.span().size(); i++)
                reply->words[i].store_relaxed(answer.words[i]);
            reply++;
        }
    }
}

/// Takes requests of any kind.
template <class Handler>
[[gnu::noinline]] void Server<Handler>::take_any() {
    Taken taken;
    for (Word left = budget; left != 0 && take_whole(taken); left -= abi::line_bytes)
        serve(taken);
}

template <class Handler>
void Server<Handler>::serve(const Taken& taken) {
    const abi::ItemInfo info = rt::info_of(taken.header);
    if constexpr (Traits::is_long) {
        const auto answer = handler_(LongRequest{info.word, {taken.words, info.length()}});
        put_answer(taken.header, {answer.info}, answer.span());
    } else {
        Request request{.info = info.word};
        std::copy_n(taken.words, Request::words_wanted, request.words);
        if (info.length() > abi::item_words)
            return refuse(taken.header);
        if constexpr (Traits::suspends) {
            if (!begin(taken.header, request))
                refuse(taken.header);
        } else {
            const auto answer = handler_(request);
            put_answer(taken.header, {answer.info}, answer.span());
        }
    }
}

/// Starts a coroutine for a request. False if there is no frame.
template <class Handler>
bool Server<Handler>::begin(Word header, const Request& request) {
    rt::FramePool& pool = executor_.pool();
    auto handler = handler_(pool, request);
    if (!handler || !executor_.spawn(answer_later(pool, this, header, std::move(handler)), *level_))
        return false;
    in_progress_++;
    return true;
}

} // namespace ipc
