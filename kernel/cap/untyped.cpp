// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Untyped_Retype: decode, clear, create.
/// @stage{1}
#include "kernel/cap/untyped.hpp"

#include "kernel/cap/cspace.hpp"
#include "kernel/cap/mdb.hpp"
#include "kernel/lib/todo.hpp"
#include "kernel/object/tcb.hpp"
#include "kernel/syscall/preempt.hpp"
#include "kernel/vm/page_table.hpp"

#include <algorithm>
#include <string.h>

namespace untyped {

// Your own helpers: begin
// Your own helpers: end

namespace {

constexpr Word page_size = Word{1} << abi::page_bits;

/// Can objects of this type be made in this profile?
constexpr bool known(Word type) {
    /// @cond LAB3
    if (type == static_cast<Word>(abi::ObjectType::sender_table))
        return true;
    /// @endcond
    /// @cond LAB6
    if (type == static_cast<Word>(abi::ObjectType::async_registration))
        return true;
    /// @endcond
    /// @cond NONE
    if constexpr (config::synchronous_ipc)
        return type < abi::object_types;
    /// @endcond
    return type < abi::object_types && type != static_cast<Word>(abi::ObjectType::endpoint);
}

/// The CNode for the new capabilities.
Result<CNodeCap> destination(Invocation& call, const abi::UntypedRetype& message) {
    const Cap* node = &call.extra(0).cap;
    if (message.node_depth != 0) {
        const auto slot = cspace::slot_at(*node, message.node_index, message.node_depth);
        if (!slot)
            return failed(slot);
        node = &(*slot)->cap;
    }
    if (!node->is<CNodeCap>())
        return cspace::missing(message.node_depth, false);
    return node->as<CNodeCap>();
}

/// The slots [node_offset, node_offset + count), all of them empty.
Result<Slot*> empty_slots(const CNodeCap& node, const abi::UntypedRetype& message) {
    const Word size = Word{1} << node.radix();
    if (message.node_offset > size - 1)
        return range_error(0, size - 1);
    if (message.count < 1 || message.count > abi::retype_limit)
        return range_error(1, abi::retype_limit);
    if (message.count > size - message.node_offset)
        return range_error(1, size - message.node_offset);
    Slot* first = node.slots() + message.node_offset;
    for (Word i = 0; i < message.count; i++) {
        if (!first[i].empty())
            return failure(abi::Error::delete_first);
    }
    return first;
}

/// Type and size, before anything is looked up.
Result<unsigned> object_bits(const abi::UntypedRetype& message) {
    if (!known(message.type))
        return invalid_argument(0);
    const auto type = static_cast<abi::ObjectType>(message.type);
    if (message.size_bits >= 64 ||
        abi::object_bits(type, message.size_bits) > abi::greatest_untyped_bits)
        return range_error(0, abi::greatest_untyped_bits);
    if (type == abi::ObjectType::cnode && message.size_bits == 0)
        return invalid_argument(1);
    if (type == abi::ObjectType::untyped && message.size_bits < abi::least_untyped_bits)
        return invalid_argument(1);
    /// @cond LAB6
    if (type == abi::ObjectType::async_registration &&
        message.size_bits < abi::async_registration_bits)
        return invalid_argument(1);
    /// @endcond
    return static_cast<unsigned>(abi::object_bits(type, message.size_bits));
}

/// Device memory can become frames, or smaller untypeds.
bool allowed_in_device(abi::ObjectType type) {
    return type == abi::ObjectType::untyped || type == abi::ObjectType::page ||
           type == abi::ObjectType::mega_page || type == abi::ObjectType::giga_page;
}

Result<Plan> plan(Invocation& call, Slot& slot, const abi::UntypedRetype& message) {
    const auto bits = object_bits(message);
    if (!bits)
        return failed(bits);
    const auto node = destination(call, message);
    if (!node)
        return failed(node);
    const auto first = empty_slots(*node, message);
    if (!first)
        return failed(first);
    const auto untyped = slot.cap.as<UntypedCap>();
    const bool fresh = !mdb::has_children(slot);
    const auto start = place(untyped, fresh, *bits, message.count);
    if (!start)
        return failed(start);
    // NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange): object_bits() has looked at it.
    const auto type = static_cast<abi::ObjectType>(message.type);
    if (untyped.device() && !allowed_in_device(type))
        return invalid_argument(1);
    return Plan{
        type, static_cast<unsigned>(message.size_bits), *bits, *first, message.count, *start,
        fresh};
}

} // namespace

/// The least multiple of the object's size that is not below the watermark; 0 counts as watermark
/// if the untyped is fresh. All objects must end within the untyped, whatever `count` is; else
/// not_enough_memory, with the bytes between watermark and end.
/// @lab{1.4} where the next objects go: behind the watermark, aligned to their size
Result<Word> place(const UntypedCap& untyped, bool fresh, unsigned object_bits, Word count) {
    const Word watermark = fresh ? 0 : untyped.watermark();
    const Word free = untyped.size() - watermark;
    if (count > free >> object_bits)
        return not_enough_memory(free);
    const Word start = (watermark + mask(object_bits)) & ~mask(object_bits);
    if (start + (count << object_bits) > untyped.size())
        return not_enough_memory(free);
    return start;
}

Result<Outcome> retype(Invocation& call, Slot& slot, const abi::UntypedRetype& message) {
    const auto checked = plan(call, slot, message);
    if (!checked)
        return failed(checked);
    const auto untyped = slot.cap.as<UntypedCap>();
    // Without children it starts anew, unless it just did and was interrupted in clearing.
    if (checked->fresh && untyped.watermark() != 0)
        slot.cap = untyped.with_watermark(0).with_clean(0);
    // Smaller untypeds clear what they make themselves.
    const bool clears = !untyped.device() && checked->type != abi::ObjectType::untyped;
    if (clears && !clear(slot, *checked))
        return Outcome::preempted;
    create(slot, *checked);
    return Outcome::done;
}

bool clear(Slot& slot, const Plan& plan) {
    const auto untyped = slot.cap.as<UntypedCap>();
    // From the watermark, not from plan.start: what is clean must be so without a gap.
    Word offset = std::max(untyped.watermark(), untyped.clean());
    while (offset < plan.end()) {
        const Word next = std::min((offset | mask(abi::page_bits)) + 1, untyped.size());
        memset(window<char>(untyped.base() + offset), 0, next - offset);
        offset = next;
        if (next % page_size == 0)
            slot.cap = untyped.with_clean(next);
        if (offset < plan.end() && preempt::pending())
            return false;
    }
    return true;
}

/// Object i lies directly behind object i - 1, and its capability goes to slot i of the plan. The
/// watermark is the end of the last one; nothing else about the untyped changes.
/// @lab{1.5} the objects of a plan, their capabilities as children of the untyped, the watermark
void create(Slot& slot, const Plan& plan) {
    const auto untyped = slot.cap.as<UntypedCap>();
    for (Word i = 0; i < plan.count; i++) {
        const PAddr address = untyped.base() + plan.start + (i << plan.object_bits);
        mdb::insert_new(make_object(plan.type, address, plan.size_bits, untyped.device()), slot,
                        plan.first[i]);
    }
    slot.cap = untyped.with_watermark(plan.end());
}

Cap make_object(abi::ObjectType type, PAddr address, unsigned size_bits, bool device) {
    switch (type) {
    case abi::ObjectType::untyped:
        return UntypedCap(address, size_bits, device);
    case abi::ObjectType::tcb:
        Tcb::create(address);
        return ThreadCap(address);
    case abi::ObjectType::notification:
        return NotificationCap(address, Badge(0), abi::all_rights);
    case abi::ObjectType::cnode:
        return CNodeCap(address, size_bits);
    case abi::ObjectType::page:
    case abi::ObjectType::mega_page:
    case abi::ObjectType::giga_page:
        return FrameCap(address, frame_level(type), device, abi::all_rights);
    case abi::ObjectType::page_table:
        return PageTableCap(address);
    /// @cond LAB3
    case abi::ObjectType::sender_table:
        return SenderTableCap(address);
    /// @endcond
    /// @cond LAB6
    case abi::ObjectType::async_registration:
        return RegistrationCap(address, size_bits);
    /// @endcond
    case abi::ObjectType::endpoint:
        /// @cond NONE
        return EndpointCap(address, Badge(0), abi::all_rights);
        /// @endcond
        break;
    }
    return {};
}

} // namespace untyped
