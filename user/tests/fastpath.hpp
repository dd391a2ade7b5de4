// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Scripted IPC: a few threads of various priorities make system calls that a seed decides, and
/// each notes every register and word that it sees. The same script must give the same transcript
/// whether the kernel takes short cuts or not, and whatever compiler it was built with.
///
/// A script is much shorter than a time slice and all threads are new, so that no tick of the
/// clock decides who runs. What differs from build to build does not show: capabilities are in
/// slots with fixed numbers, and the address of the system call is noted as another word.
/// Read next: fastpath.cpp, fastpath_check.py.
/// @stage{none}
#pragma once

#include "user/tests/puppet.hpp"

/// The next of a sequence of numbers: xorshift.
class Dice {
public:
    explicit Dice(Word seed) : state_(seed * 0x9e37'79b9'7f4a'7c15 + 1) {}

    Word next() {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        return state_;
    }
    /// Less than `limit`; 0 if there is nothing less.
    Word below(Word limit) { return limit == 0 ? 0 : (next() >> 20) % limit; }
    template <class Value, size_t count>
    Value of(const Value (&values)[count]) {
        return values[below(count)];
    }

private:
    Word state_;
};

/// What threads saw, in order.
class Transcript {
public:
    struct Entry {
        Word actor, step, a0, a1, hash;
    };
    static constexpr unsigned most = 1024;

    void clear() { count_ = 0; }
    void add(const Entry& entry) {
        if (count_ < most)
            entries_[count_++] = entry;
    }
    [[nodiscard]] std::span<const Entry> entries() const { return {entries_, count_}; }
    /// All of it as one word.
    [[nodiscard]] Word hash() const;

private:
    Entry entries_[most] = {};
    unsigned count_ = 0;
};

/// Adds a word to a hash.
constexpr Word mixed(Word hash, Word word) {
    return (hash ^ word) * 0x0000'0100'0000'01b3 + (hash >> 47);
}

/// What the threads of a script act on.
struct Props {
    static constexpr unsigned count = 12;
    CPtr caps[count] = {};  ///< to send to and receive from; the last few are bad
    CPtr endpoints[2] = {}; ///< with every right
    CPtr notification = 0;
    Word syscall_pc = 0; ///< where every system call of an actor is
    CPtr next = 0;       ///< fixed slot

    /// @param script its number, from which the slots follow
    void create(Word script);
    /// A fixed slot that is empty.
    CPtr slot() { return next++; }
    /// Moves a capability into a fixed slot.
    CPtr fixed(CPtr cap);
};

/// One thread of a script.
class Actor {
public:
    static constexpr unsigned steps = 40;

    bool create(Word number, Word priority, Props& props, Word seed, Transcript& transcript);
    void start() { thread_.start(act, reinterpret_cast<Word>(this)); }
    /// Gives up the step in which it waits.
    void skip();
    [[nodiscard]] bool finished() const { return thread_.finished(); }

private:
    static void act(Word self);
    void choose();
    void choose_system_call();
    void choose_message();
    void note();

    user::Thread thread_;
    const Props* props_ = nullptr;
    Transcript* transcript_ = nullptr;
    Dice dice_{0};
    Word number_ = 0;
    Word step_ = 0;
    CPtr received_ = 0; ///< slot for capabilities that come
    CPtr saved_ = 0;    ///< slot for a reply capability
    RegisterFile file_ = {};
};
