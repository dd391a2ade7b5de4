// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Sees the faults of threads, word by word, in whichever way the kernel tells them; and probes:
/// threads that touch one address and either come to their end or fault there.
/// Read next: fault_catcher.cpp; kernel/ipc/fault.cpp, which chooses the words.
/// @stage{2}
#pragma once

#include "kernel/abi/fault_buffer.hpp"
#include "user/tests/threads.hpp"

struct SeenFault {
    abi::Fault label = abi::Fault::none;
    Word badge = 0;
    Word length = 0;
    Word words[13] = {};
};

class FaultCatcher {
public:
    static constexpr Word badge = 0x5a;

    /// Makes its objects; the test fails if that is not possible.
    bool create(const Place& place = Place::current());

    /// Creates a thread whose faults it sees.
    bool watch(user::Thread& thread, Word priority, const Place& place = Place::current());

    /// The next fault, if there was one. The thread stays stopped.
    bool poll(SeenFault& fault);

    /// The next fault is there, and is this one.
    bool expect(const char* what, abi::Fault label, std::initializer_list<Word> words,
                const Place& place = Place::current());
    /// There is no fault.
    bool expect_none(const char* what, const Place& place = Place::current());

private:
    CPtr handler_ = 0; ///< what threads have as fault handler
    CPtr frame_ = 0;   ///< profile rel4: of the fault buffer
    abi::FaultBuffer* buffer_ = nullptr;
};

extern "C" {
Word probe_load(Word address);
void probe_store(Word address, Word value);
void probe_fetch(Word address); ///< comes back if there is an instruction `ret`
}

constexpr uint32_t instruction_ret = 0x0000'8067;

/// Address of a page with these instructions.
Word page_with_code(std::initializer_list<uint32_t> instructions);

/// One kind of access to memory.
enum class Access { load, store, fetch };

/// A thread that is more important than the test and makes one access.
class Probe {
public:
    bool create(const Place& place = Place::current());

    /// Makes an access, which succeeds.
    bool expect_allowed(const char* what, Access access, Word address,
                        const Place& place = Place::current());
    /// Makes an access, which faults with exactly the words that seL4 would tell.
    bool expect_fault(const char* what, Access access, Word address,
                      const Place& place = Place::current());

    user::Thread& thread() { return thread_; }
    FaultCatcher& catcher() { return catcher_; }

private:
    void access(Access kind, Word address);
    user::Thread thread_;
    FaultCatcher catcher_;
};
