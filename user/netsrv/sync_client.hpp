// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A client of the net server in PROFILE=sel4, the Owner of sockets: a program, whose threads call.
/// Each thread has a capability of its own, so that the server knows who calls, and shares a page
/// with the server for data. In a socket a call that is not answered yet is one word, the thread's
/// number.
/// Always holds: what a thread is given is the server's own, made once for each number. So no
/// client can take it away while it is used, and whoever has the number next uses it again. Read
/// next: sync_client.cpp, user/net/sync_net.hpp, sync_main.cpp.
/// @stage{none}
#pragma once

#include "user/lib/sync_clients.hpp"
#include "user/lib/syscall.hpp"
#include "user/net/sync_net.hpp"
#include "user/netsrv/handles.hpp"

namespace netsrv {

class Owner;

/// A thread of a client. Its number is the badge of what it calls with, and is not 0.
struct CallingThread {
    Owner* client = nullptr; ///< null: it is nobody's
    net::LinePage* page = nullptr;
    // What the thread has copies of.
    abi::CPtr endpoint = 0;
    abi::CPtr frame = 0;
    abi::CPtr bell = 0;
};

/// Whoever calls, and what it is told.
class Callers {
public:
    static constexpr unsigned most_threads = 768;
    /// So many are every client's for sure; it can have more as long as those are left for others.
    static constexpr unsigned sure = 4;
    /// Bytes that all of them take, of the server's memory.
    static constexpr Word memory = most_threads * (user::page_size + sizeof(Word) * 8);

    /// All threads' own. False if there is not enough of something.
    /// @param endpoint that is served
    bool create(abi::CPtr endpoint);

    /// A new thread of a client: answers with a capability for it.
    sel4::Message open(Owner& client);
    /// A client is gone: so are its threads, and nobody else has what was theirs.
    void take_back(const Owner& client);
    /// Answers with another one.
    static sel4::Message share(const CallingThread& thread, Word request);

    /// Null if there is none of this number.
    [[nodiscard]] CallingThread* thread(Word number) {
        const bool is_one = number - 1 < most_threads && threads_[number - 1].client != nullptr;
        return is_one ? &threads_[number - 1] : nullptr;
    }

    /// The call of a thread is about to be served.
    void begin(Word number) {
        current_ = number;
        reply_ = {.info = abi::MessageInfo::make(net::later, 0)};
    }
    /// It was: with what is it replied to?
    const sel4::Message& end() {
        current_ = 0;
        return reply_;
    }

    /// Answers the call of a thread, in the reply if that is still to come.
    void give(Word number, const net::Answer& answer);

    Word traps = 0; ///< of the server
    Word signals = 0;

private:
    [[nodiscard]] unsigned count(const Owner* client) const;

    CallingThread threads_[most_threads] = {};
    unsigned promised_ = user::most_sync_clients * sure; ///< to clients that have fewer
    Word current_ = 0;
    sel4::Message reply_ = {};
};

class Owner : public Handles {
public:
    Owner(Shared& shared, Callers& callers) : Handles(shared), callers_(callers) {}
    ~Owner() {
        close_all();
        callers_.take_back(*this);
    }

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
