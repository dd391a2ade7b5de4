// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Decoders of the CNode invocations, and what copies may change about a capability.
/// @stage{1}
#include "kernel/cap/cnode.hpp"

#include "kernel/cap/cspace.hpp"
#include "kernel/cap/finalise.hpp"
#include "kernel/cap/mdb.hpp"
#include "kernel/lib/todo.hpp"
#include "kernel/object/tcb.hpp"
/// @cond NONE
#include "kernel/object/endpoint.hpp"
/// @endcond

namespace cnode {

// Your own helpers: begin
// Your own helpers: end

namespace {

Result<Outcome> copy_as(const Cap& cap, Slot& source, Slot& destination) {
    const auto derived = mdb::derive(source, cap);
    if (!derived)
        return failed(derived);
    if (derived->null())
        return failure(abi::Error::illegal_operation);
    mdb::insert(*derived, source, destination);
    return Outcome::done;
}

Result<Outcome> move_as(const Cap& cap, Slot& source, Slot& destination) {
    if (cap.null())
        return failure(abi::Error::illegal_operation);
    mdb::move(cap, source, destination);
    return Outcome::done;
}

/// The two slots of a copy or move, the destination first.
struct Ends {
    Slot* destination;
    Slot* source;
};

/// Words that name two slots.
constexpr unsigned words_of_ends = abi::words_of<abi::CNodeMove>;

/// Looks the slots up, in between and afterwards what else is needed: seL4's order of errors.
template <class Message>
Result<Ends> ends_of(Invocation& call, const Cap& root, const Message& message) {
    const auto destination = cspace::slot_at(root, message.index, message.depth);
    if (!destination)
        return failed(destination);
    if (call.shorter_than(words_of_ends, Message::caps))
        return failure(abi::Error::truncated_message);
    if (!(*destination)->empty())
        return failure(abi::Error::delete_first);
    const auto source =
        cspace::full_slot_at(call.extra(0).cap, message.source_index, message.source_depth);
    if (!source)
        return failed(source);
    if (call.shorter_than(abi::words_of<Message>, Message::caps))
        return failure(abi::Error::truncated_message);
    return Ends{*destination, *source};
}

Result<Outcome> copy(Invocation& call, const Cap& root, const abi::CNodeCopy& message) {
    const auto ends = ends_of(call, root, message);
    if (!ends)
        return failed(ends);
    return copy_as(with_rights(ends->source->cap, message.rights), *ends->source,
                   *ends->destination);
}

Result<Outcome> mint(Invocation& call, const Cap& root, const abi::CNodeMint& message) {
    const auto ends = ends_of(call, root, message);
    if (!ends)
        return failed(ends);
    const Cap cap = with_data(with_rights(ends->source->cap, message.rights), message.badge, false);
    return copy_as(cap, *ends->source, *ends->destination);
}

Result<Outcome> move(Invocation& call, const Cap& root, const abi::CNodeMove& message) {
    const auto ends = ends_of(call, root, message);
    if (!ends)
        return failed(ends);
    return move_as(ends->source->cap, *ends->source, *ends->destination);
}

Result<Outcome> mutate(Invocation& call, const Cap& root, const abi::CNodeMutate& message) {
    const auto ends = ends_of(call, root, message);
    if (!ends)
        return failed(ends);
    return move_as(with_data(ends->source->cap, message.badge, true), *ends->source,
                   *ends->destination);
}

Result<Outcome> revoke(Invocation&, const Cap& root, const abi::CNodeRevoke& message) {
    const auto slot = cspace::slot_at(root, message.index, message.depth);
    if (!slot)
        return failed(slot);
    return finalise::revoke(**slot);
}

Result<Outcome> remove(Invocation&, const Cap& root, const abi::CNodeDelete& message) {
    const auto slot = cspace::slot_at(root, message.index, message.depth);
    if (!slot)
        return failed(slot);
    return finalise::remove(**slot, true);
}

/// Checked by rotate once its three slots are known.
Result<Outcome> rotate_slots(const abi::CNodeRotate& message, Slot& destination, Slot& pivot,
                             Slot& source) {
    const Cap new_source = with_data(source.cap, message.pivot_badge, true);
    const Cap new_pivot = with_data(pivot.cap, message.badge, true);
    if (new_source.null() || new_pivot.null())
        return failure(abi::Error::illegal_operation);
    if (&source == &destination) {
        mdb::swap(new_source, source, new_pivot, pivot);
    } else {
        mdb::move(new_pivot, pivot, destination);
        mdb::move(new_source, source, pivot);
    }
    return Outcome::done;
}

Result<Outcome> rotate(Invocation& call, const Cap& root, const abi::CNodeRotate& message) {
    const auto destination = cspace::slot_at(root, message.index, message.depth);
    if (!destination)
        return failed(destination);
    if (call.shorter_than(abi::words_of<abi::CNodeRotate>, abi::CNodeRotate::caps))
        return failure(abi::Error::truncated_message);
    const auto source =
        cspace::slot_at(call.extra(1).cap, message.source_index, message.source_depth, true);
    if (!source)
        return failed(source);
    const auto pivot =
        cspace::slot_at(call.extra(0).cap, message.pivot_index, message.pivot_depth, true);
    if (!pivot)
        return failed(pivot);
    if (*pivot == *source || *pivot == *destination)
        return failure(abi::Error::illegal_operation);
    if (*source != *destination && !(*destination)->empty())
        return failure(abi::Error::delete_first);
    if ((*source)->empty())
        return cspace::missing(message.source_depth, true);
    if ((*pivot)->empty())
        return cspace::missing(message.pivot_depth, false);
    return rotate_slots(message, **destination, **pivot, **source);
}

/// @cond NONE
Result<Outcome> cancel_badged_sends(Invocation&, const Cap& root,
                                    const abi::CNodeCancelBadgedSends& message) {
    const auto slot = cspace::slot_at(root, message.index, message.depth);
    if (!slot)
        return failed(slot);
    if constexpr (config::synchronous_ipc)
        return endpoint::cancel_badged_sends((*slot)->cap);
    return failure(abi::Error::illegal_operation);
}

Result<Outcome> save_caller(Invocation& call, const Cap& root,
                            const abi::CNodeSaveCaller& message) {
    const auto slot = cspace::empty_slot_at(root, message.index, message.depth);
    if (!slot)
        return failed(slot);
    if constexpr (!config::synchronous_ipc)
        return failure(abi::Error::illegal_operation);
    Slot& reply = call.caller().slot(Tcb::SlotIndex::caller);
    if (!reply.empty())
        mdb::move(reply.cap, reply, **slot);
    return Outcome::done;
}

/// @endcond
} // namespace

Result<Outcome> invoke(Invocation& call, const Cap& root) {
    return dispatch<&copy, &mint, &move, &mutate, &remove, &revoke,
                    /// @cond NONE
                    &cancel_badged_sends, &save_caller,
                    /// @endcond
                    &rotate>(call, root);
}

/// A right is left if both the capability and the mask have it. Memory that cannot be read cannot
/// be written either, so a frame without the right to read has none. Nothing else changes.
/// @lab{1.6} what is left of a capability's rights; those without rights stay as they are
Cap with_rights(const Cap& cap, Word mask) {
    switch (cap.type()) {
    case CapType::notification: {
        const auto notification = cap.as<NotificationCap>();
        return notification.with(notification.badge(), notification.rights() & mask);
    }
    /// @cond NONE
    case CapType::endpoint: {
        const auto endpoint = cap.as<EndpointCap>();
        return endpoint.with(endpoint.badge(), endpoint.rights() & mask);
    }
    case CapType::reply: {
        const auto reply = cap.as<ReplyCap>();
        return reply.with_grant(reply.grant() && (mask & abi::grant) != 0);
    }
    /// @endcond
    case CapType::frame: {
        // Memory that cannot be read cannot be written either.
        const auto frame = cap.as<FrameCap>();
        const Word rights = frame.rights() & mask;
        return frame.with_rights((rights & abi::read) != 0 ? rights : 0);
    }
    default:
        return cap;
    }
}

Cap with_data(const Cap& cap, Word data, bool moved) {
    switch (cap.type()) {
    case CapType::notification: {
        const auto notification = cap.as<NotificationCap>();
        if (moved || notification.badge() != Badge(0))
            return {};
        return notification.with(Badge(data), notification.rights());
    }
    /// @cond NONE
    case CapType::endpoint: {
        const auto endpoint = cap.as<EndpointCap>();
        if (moved || endpoint.badge() != Badge(0))
            return {};
        return endpoint.with(Badge(data), endpoint.rights());
    }
    /// @endcond
    case CapType::cnode: {
        const auto cnode = cap.as<CNodeCap>();
        const unsigned guard_size = static_cast<unsigned>(data & mask(6));
        if (guard_size + cnode.radix() > 64)
            return {};
        return cnode.with_guard(data >> 6 & mask(guard_size), guard_size);
    }
    default:
        return cap;
    }
}

} // namespace cnode
