// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A call of an endpoint that looks like one over a ring: so a coroutine is the same for both
/// (PROFILE=sel4). The answer is there at once; nothing is ever suspended.
/// Read next: synchronous.hpp.
/// @stage{none}
#pragma once

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

/// A server behind an endpoint.
struct SyncLink {
    abi::CPtr endpoint = 0;

    [[nodiscard]] Answered call(const ipc::Message<2>& message) const {
        const abi::Word label = abi::ItemInfo{message.info}.label();
        const sel4::Message answer =
            sel4::call(endpoint, {.info = abi::MessageInfo::make(label, 2),
                                  .words = {message.words[0], message.words[1]}});
        const auto info = abi::ItemInfo::make(answer.info.label(), answer.info.length());
        return {{.header = abi::Word{info.word} << 32, .words = {answer.words[0]}}};
    }
};

} // namespace user
