// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Faults are messages to an endpoint, with a badge for each thread. The notification of the alarm
/// is bound to the supervisor, which waits for both.
/// @stage{none}
#include "user/fuzz/caller.hpp"
#include "user/fuzz/faults.hpp"
#include "user/lib/program.hpp"

namespace fuzz {

bool Faults::begin() {
    notification_ = user::allocator.make(abi::ObjectType::notification);
    handler_ = user::allocator.make(abi::ObjectType::endpoint);
    alarm_ = user::allocator.slot();
    return handler_ != 0 && sel4::cap_mint(notification_, alarm_, abi::all_rights, alarm_event) &&
           sel4::invoke(abi::root_tcb, abi::TcbBindNotification{}, notification_);
}

bool Faults::create(user::Allocator&, CPtr cnode) {
    constexpr Word may_call = abi::Rights::write | abi::Rights::grant;
    for (unsigned i = 0; i < threads; i++)
        if (!sel4::invoke(cnode,
                          abi::CNodeMint{first_handler + i, cspace_bits, handler_, sel4::full_depth,
                                         may_call, fault_of(i)},
                          sel4::own_cnode))
            return false;
    return true;
}

void Faults::watch(CPtr, unsigned) const {}

Word Faults::wait() const { return sel4::receive(handler_).badge; }

} // namespace fuzz
