// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A program whose coroutines call one server over a shared ring: many calls are on their way at a
/// time. Read next: caller.hpp.
/// @stage{5}
#pragma once

#include "user/lib/async_process.hpp"

namespace user {

/// What to call the server by.
struct Link {
    ipc::Client* client = nullptr;

    auto call(const ipc::Message<2>& message) const { return ipc::call<1>(*client, message); }
};

class Caller {
public:
    /// Connects; `memory` is for coroutine frames.
    Caller(std::span<std::byte> memory, std::string_view service, bool share_space = false)
        : process_(memory) {
        bool answered = false;
        process_.spawn(connect(process_.pool(), this, service, share_space, &answered));
        run([&] { return answered; });
    }

    [[nodiscard]] bool connected() const { return link_.client != nullptr; }
    [[nodiscard]] Link* link() { return &link_; }
    [[nodiscard]] rt::FramePool& pool() { return process_.pool(); }
    /// False if there is no frame.
    bool spawn(rt::Task<> task) { return process_.spawn(std::move(task)); }
    template <class Ended>
    void run(Ended ended) {
        process_.run(ended);
    }

    /// What this program did to carry messages, so far.
    [[nodiscard]] Word traps() const { return process_.counts().traps; }
    [[nodiscard]] Word notifications() const { return process_.counts().notifications; }

private:
    static rt::Task<> connect(rt::Frames /*frames*/, Caller* self, std::string_view service,
                              bool share_space, bool* answered) {
        const ConnectOptions options{.share_space = share_space};
        const auto server = co_await self->process_.broker().connect(service, options);
        self->link_.client = server.client;
        *answered = true;
    }

    AsyncProcess process_;
    Link link_;
};

} // namespace user
