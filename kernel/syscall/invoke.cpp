// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// From the message to the object: lookup, dispatch over the kinds of capabilities, answer.
/// @stage{1}
#include "kernel/syscall/invoke.hpp"

#include "kernel/cap/cnode.hpp"
#include "kernel/cap/cspace.hpp"
#include "kernel/cap/untyped.hpp"
#include "kernel/ipc/message.hpp"
#include "kernel/lib/inlining.hpp"
#include "kernel/sched/hart.hpp"
#include "kernel/syscall/invocation.hpp"
#include "kernel/vm/asid.hpp"
#include "kernel/vm/vspace.hpp"
/// @cond LAB2
#include "kernel/ipc/fault.hpp"
#include "kernel/object/irq.hpp"
#include "kernel/object/notification.hpp"
#include "kernel/object/tcb_invoke.hpp"
/// @endcond
/// @cond LAB3
#include "kernel/object/sender_table.hpp"
#include "kernel/object/vectors.hpp"
/// @endcond
/// @cond LAB6
#include "kernel/async/registration.hpp"
/// @endcond
/// @cond NONE
#include "kernel/object/domain.hpp"
#include "kernel/object/endpoint.hpp"
#include "kernel/object/reply.hpp"
/// @endcond

Invocation::Invocation(Tcb& caller, abi::MessageInfo info, bool is_call)
    : caller_(caller), info_(info), words_(&caller.context.message(0)),
      buffer_(message::needs_buffer(info) ? caller.buffer_for(false) : nullptr),
      length_(message::fitting(buffer_, message::length(info))), is_call_(is_call) {}

Word Invocation::word(Word index) const {
    if (index >= length_)
        return 0;
    return index < abi::message_registers ? words_[index]
                                          : message::read_once(buffer_->message[index]);
}

/// Where words of the answer go that no register has.
Word* Invocation::words_of_answer() const {
    /// @cond LAB6
    if (buffer_ != nullptr && words_ == buffer_->message)
        return words_;
    /// @endcond
    abi::IpcBuffer* buffer = caller_.buffer_for(true);
    return buffer == nullptr ? nullptr : buffer->message;
}

void Invocation::answer(Word index, Word value) {
    if (!is_call_)
        return;
    if (index < abi::message_registers) {
        words_[index] = value;
    } else {
        Word* words = words_of_answer();
        if (words == nullptr)
            return;
        words[index] = value;
    }
    answer_length_ = std::max(answer_length_, index + 1);
}

namespace calls {

namespace {

/// @cond LAB2
Result<Outcome> signal(const NotificationCap& cap) {
    if ((cap.rights() & abi::write) == 0)
        return invalid_capability(0);
    cap.object().notify(cap.badge());
    return Outcome::done;
}

/// Whatever is sent to a notification is a signal
/// @cond LAB3
/// , but for a call that registers it for user interrupts
/// @endcond
/// .
Result<Outcome> invoke_notification([[maybe_unused]] Invocation& call, Slot& slot) {
    const auto cap = slot.cap.as<NotificationCap>();
    /// @cond LAB3
    if (call.is_call() && call.label() == static_cast<Word>(abi::Label::uintr_register_receiver))
        return dispatch<&vectors::register_receiver>(call, cap);
    if (call.is_call() && call.label() == static_cast<Word>(abi::Label::uintr_register_sender))
        return dispatch<&sender_table::register_sender>(call, slot);
    /// @endcond
    return signal(cap);
}
/// @endcond

/// @cond LAB2
/// Kinds that threads bring with them.
Result<Outcome> invoke_for_threads(Invocation& call, Slot& slot) {
    const Cap& cap = slot.cap;
    if (cap.is<ThreadCap>())
        return thread::invoke(call, slot);
    if (cap.is<NotificationCap>())
        return invoke_notification(call, slot);
    if (cap.is<IrqControlCap>())
        return irq::invoke_control(call, slot);
    return irq::invoke_handler(call, cap.as<IrqHandlerCap>());
}

/// @endcond
/// @cond NONE
/// Kinds of profile sel4.
Result<Outcome> invoke_for_messages(Invocation& call, Slot& slot, Manner manner) {
    if constexpr (config::synchronous_ipc) {
        if (slot.cap.is<EndpointCap>())
            return endpoint::invoke(call, slot.cap.as<EndpointCap>(), manner.blocking);
        return reply::invoke(call, slot);
    }
    return invalid_capability(0);
}

/// @endcond
/// The kernel's switch over kinds of capabilities. Part of who uses it: traps feel a call.
// NOLINTNEXTLINE(readability-function-size): a line or two for each kind
INLINED_WHEN_LINKED Result<Outcome> invoke_object(Invocation& call, Slot& slot,
                                                  [[maybe_unused]] Manner manner) {
    switch (slot.cap.type()) {
    case CapType::null:
    case CapType::zombie:
        return invalid_capability(0);
    /// @cond LAB3
    case CapType::uintr_control:
    case CapType::sender_table:
        break; // used by giving them along
    /// @endcond
    /// @cond LAB6
    case CapType::async_registration:
        return registration::invoke(call, slot.cap.as<RegistrationCap>());
    /// @endcond
    case CapType::untyped:
        return dispatch<&untyped::retype>(call, slot);
    case CapType::cnode:
        return cnode::invoke(call, slot.cap);
    /// @cond NONE
    case CapType::endpoint:
    case CapType::reply:
        return invoke_for_messages(call, slot, manner);
    case CapType::domain:
        return domain::invoke(call);
    /// @endcond
    case CapType::frame:
        return vspace::invoke_frame(call, slot);
    case CapType::page_table:
        return vspace::invoke_table(call, slot);
    case CapType::asid_control:
        return asid::invoke_control(call);
    case CapType::asid_pool:
        return asid::invoke_pool(call, slot.cap.as<AsidPoolCap>());
    case CapType::thread:
    case CapType::notification:
    case CapType::irq_control:
    case CapType::irq_handler:
        /// @cond LAB2
        return invoke_for_threads(call, slot);
        /// @endcond
        break;
    }
    return failure(abi::Error::illegal_operation);
}

/// The answer to a call that failed: the error, and words that say more about it.
abi::MessageInfo describe(Invocation& call, const Failure& failure) {
    switch (failure.error) {
    case abi::Error::invalid_argument:
    case abi::Error::invalid_capability:
    case abi::Error::not_enough_memory:
        call.answer(0, failure.first);
        break;
    case abi::Error::range_error:
        call.answer(0, failure.first);
        call.answer(1, failure.second);
        break;
    case abi::Error::failed_lookup:
        call.answer(0, failure.of_source ? 1 : 0);
        call.answer(1, static_cast<Word>(failure.lookup.type));
        if (failure.lookup.type >= abi::LookupFailure::missing_capability)
            call.answer(2, failure.lookup.bits_left);
        if (failure.lookup.type >= abi::LookupFailure::depth_mismatch)
            call.answer(3, failure.lookup.detail);
        if (failure.lookup.type == abi::LookupFailure::guard_mismatch)
            call.answer(4, failure.lookup.guard_size);
        break;
    default:
        break;
    }
    return abi::MessageInfo::make(static_cast<Word>(failure.error), call.answer_length());
}

/// What the answer to a call begins with.
INLINED_WHEN_LINKED abi::MessageInfo answer_info(Invocation& call, const Result<Outcome>& result) {
    return result ? abi::MessageInfo::make(0, call.answer_length())
                  : describe(call, result.error());
}

/// Looks up the capabilities that come along. The fault is of the first that cannot be found.
[[gnu::noinline]] cspace::Lookup<CPtr> add_extra_caps(Invocation& call, abi::MessageInfo info,
                                                      CPtr& failed_at) {
    const abi::IpcBuffer* buffer = call.buffer();
    if (buffer == nullptr)
        return CPtr{0};
    for (unsigned i = 0; i < info.extra_caps(); i++) {
        failed_at = message::read_once(buffer->caps_or_badges[i]);
        const auto slot = cspace::slot_of(call.caller().slot(Tcb::cspace).cap, failed_at);
        if (!slot)
            return std::unexpected(slot.error());
        call.add_extra(**slot);
    }
    return CPtr{0};
}

/// @cond LAB6
/// Can a capability of this kind be invoked through a ring? See kernel/async/handler.cpp.
bool asynchronous(CapType type) {
    /// @cond NONE
    if (type == CapType::endpoint || type == CapType::reply)
        return false;
    /// @endcond
    return type != CapType::async_registration;
}

/// @endcond
/// After the object did its work. A thread that it stopped, or that waits, gets no answer.
void finish(Invocation& call, const Result<Outcome>& result) {
    Tcb& caller = call.caller();
    if (result && *result == Outcome::preempted)
        return;
    if (caller.state != Tcb::State::restart)
        return;
    if (call.is_call()) {
        caller.context[Context::a0] = 0;
        caller.context[Context::a1] = answer_info(call, result).word;
    }
    caller.state = Tcb::State::running;
}

} // namespace

void invoke(CPtr cptr, abi::MessageInfo info, Manner manner) {
    Tcb& caller = current_thread();
    const auto slot = cspace::slot_of(caller.slot(Tcb::cspace).cap, cptr);
    if (!slot) {
        /// @cond LAB2
        if (manner.blocking)
            fault::capability(caller, cptr, false, slot.error());
        /// @endcond
        return;
    }
    Invocation call(caller, info, manner.is_call);
    if (info.extra_caps() != 0) {
        CPtr failed_at = 0;
        const auto found = add_extra_caps(call, info, failed_at);
        if (!found) {
            /// @cond LAB2
            if (manner.blocking)
                fault::capability(caller, failed_at, false, found.error());
            /// @endcond
            return;
        }
    }
    // If it does not come to an end, the system call is made again.
    caller.state = Tcb::State::restart;
    finish(call, invoke_object(call, **slot, manner));
}

/// @cond LAB6
Result<Outcome> invoke_asynchronously(Invocation& call, CPtr cptr,
                                      std::span<const CPtr> extra_caps) {
    const Cap& cspace = call.caller().slot(Tcb::cspace).cap;
    const auto slot = cspace::slot_of(cspace, cptr);
    if (!slot)
        return failed_lookup(slot.error(), false);
    for (const CPtr extra_cap : extra_caps) {
        const auto extra = cspace::slot_of(cspace, extra_cap);
        if (!extra)
            return failed_lookup(extra.error(), false);
        call.add_extra(**extra);
    }
    if (!asynchronous((*slot)->cap.type()))
        return failure(abi::Error::illegal_operation);
    return invoke_object(call, **slot, {.is_call = true, .blocking = false});
}

abi::MessageInfo answer_asynchronously(Invocation& call, const Result<Outcome>& result) {
    return answer_info(call, result);
}
/// @endcond

} // namespace calls
