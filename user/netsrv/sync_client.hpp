// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A client of the net server in PROFILE=sel4, the Owner of sockets: a program, whose threads
/// call. Each thread has a
/// capability of its own, so that the server knows who calls, and shares a page with the server for
/// data. A call that cannot be answered yet is kept, as its reply capability, in a slot of the
/// thread; in its socket it is one word, the thread's number.
/// Read next: sync_client.cpp, user/net/sync_net.hpp, sync_main.cpp.
/// @stage{none}
#pragma once

#include "user/lib/syscall.hpp"
#include "user/net/sync_net.hpp"
#include "user/netsrv/handles.hpp"

namespace netsrv {

class Owner;

/// A thread of a client. Its number is the badge of what it calls with, and is not 0.
struct CallingThread {
    Owner* client = nullptr;
    net::Packet* packet = nullptr;
    abi::CPtr reply = 0; ///< slot for its call, if it must wait
};

/// Whoever calls, and what it is told.
class Callers {
public:
    static constexpr unsigned most_threads = 640;

    /// @param endpoint that is served
    explicit Callers(abi::CPtr endpoint) : endpoint_(endpoint) {}

    /// A new thread of a client has sent a frame along, in the slot for what is received. Answers
    /// with a capability for it.
    sel4::Message open(Owner& client);
    /// For the next one. False if there is no slot.
    bool prepare_to_receive();

    /// Null if there is none of this number.
    [[nodiscard]] CallingThread* thread(Word number) {
        return number != 0 && number <= count_ ? &threads_[number - 1] : nullptr;
    }

    /// The call of a thread is about to be served; then: has it been answered?
    void begin(Word number) {
        current_ = number;
        answered_ = false;
    }
    [[nodiscard]] bool answered() const { return answered_; }
    /// The answer to the call that was served.
    [[nodiscard]] const sel4::Message& answer() const { return answer_; }
    /// It must wait.
    void keep();

    /// Answers a thread, now or after it was kept.
    void give(Word number, const sel4::Message& answer);

    Word traps = 0; ///< of the server

private:
    abi::CPtr endpoint_;
    abi::CPtr received_ = 0;
    unsigned count_ = 0;
    Word current_ = 0;
    bool answered_ = false;
    sel4::Message answer_ = {};
    CallingThread threads_[most_threads] = {};
};

class Owner : public Handles {
public:
    Owner(Shared& shared, Callers& callers) : Handles(shared), callers_(callers) {}

    /// Does what a thread asks.
    void take(Word number, const sel4::Message& request);

    // As sockets.cpp wants it; there is always room.
    bool answer(Word number, Error error, std::span<const Word> words = {});
    void answer_data(Word number, const pbuf* data, unsigned bytes, Word from = 0);
    [[nodiscard]] static unsigned room_for_data(unsigned wanted) {
        return std::min(wanted, net::most_data);
    }

private:
    Callers& callers_;
};

} // namespace netsrv
