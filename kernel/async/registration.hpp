// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Asynchronous system calls of one thread, the *owner*: the shared buffer with its rings, and the
/// kernel coroutines that work at the calls. All of it lies in one object that the owner paid for.
///
///     owner: requests ──ring──> [worker: coroutine, coroutine] ──ring──> replies, notification
///
/// To the scheduler it is one more thread, the *worker*, with its owner's priority: whatever holds
/// for threads (round robin, ticks, harts) holds for asynchronous calls too. A worker never is in
/// user mode; what it does when it is its turn is serve().
///
///     inactive ──wake()──> serving ──nothing left, armed──> inactive    any ──close()──> closed
///
/// Always holds: a registration that is not closed has an owner, and all its frames were there when
/// the lock was taken. Guard: the kernel lock.
/// Reference: paper 2.2.4 and 3.3. Read next: handler.cpp, registration.cpp, kernel/abi/ring.hpp.
/// @stage{6}
#pragma once

#include "kernel/async/frame_lines.hpp"
#include "kernel/async/handler.hpp"
#include "kernel/async/pages.hpp"
#include "kernel/object/tcb.hpp"
#include "kernel/syscall/invocation.hpp"
#include "runtime/ring.hpp"

class Registration {
public:
    /// AsyncAddFrame.
    [[nodiscard]] Result<Outcome> add_frame(Slot& source);
    /// RegisterAsyncSyscall: can it be done?
    [[nodiscard]] Result<Outcome> check(const Tcb& owner, const Slot& notification,
                                        abi::RingLines lines) const;
    /// Does it, in an object of so many bytes. Answers the number of its coroutines.
    unsigned open(Tcb& owner, Slot& notification, abi::RingLines lines, Word bytes);

    /// There may be requests: the worker will be ready, on the hart that does least.
    void wake();
    /// Works at requests, turn by turn, until nothing is left or something else waits. True if more
    /// is left to be done.
    bool serve();
    /// Nothing is left to be done: the next request will wake it. False if something came
    /// meanwhile.
    bool sleep();
    /// Its owner's priority is another one.
    void follow_owner();
    /// No more calls: its owner ends, or broke the rules.
    void close();
    /// Before its memory goes.
    void end();

    [[nodiscard]] bool closed() const { return owner_ == nullptr; }
    /// Requests that nobody has taken yet?
    [[nodiscard]] bool has_news() const {
        return !closed() && frames_are_there() && requests_.news();
    }

    /// Is its owner the current thread of another hart than this?
    [[nodiscard]] bool owner_runs_elsewhere() const;
    /// has_news(), without the lock: as long as the worker is the current thread of this hart,
    /// which whoever closes the registration ends first. The answer may be wrong.
    [[nodiscard]] bool news_in_sight() const { return requests_.news(); }

    /// For checks, when no turn is under way: is everything published, and does everybody know it
    /// who should?
    [[nodiscard]] bool invariant() const;

    // What its coroutines use.
    [[nodiscard]] Tcb& owner() const { return *owner_; }
    /// Takes the next request. False if there is none, or this turn has lasted long enough.
    [[nodiscard]] bool take(async::Call& call);
    void reply(const async::Call& call);
    /// Before any call but those that take() serves: what those changed is true everywhere, and
    /// what they looked up is forgotten.
    void settle();
    /// Is it neither closed nor has lost a frame? After every call, which may have done anything.
    [[nodiscard]] bool still_open();
    async::Turn next_turn() { return {ready_}; }
    async::Turn request() { return {waiting_}; }
    /// Memory for one of its coroutines; null if there is none.
    [[nodiscard]] void* allocate(size_t bytes);

private:
    static constexpr unsigned calls_in_a_turn = 16;

    void serve_turn();
    [[nodiscard]] bool serve_pages();
    bool copy_request(async::Call& call);
    [[nodiscard]] bool fits(Word bytes);
    bool cut_off();
    [[nodiscard]] bool may_make_another();
    void publish();
    void signal() const;
    bool serve_here();
    [[nodiscard]] bool frames_are_there() const;
    void set_up(abi::RingLines lines);

    Tcb worker_;
    Tcb* owner_; ///< null: not open
    Slot signal_;
    Slot frames_[abi::buffer_frames];
    unsigned frame_count_;
    Word calls_left_; ///< of this turn
    rt::Consumer<async::FrameLines> requests_;
    rt::Producer<async::FrameLines> replies_;
    async::Pages pages_;
    async::HandlerList ready_;   ///< coroutines that can go on
    async::HandlerList waiting_; ///< for a request
    char* memory_;               ///< for coroutines
    char* memory_end_;
};

static_assert(sizeof(Registration) <= abi::async_base_bytes);

namespace registration {

[[nodiscard]] Result<Outcome> invoke(Invocation& call, const RegistrationCap& cap);

} // namespace registration
