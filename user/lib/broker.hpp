// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The broker as a program sees it: each request is something to be awaited.
///
///     const auto memory = co_await broker.connect("memory");
///     if (!memory)
///         co_return memory.error;
///     const auto reply = co_await ipc::call(*memory.client, ipc::Message{allocate, address});
///     ...
///     co_await broker.disconnect(*memory.client);
///
/// If a peer ends, its connection is closed: calls in flight end with peer_gone and on_close runs.
/// The Client stays until disconnect(), so that nobody holds one that is not there.
/// Read next: peers.hpp, async_process.hpp.
/// @stage{5}
#pragma once

#include "runtime/ipc.hpp"
#include "runtime/notified.hpp"
#include "user/lib/peers.hpp"

#include <optional>
#include <span>

namespace user {

/// A connection, or why there is none.
struct Connected {
    broker::Error error = broker::Error::gone;
    ipc::Client* client = nullptr;
    broker::Peer peer = {};

    explicit operator bool() const { return client != nullptr; }
};

/// Somebody who has connected, or why there is nobody.
struct Accepted {
    broker::Error error = broker::Error::gone;
    broker::Peer peer = {};

    explicit operator bool() const { return error == broker::Error::none; }
};

/// How a client wants to be connected.
struct ConnectOptions {
    abi::RingLines lines{.requests = 64, .replies = 64};
    bool wait = true;         ///< until the name is offered
    bool share_space = false; ///< the server may map memory in this program
    rt::Priority priority = 1;
};

class Broker {
public:
    struct Place;

    /// The broker of the program with this runtime, whose windows are at `peers`; it signals the
    /// broker by `signal`. A place for each window.
    Broker(rt::Notified& self, Word peers, CPtr signal, std::span<Place> places);

    /// Is the thread of a peer parked, as far as it says?
    [[nodiscard]] static const rt::Hint* hint_of(const broker::Peer& peer) {
        return reinterpret_cast<const rt::Hint*>(peer.address + buffer_pages * Word{4096});
    }
    [[nodiscard]] static rt::SharedBuffer buffer_of(const broker::Peer& peer) {
        return {reinterpret_cast<void*>(peer.address), peer.lines};
    }

    template <class Result, unsigned count>
    struct Asking;

    /// Others can connect to this program by this name. Gives an Error.
    auto offer(std::string_view name);
    /// Waits for the next who has connected. Gives an Accepted.
    auto accept();
    /// Gives a Connected.
    auto connect(std::string_view name, ConnectOptions options = {});
    /// Waits until some peer is gone. Gives a reply whose word is its number.
    auto deaths();
    /// The broker forgets a peer: its number and window are free. Gives an Error.
    auto close(Word number);

    /// Ends a connection that connect() made. Calls in flight end with peer_gone; after that nobody
    /// uses the client any more.
    rt::Task<> disconnect(rt::Frames frames, ipc::Client* client);

    /// Whom it concerns that a peer is gone, by its number.
    struct Watcher {
        void (*gone)(void* context, unsigned number) = nullptr;
        void* context = nullptr;
    };
    void watch(Word number, Watcher watcher);
    /// Tells them, for ever: the runtime spawns it once.
    rt::Task<> watch_deaths(rt::Frames frames);

    [[nodiscard]] ipc::Client& ring() { return client_; }
    [[nodiscard]] rt::Notified& self() const { return self_; }

private:
    struct Connection {
        Connection(rt::Notified& self, const broker::Peer& with, rt::Priority priority)
            : number(with.number), peer(self, with.notification, hint_of(with)),
              client(self.executor(), buffer_of(with).client(), peer.callback(), priority) {}
        Word number;
        rt::Peer peer;
        ipc::Client client;
    };

    Connected opened(const ipc::Reply<>& reply, rt::Priority priority);

    rt::Notified& self_;
    rt::Peer peer_;
    ipc::Client client_;
    std::span<Place> places_;
};

/// What this program knows of a peer, by its number.
struct Broker::Place {
    std::optional<Connection> connection; ///< that connect() made
    Watcher watcher;
};

inline void Broker::watch(Word number, Watcher watcher) {
    if (number < places_.size())
        places_[number].watcher = watcher;
}

namespace broker {

/// Of the answer to a request.
inline Error error_of(const ipc::Reply<>& reply) {
    return reply ? static_cast<Error>(reply.label()) : Error::gone;
}

inline Peer peer_of(const ipc::Reply<>& reply) {
    return {.number = reply.words[0] % most_peers,
            .address = reply.words[1],
            .lines = {reply.words[2], reply.words[3]},
            .notification = reply.words[4],
            .badge = reply.words[5],
            .space = reply.words[6]};
}

} // namespace broker

/// A request on its way; what its reply becomes is made by a function, when the coroutine goes on.
template <class Result, unsigned count>
struct Broker::Asking {
    using Make = Result (*)(Broker& broker, const ipc::Reply<>& reply, rt::Priority priority);

    Broker* broker;
    ipc::Message<count> message;
    Make make;
    rt::Priority priority = 1;

    struct Awaiter {
        rt::PromiseBase* promise;
        Broker* broker;
        Make make;
        rt::Priority priority;

        static bool await_ready() noexcept { return false; }
        static void await_suspend(std::coroutine_handle<>) noexcept {}
        [[nodiscard]] Result await_resume() const {
            return make(*broker, promise->reply, priority);
        }
    };

    Awaiter start(rt::PromiseBase& promise) const {
        broker->client_.submit(promise, message);
        return {&promise, broker, make, priority};
    }
};

inline auto Broker::offer(std::string_view name) {
    const broker::Name words(name);
    const ipc::Message message(static_cast<Word>(broker::Request::offer), words.words[0],
                               words.words[1], words.words[2]);
    return Asking<broker::Error, 3>{
        this, message,
        [](Broker&, const ipc::Reply<>& reply, rt::Priority) { return broker::error_of(reply); }};
}

inline auto Broker::accept() {
    return Asking<Accepted, 0>{this, ipc::Message(static_cast<Word>(broker::Request::accept)),
                               [](Broker&, const ipc::Reply<>& reply, rt::Priority) {
                                   return Accepted{broker::error_of(reply), broker::peer_of(reply)};
                               }};
}

inline auto Broker::connect(std::string_view name, ConnectOptions options) {
    const broker::Name words(name);
    const Word flags = (options.wait ? Word{broker::wait_for_offer} : 0) |
                       (options.share_space ? Word{broker::share_space} : 0);
    const ipc::Message message(static_cast<Word>(broker::Request::connect), words.words[0],
                               words.words[1], words.words[2], options.lines.requests,
                               options.lines.replies, flags);
    return Asking<Connected, 6>{
        this, message,
        [](Broker& broker, const ipc::Reply<>& reply, rt::Priority priority) {
            return broker.opened(reply, priority);
        },
        options.priority};
}

inline auto Broker::deaths() {
    return Asking<ipc::Reply<>, 0>{
        this, ipc::Message(static_cast<Word>(broker::Request::deaths)),
        [](Broker&, const ipc::Reply<>& reply, rt::Priority) { return reply; }};
}

inline auto Broker::close(Word number) {
    return Asking<broker::Error, 1>{
        this, ipc::Message(static_cast<Word>(broker::Request::close), number),
        [](Broker&, const ipc::Reply<>& reply, rt::Priority) { return broker::error_of(reply); }};
}

} // namespace user
