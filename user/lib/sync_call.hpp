// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A call of an endpoint that looks like one over a ring: so a coroutine is the same for both
/// (PROFILE=sel4). The answer is there at once; nothing is ever suspended.
/// Read next: synchronous.hpp.
/// @stage{none}
#pragma once

#include "kernel/abi/boot_info.hpp"
#include "runtime/ipc.hpp"
#include "user/lib/syscall.hpp"

namespace user {

/// An answer that is there.
struct Answered {
    ipc::Reply<1> reply;

    static bool await_ready() noexcept { return true; }
    static void await_suspend(std::coroutine_handle<>) noexcept {}
    [[nodiscard]] ipc::Reply<1> await_resume() const noexcept { return reply; }
};

/// What every server behind an endpoint knows, besides its own requests.
enum SyncRequest : abi::Word {
    share_space = 0x1000, ///< a capability to the client's address space comes along
    stop,                 ///< the server is to end: nobody else tells it
};

/// A server behind an endpoint.
struct Link {
    abi::CPtr endpoint = 0;
    abi::Word calls = 0; ///< so far

    [[nodiscard]] Answered call(const ipc::Message<2>& message) {
        calls++;
        const abi::Word label = abi::ItemInfo{message.info}.label();
        const sel4::Message answer =
            sel4::call(endpoint, {.info = abi::MessageInfo::make(label, 2),
                                  .words = {message.words[0], message.words[1]}});
        const auto info = abi::ItemInfo::make(answer.info.label(), answer.info.length());
        return {{.header = abi::Word{info.word} << 32, .words = {answer.words[0]}}};
    }
    /// The server may map memory in this program from now on.
    void share_space() const {
        sel4::ipc_buffer().caps_or_badges[0] = abi::root_vspace;
        sel4::call(endpoint, {.info = abi::MessageInfo::make(SyncRequest::share_space, 0, 1)});
    }
    void stop() const {
        sel4::call(endpoint, {.info = abi::MessageInfo::make(SyncRequest::stop, 0)});
    }
};

} // namespace user
