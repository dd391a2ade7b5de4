// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the fuzzers have in their CSpace at the beginning.
///
///     0        nothing
///     1-4      the threads
///     5-9      their CSpace, four times; their address space
///     10-13    interrupts
///     14-16    domain control, ASID control, a pool of ASIDs
///     17-...   memory and objects, by chance
///     129      control of user interrupts
///     132-135  whom to tell of faults, where these are messages
///
/// @stage{none}
#include "user/fuzz/world.hpp"

#include "user/lib/boot_info.hpp"

#include <algorithm>

namespace fuzz {

using abi::ObjectType;

namespace {

constexpr CPtr first_tcb = 1;
constexpr CPtr first_irq_slot = 10;
constexpr CPtr domain_slot = 14;
constexpr CPtr asid_control_slot = 15;
constexpr CPtr asid_pool_slot = 16;
constexpr CPtr first_object = 17;
constexpr CPtr last_object = 128;
constexpr CPtr uintr_control_slot = 129;

/// Of no device of the board: 60 and up.
constexpr Word first_irq = 60;
constexpr Word guard = abi::cnode_data(0, 64 - cspace_bits);

struct Choice {
    ObjectType type;
    unsigned bits;
};

/// What there may be; endpoints only in a kernel that has them.
Choice choose(Random& random) {
    switch (random.below(11)) {
    case 0:
    case 1:
        return {ObjectType::untyped, static_cast<unsigned>(6 + random.below(11))};
    case 2:
        return {ObjectType::tcb, 0};
    case 3:
        return {config::synchronous_ipc ? ObjectType::endpoint : ObjectType::notification, 0};
    case 4:
        return {ObjectType::notification, 0};
    case 5:
        return {ObjectType::cnode, static_cast<unsigned>(1 + random.below(6))};
    case 6:
        return {ObjectType::page_table, 0};
    case 7:
        return {ObjectType::sender_table, 0};
    case 8:
        return {ObjectType::async_registration,
                abi::async_registration_bits + static_cast<unsigned>(random.below(2))};
    default:
        return {ObjectType::page, 0};
    }
}

} // namespace

/// Puts a copy into the fuzzers' CSpace.
bool World::give(CPtr source, CPtr slot, Kind kind, Word badge) {
    kinds_[slot] = kind;
    if (badge == 0)
        return bool(sel4::invoke(
            cnode_, abi::CNodeCopy{slot, cspace_bits, source, sel4::full_depth, abi::all_rights},
            sel4::own_cnode));
    return bool(sel4::invoke(
        cnode_, abi::CNodeMint{slot, cspace_bits, source, sel4::full_depth, abi::all_rights, badge},
        sel4::own_cnode));
}

bool World::fill(Random& random) {
    std::fill_n(kinds_, slots, Kind::none);
    bool done = true;
    for (unsigned i = 0; i < threads; i++)
        done = done && give(tcbs_[i], first_tcb + i, Kind::tcb);
    for (unsigned i = 0; i < cnode_copies; i++)
        done = done && give(cnode_, first_cnode + i, Kind::cnode, guard);
    return done && give(home_.root(), home_table, Kind::table) && give_irqs() &&
           give(abi::domain_control, domain_slot, Kind::domain) &&
           give(abi::asid_control, asid_control_slot, Kind::asid_control) && give_uintr_control() &&
           fill_memory(random) && fill_objects(random);
}

/// The capability that is given can be revoked here.
bool World::give_irqs() {
    for (Word i = 0; i < irqs; i++) {
        const abi::IrqControlGet line{first_irq + i, irq_slots_ + i, sel4::full_depth};
        if (!sel4::invoke(abi::irq_control, line, sel4::own_cnode) ||
            !give(irq_slots_ + i, first_irq_slot + i, Kind::irq_handler))
            return false;
    }
    return true;
}

bool World::give_uintr_control() {
    const auto record = user::boot_record(abi::extra_user_interrupts);
    const auto* info = reinterpret_cast<const abi::UserInterruptInfo*>(record.data());
    return give(info->control, uintr_control_slot, Kind::uintr_control);
}

/// A pool of ASIDs; and one of them for an address space that is the fuzzers' alone.
bool World::fill_memory(Random& random) {
    const CPtr memory = inner_.make(ObjectType::untyped, abi::asid_pool_bits);
    const CPtr pool = inner_.slot();
    const abi::AsidControlMakePool where{pool, sel4::full_depth};
    if (memory == 0 || !sel4::invoke(abi::asid_control, where, memory, sel4::own_cnode) ||
        !give(pool, asid_pool_slot, Kind::asid_pool))
        return false;
    const CPtr large = inner_.make(ObjectType::untyped, random.one_in(2) ? 18 : 19);
    kinds_[last_object] = Kind::untyped;
    return large != 0 &&
           sel4::invoke(cnode_, abi::CNodeMove{last_object, cspace_bits, large, sel4::full_depth},
                        sel4::own_cnode);
}

/// Objects, and here and there a copy of the one before.
bool World::fill_objects(Random& random) {
    for (CPtr slot = first_object; slot < last_object; slot++) {
        const Choice choice = choose(random);
        const CPtr object = inner_.make(choice.type, choice.bits);
        if (object == 0)
            return false;
        const Kind kind = kind_of(choice.type);
        const bool copied = kind != Kind::untyped && kind != Kind::table && random.one_in(2);
        if (copied && slot + 1 < last_object) {
            const bool badged = kind == Kind::notification || kind == Kind::endpoint;
            if (!give(object, slot, kind, badged ? 1 + random.below(64) : 0))
                return false;
            slot++;
        }
        kinds_[slot] = kind;
        if (!sel4::invoke(cnode_, abi::CNodeMove{slot, cspace_bits, object, sel4::full_depth},
                          sel4::own_cnode))
            return false;
    }
    return true;
}

} // namespace fuzz
