// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The hart of a thread that parks, and the kernel below it. Others send a vector at any time; it
/// is pending until the thread's hart takes it, which it does before each thing that the thread
/// does, if interrupts are let in:
///
///     send_to(v) ──> pending ── interrupts are let in ──> entry ──> Interrupted::vectors
///                       '────── the thread is parked ───> uintr_park() answers it
///
/// So a vector that is noted wakes nobody: whoever parks then sleeps on.
/// Always holds: all but send_to() is called by the thread itself.
/// Read next: labs/5-runtime/tests/host/park.cpp.
#pragma once

#include "kernel/abi/types.hpp"
#include "runtime/interrupted.hpp"
#include "runtime/shared_word.hpp"
#include "runtime/tests/explore/explore.hpp"

#include <string>

namespace machine {

using abi::CPtr;
using abi::Word;

/// One thread's hart.
class Hart {
public:
    Hart() { explore::name(pending_, "pending"); }

    /// What others do: a vector, as a bit, comes.
    void send_to(Word vectors) {
        pending_.fetch_or(vectors);
        wake_.send();
    }

    // What the thread does.
    void enable(rt::Interrupted& state) {
        state_ = &state;
        allowed_ = true;
    }
    void allow() {
        allowed_ = true;
        step("allow");
    }
    bool forbid() {
        step("forbid");
        const bool before = allowed_;
        allowed_ = false;
        return before;
    }
    void send(Word index) {
        step("send " + std::to_string(index));
        sent[index % 8]++;
    }
    Word take_pending() { return pending_.exchange(0); }
    Word park(Word sender, Word deadline) {
        step("park");
        parks++;
        parked_with_interrupts = parked_with_interrupts || allowed_;
        last_deadline = deadline;
        if (sender != ~Word{0})
            sent[sender % 8]++;
        if (at_park != nullptr)
            at_park(context);
        for (;;) {
            if (const Word vectors = pending_.exchange(0))
                return vectors;
            if (alone)
                return 0; // it would sleep for ever
            wake_.park();
        }
    }
    Word wait(CPtr /*notification*/) {
        log += "wait ";
        return kernel_badges;
    }
    Word poll(CPtr /*notification*/) {
        log += "poll ";
        return kernel_badges;
    }
    static void signal(CPtr /*notification*/) {}
    static Word answer(CPtr object) { return object; }

    [[nodiscard]] bool allowed() const { return allowed_; }

    bool alone = true;     ///< nobody else runs meanwhile: no exploration
    std::string log;       ///< what the thread has done, a word each
    unsigned sent[8] = {}; ///< to whom it has sent, by the index of its entry
    unsigned parks = 0;
    bool parked_with_interrupts = false;
    Word last_deadline = 0;
    Word kernel_badges = 0; ///< what wait() and poll() answer
    void (*at_park)(void*) = nullptr;
    void* context = nullptr;

private:
    /// The thread does something; interrupts come before it.
    void step(const std::string& what) {
        if (allowed_ && state_ != nullptr) {
            if (const Word vectors = pending_.exchange(0)) {
                state_->vectors = state_->vectors | vectors;
                log += "interrupt ";
            }
        }
        log += what + ' ';
    }

    rt::SharedWord<Word> pending_{0};
    explore::Notification wake_{"the thread's interrupt"};
    rt::Interrupted* state_ = nullptr;
    bool allowed_ = false;
};

/// The hart of the thread that is tested.
inline Hart* current = nullptr;

} // namespace machine
