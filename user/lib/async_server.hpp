// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A server as a program: offers a name, accepts whoever connects, and has for each client an
/// ipc::Server with a handler of its own. When a client is gone its connection is closed, and goes
/// when the last of its requests has ended. Each client may have so many requests in progress that
/// others find frames, whatever it does. Clients are as many as the program has peers (needs.hpp).
///
///     struct Handler {                         // one for each client; its forms:
///     runtime/handler.hpp
///         Handler(Context* context, const user::broker::Peer& client);
///         ipc::Message<1> operator()(const ipc::Request<2>& request);
///     };
///     user::AsyncServer<Handler, Context> server(process, &context);
///     process.spawn(server.run(process.pool(), "name"));
///
/// Read next: broker.hpp, user/pingpong/async_server.cpp.
/// @stage{5}
#pragma once

#include "user/lib/async_process.hpp"
#include "user/lib/machine.hpp"
#include "user/lib/own_array.hpp"

namespace user {

/// What serves a client: the handler itself if it is the end of a connection, else an end that has
/// it.
template <class Handler>
using EndOf =
    std::conditional_t<std::is_base_of_v<ipc::ServerEnd, Handler>, Handler, ipc::Server<Handler>>;

template <class Handler, class Context>
class AsyncServer {
public:
    /// `share`: requests of each client that are in progress at the same time. If it is not given,
    /// there are frames enough for all clients there can be, with handlers that take one each; and
    /// each has one at least. So who has many peers brings two frames for each, or says a share.
    AsyncServer(AsyncProcess& process, Context* context, unsigned share = 0)
        : process_(process), context_(context),
          share_(share != 0 ? share
                            : (process.pool().blocks() - 1) / (2 * start_block().peer_count)),
          ends_(own_array<std::optional<End>>(start_block().peer_count)) {}
    AsyncServer(const AsyncServer&) = delete;
    AsyncServer& operator=(const AsyncServer&) = delete;

    /// Serves for ever, or until the broker is gone. `ended` is false as long as it does.
    rt::Task<> run(rt::Frames frames, std::string_view name);

    [[nodiscard]] unsigned clients() const { return clients_; }
    /// Clients that have gone, ever.
    [[nodiscard]] Word gone() const { return gone_; }
    /// Why it does not serve any more.
    [[nodiscard]] broker::Error error() const { return error_; }

private:
    static constexpr rt::Priority priority = 2;

    struct End {
        End(AsyncProcess& process, Context* context, const broker::Peer& client)
            : peer(process.self(), client.notification, Broker::hint_of(client)),
              server(make_server(process, peer, context, client)) {}
        static EndOf<Handler> make_server(AsyncProcess& process, rt::Peer& peer, Context* context,
                                          const broker::Peer& client) {
            const rt::Ends ends = Broker::buffer_of(client).server();
            if constexpr (std::is_same_v<EndOf<Handler>, Handler>)
                return {process.executor(), ends, peer.callback(), context, client};
            else
                return {process.executor(), ends, peer.callback(), priority,
                        Handler(context, client)};
        }
        rt::Peer peer;
        EndOf<Handler> server;
        enum class State : uint8_t { serves, leaves, retires } state = State::serves;
    };

    void add(const broker::Peer& client);
    void leaves(unsigned number);
    rt::Task<> retire(rt::Frames frames, unsigned number);

    AsyncProcess& process_;
    Context* context_;
    Word share_;
    std::span<std::optional<End>> ends_;
    unsigned clients_ = 0;
    Word gone_ = 0;
    broker::Error error_ = broker::Error::none;
};

template <class Handler, class Context>
rt::Task<> AsyncServer<Handler, Context>::run(rt::Frames /*frames*/, std::string_view name) {
    const auto offered = co_await process_.broker().offer(name);
    error_ = offered;
    while (error_ == broker::Error::none) {
        const auto accepted = co_await process_.broker().accept();
        error_ = accepted.error;
        if (accepted)
            add(accepted.peer);
    }
}

template <class Handler, class Context>
void AsyncServer<Handler, Context>::add(const broker::Peer& client) {
    auto& end = ends_[client.number];
    end.emplace(process_, context_, client);
    end->server.limit(static_cast<unsigned>(share_));
    clients_++;
    process_.self().expect(end->server, client.badge);
    process_.broker().watch(client.number, {[](void* server, unsigned number) {
                                                static_cast<AsyncServer*>(server)->leaves(number);
                                            },
                                            this});
}

template <class Handler, class Context>
void AsyncServer<Handler, Context>::leaves(unsigned number) {
    std::optional<End>& end = ends_[number];
    process_.broker().watch(number, {});
    if (!end)
        return;
    end->server.close();
    const bool retires = process_.spawn(retire(process_.pool(), number));
    end->state = retires ? End::State::retires : End::State::leaves;
}

/// Takes a closed connection away, in time; then those for which there was no frame.
template <class Handler, class Context>
rt::Task<> AsyncServer<Handler, Context>::retire(rt::Frames /*frames*/, unsigned number) {
    while (number != ends_.size()) {
        std::optional<End>& end = ends_[number];
        if (!end)
            co_return;
        end->state = End::State::retires;
        while (end->server.in_progress() != 0) {
            co_await rt::sleep_until(machine::time() + ticks_of(1));
        }
        co_await rt::yield(); // the burst ends, and with it the last use of the buffer
        process_.self().forget(end->server);
        const auto closed = co_await process_.broker().close(number);
        static_cast<void>(closed);
        end.reset();
        if constexpr (requires { Handler::gone(context_, number); })
            Handler::gone(context_, number);
        clients_--;
        gone_++;
        number = 0;
        while (number != ends_.size() &&
               !(ends_[number] && ends_[number]->state == End::State::leaves))
            number++;
    }
}

} // namespace user
