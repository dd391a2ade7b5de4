// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A thread that makes one system call at a time, with every register chosen by the test, and
/// keeps what it sees afterwards. It is more important than the test, so when start() returns it
/// has either come back from its system call or waits (or has faulted):
///
///     puppet.start(abi::Syscall::receive, endpoint);
///     expect("it waits", !puppet.done());
///
/// Puppets share the test's address space and CSpace. They need not be destroyed.
/// Read next: puppet.cpp, registers.hpp.
/// @stage{none}
#pragma once

#include "user/lib/synchronous.hpp"
#include "user/lib/test_threads.hpp"
#include "user/tests/registers.hpp"
#include "user/tests/suite.hpp"

#include <atomic>

using abi::Syscall;

/// What a system call is made with.
struct Request {
    MessageInfo info = {};
    std::span<const Word> words = {}; ///< behind the fourth they go to the message buffer
    std::span<const CPtr> caps = {};
};

/// A message of some words and capabilities, as a request; `words` must outlive it.
inline Request request(Word label, std::span<const Word> words = {},
                       std::span<const CPtr> caps = {}) {
    return {MessageInfo::make(label, words.size(), caps.size()), words, caps};
}

class Puppet {
public:
    static constexpr Word usual_priority = 210;

    /// Makes its objects; the test fails if that is not possible. Its faults are failures of the
    /// test, unless set_fault_handler says otherwise.
    bool create(Word priority = usual_priority, const Place& place = Place::current());

    /// Lets it make a system call: what it did before is given up. Registers that the request
    /// does not name hold values of their own.
    void start(Syscall number, CPtr cptr = 0, const Request& request = {});

    /// Has it come back from its system call?
    [[nodiscard]] bool done() const { return done_.load(std::memory_order_acquire); }

    // What it saw, once it is done.
    [[nodiscard]] Word badge() const { return file_.x[a0]; }
    [[nodiscard]] MessageInfo info() const { return {file_.x[a1]}; }
    [[nodiscard]] Word word(unsigned index) const {
        return index < abi::message_registers ? file_.x[a2 + index] : buffer().message[index];
    }
    [[nodiscard]] Word register_at(unsigned index) const { return file_.x[index]; }
    /// What a register held before, if nothing was said about it.
    [[nodiscard]] Word usual(unsigned index) const;

    /// Fails the test if a register outside of [first, last] has changed; 0: none may.
    void expect_preserved(unsigned first = 0, unsigned last = 0,
                          const Place& place = Place::current()) const;

    [[nodiscard]] CPtr tcb() const { return tcb_; }
    [[nodiscard]] CPtr frame() const { return buffer_frame_; }
    [[nodiscard]] Word buffer_address() const { return buffer_; }
    [[nodiscard]] abi::IpcBuffer& buffer() const {
        return *reinterpret_cast<abi::IpcBuffer*>(buffer_);
    }

    /// Who is told of its faults from now on; 0: nobody.
    void set_fault_handler(CPtr handler);
    /// Another buffer, which the test can see; frame 0: none.
    void set_buffer(CPtr frame, Word address);
    /// Where a capability that it receives goes.
    void receive_into(CPtr slot, Word depth = full_depth, CPtr root = own_cnode) const;

    /// Stops it and lets it begin at `code`, with its registers otherwise like this.
    void run(abi::UserContext registers, const void* code);
    /// The registers it has now, stopped or waiting.
    [[nodiscard]] abi::UserContext registers() const;
    /// Fresh registers for run(): a stack, the message buffer, distinct values in the others.
    [[nodiscard]] abi::UserContext fresh() const;

private:
    [[noreturn]] static void enter(Puppet& puppet);

    CPtr tcb_ = 0;
    CPtr buffer_frame_ = 0;
    Word stack_end_ = 0;
    Word buffer_ = 0;
    RegisterFile file_ = {};
    RegisterFile before_ = {};
    std::atomic<bool> done_ = false;
};

/// A message info as one word.
inline Word info_word(Word label, Word length, Word caps = 0, Word unwrapped = 0) {
    return MessageInfo::make(label, length, caps, unwrapped).word;
}

/// An endpoint of the test.
inline CPtr make_endpoint(const Place& place = Place::current()) {
    return make(ObjectType::endpoint, 0, place);
}

/// Another capability to the same object, in a slot of its own.
inline CPtr minted(CPtr object, Word badge, Word rights = abi::all_rights,
                   const Place& place = Place::current()) {
    const CPtr slot = empty_slot();
    expect_success("a badged copy", cap_mint(object, slot, rights, badge), place);
    return slot;
}

/// The same without a badge.
inline CPtr with_rights(CPtr object, Word rights, const Place& place = Place::current()) {
    const CPtr slot = empty_slot();
    expect_success("a copy with fewer rights", cap_copy(object, slot, rights), place);
    return slot;
}

/// A label that no message has.
constexpr Word nothing = abi::mask(52);

/// The test itself polls an endpoint: the label is `nothing` if nothing was there.
inline Message poll_endpoint(CPtr endpoint) {
    return trap(Syscall::non_blocking_receive, endpoint, {.info = MessageInfo::make(nothing, 0)});
}
