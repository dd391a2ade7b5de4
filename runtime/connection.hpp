// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// One end of a shared buffer, as the executor sees it: what client and server have in common.
/// Messages are put in and taken by whoever runs; what was done in a burst is published at its end,
/// with one fence and at most one notification.
///
///     asleep ── notified ──> awake ── a burst begins ──> in a burst ── its end ──> awake
///        ^                     '── nothing is ready: armed, nothing came ──┐
///        '─────────────────────────────────────────────────────────────────┘
///
/// Always holds: outside of a burst the producer is closed, so whoever puts the first message in
/// takes the long path, which begins one.
/// Read next: runtime/client.hpp, runtime/server.hpp, runtime/executor.hpp.
/// @stage{5}
#pragma once

#include "runtime/buffer.hpp"
#include "runtime/status.hpp"
#include "runtime/task.hpp"

namespace rt {

class Executor;

/// Something to be called. How the other side is notified is one: with user interrupts a single
/// instruction.
struct Callback {
    void (*function)(void* context) = nullptr;
    void* context = nullptr;

    void operator()() const {
        if (function != nullptr)
            function(context);
    }
};

class Connection {
public:
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Is it of use? Not after the peer has gone, or was cut off.
    [[nodiscard]] bool open() const { return open_; }
    [[nodiscard]] Executor& executor() const { return executor_; }

    /// The peer has gone, or is cut off: calls in flight end with peer_gone. Nothing the second
    /// time.
    void close();
    /// What is to be called when that happens.
    void on_close(Callback callback) { on_close_ = callback; }

protected:
    friend class Executor;
    friend class Notified;

    /// What client and server do differently. Promises here are those with a message in them.
    struct Role {
        void (*dispatch)(Connection&);           ///< takes what has come
        bool (*put)(Connection&, PromiseBase&);  ///< into the ring; false: no room, or closed
        void (*fail)(Connection&, PromiseBase&); ///< it will not be put in: closed
        void (*end_calls)(Connection&);          ///< closed
    };

    /// Dispatches at this priority.
    Connection(Executor& executor, Ends ends, Callback notify, Priority priority, Role role);
    /// @pre it is closed, or nobody waits for anything of it
    ~Connection();

    /// From now on to the end of the burst messages can be put in. @pre it is awake
    void begin_burst() {
        in_burst_ = true;
        out_.reopen();
    }
    /// The same, asleep or awake.
    void join_burst();

    /// Are there lines to be taken? Looks for new ones if all that were seen are taken; if the ring
    /// is corrupt the connection is closed.
    [[gnu::always_inline]] bool find_lines() {
        const Ring ring = in_.stopped() ? in_.refill() : Ring::ready;
        if (ring == Ring::corrupt)
            close();
        return ring == Ring::ready;
    }

    /// Looks for room for so many bytes, and for at most `most`, which are no fewer. False if there
    /// is not enough: the other side will tell when there is more, or the connection was closed.
    bool make_room(Word bytes, Word most = ~Word{0});
    /// Takes a promise out of those that wait for room. False if it is not among them.
    bool remove_waiting(PromiseBase& promise);

    Executor& executor_;
    Producer<> out_;
    Consumer<> in_;
    RunList waiting_; ///< for room
    bool open_ = true;
    /// What has come cannot be taken: there is no room for answers, or as many requests are in
    /// progress as may be. If it is closed: never again.
    bool blocked_ = false;
    Level* level_; ///< of its dispatcher

private:
    void end_round(bool sleepy, bool& busy);
    void put_kept(PromiseBase& promise);
    void send_waiting();
    void wait_for_room(PromiseBase& promise);

    bool in_burst_ = false;
    bool awake_ = false;         ///< in the executor's list
    Word vector_ = 0;            ///< as a bit
    Connection* next_ = nullptr; ///< that is awake
    Role role_;
    Callback notify_;
    Callback on_close_;
    Connection* sibling_ = nullptr;       ///< that has the same vector
    Connection* next_expected_ = nullptr; ///< of Notified, by badge
    Word badge_ = 0;                      ///< 0: Notified does not know it
};

} // namespace rt
