// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Faults arrive in a ring of records.
/// @cond NONE
/// With PROFILE=sel4 they arrive as messages to an endpoint.
/// @endcond
/// @stage{2}
#include "user/tests/fault_catcher.hpp"

#include <algorithm>

namespace {

/// One access, of a thread that has nothing else to do.
struct Attempt {
    Access access;
    Word address;
};

void make_access(Word argument) {
    const Attempt attempt = *reinterpret_cast<const Attempt*>(argument);
    switch (attempt.access) {
    case Access::load:
        probe_load(attempt.address);
        break;
    case Access::store:
        probe_store(attempt.address, 1);
        break;
    case Access::fetch:
        probe_fetch(attempt.address);
        break;
    }
}

Word pc_of_access(Access access, Word address) {
    switch (access) {
    case Access::load:
        return reinterpret_cast<Word>(&probe_load);
    case Access::store:
        return reinterpret_cast<Word>(&probe_store);
    case Access::fetch:
        break;
    }
    return address;
}

Word status_of(Access access) {
    switch (access) {
    case Access::load:
        return abi::fault_status_load;
    case Access::store:
        return abi::fault_status_store;
    case Access::fetch:
        break;
    }
    return abi::fault_status_instruction;
}

/// What faults are told to.
ObjectType handler_type() {
    /// @cond NONE
    if constexpr (config::synchronous_ipc)
        return ObjectType::endpoint;
    /// @endcond
    return ObjectType::notification;
}

} // namespace

Word page_with_code(std::initializer_list<uint32_t> instructions) {
    const CPtr frame = make(ObjectType::page);
    const CPtr copied = empty_slot();
    expect_success("a copy", cap_copy(frame, copied));
    auto* const words = reinterpret_cast<volatile uint32_t*>(map(copied));
    const Word vaddr = vspace.reserve(user::page_size);
    Word i = 0;
    for (const uint32_t instruction : instructions)
        words[i++] = instruction;
    asm volatile("fence.i" : : : "memory");
    expect_success("code", vspace.map(frame, vaddr, abi::Rights::read, 0));
    return vaddr;
}

bool FaultCatcher::create(const Place& place) {
    const CPtr plain = make(handler_type(), 0, place);
    handler_ = empty_slot();
    if (!expect_success("a badge is set", cap_mint(plain, handler_, abi::all_rights, badge), place))
        return false;
    frame_ = make(ObjectType::page, 0, place);
    buffer_ = reinterpret_cast<abi::FaultBuffer*>(vspace.map_somewhere(frame_));
    return buffer_ != nullptr;
}

bool FaultCatcher::watch(user::Thread& thread, Word priority, const Place& place) {
    if (!thread.create(allocator, vspace, priority, handler_)) {
        fail(place, "a thread cannot be created");
        return false;
    }
    /// @cond NONE
    if constexpr (config::synchronous_ipc)
        return true;
    /// @endcond
    return expect_success("the fault buffer is set",
                          invoke(thread.tcb(), abi::TcbSetFaultBuffer{}, frame_, handler_), place);
}

bool FaultCatcher::poll(SeenFault& fault) {
    /// @cond NONE
    if constexpr (config::synchronous_ipc) {
        const Message message = non_blocking_receive(handler_);
        if (message.badge == 0)
            return false;
        fault = {.label = static_cast<abi::Fault>(message.info.label()),
                 .badge = message.badge,
                 .length = message.info.length()};
        for (Word i = 0; i < std::min<Word>(fault.length, 13); i++)
            fault.words[i] =
                i < abi::message_registers ? message.words[i] : ipc_buffer().message[i];
        return true;
    }
    /// @endcond
    // Acquire: pairs with the release of the kernel; the record is complete.
    const Word written = std::atomic_ref(buffer_->written).load(std::memory_order_acquire);
    const Word taken = buffer_->taken;
    if (written == taken)
        return false;
    const abi::FaultRecord& record = buffer_->records[taken % abi::fault_records];
    fault = {.label = record.label, .badge = record.badge, .length = record.length};
    std::copy_n(record.words, std::min<Word>(record.length, 13), fault.words);
    // Release: pairs with the acquire of the kernel; the record may be overwritten.
    std::atomic_ref(buffer_->taken).store(taken + 1, std::memory_order_release);
    return true;
}

bool FaultCatcher::expect(const char* what, abi::Fault label, std::initializer_list<Word> words,
                          const Place& place) {
    SeenFault fault;
    if (!poll(fault)) {
        fail(place, what, ": expected a fault, but there is none");
        return false;
    }
    bool same = expect_equal(what, label, fault.label, place) &&
                expect_equal(what, badge, fault.badge, place) &&
                expect_equal(what, words.size(), fault.length, place);
    Word i = 0;
    for (const Word word : words) {
        if (same && word != fault.words[i]) {
            fail(place, what, ": word ", i, " of the fault: expected ", shown(word), ", got ",
                 shown(fault.words[i]));
            same = false;
        }
        i++;
    }
    return same;
}

bool FaultCatcher::expect_none(const char* what, const Place& place) {
    SeenFault fault;
    if (!poll(fault))
        return true;
    fail(place, what, ": unexpected fault ", shown(fault.label), " at ", shown(fault.words[0]),
         ", word 1 is ", shown(fault.words[1]));
    return false;
}

bool Probe::create(const Place& place) {
    return catcher_.create(place) && catcher_.watch(thread_, above, place);
}

void Probe::access(Access kind, Word address) {
    const Attempt attempt{kind, address};
    thread_.start(make_access, reinterpret_cast<Word>(&attempt));
}

bool Probe::expect_allowed(const char* what, Access kind, Word address, const Place& place) {
    access(kind, address);
    return catcher_.expect_none(what, place) &&
           test::expect("the access came to its end", thread_.finished(), place);
}

bool Probe::expect_fault(const char* what, Access kind, Word address, const Place& place) {
    access(kind, address);
    const Word fetch = kind == Access::fetch ? 1 : 0;
    return catcher_.expect(what, abi::Fault::vm,
                           {pc_of_access(kind, address), address, fetch, status_of(kind)}, place);
}
