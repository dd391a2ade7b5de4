// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Pages hold a pattern that follows from their address; each capability must still signal its own
/// badge; each frame must still be where it was.
/// @stage{none}
#include "user/fuzz/canary.hpp"

namespace fuzz {

namespace {

constexpr Word words = user::page_size / sizeof(Word);

volatile Word* words_at(Word address) { return reinterpret_cast<volatile Word*>(address); }

Word pattern(Word address) { return address * 0x9e37'79b9'7f4a'7c15; }

bool holds_pattern(Word address) {
    for (Word i = 0; i < words; i++)
        if (words_at(address)[i] != pattern(address + i))
            return false;
    return true;
}

} // namespace

bool Canary::create() {
    for (unsigned i = 0; i < pages; i++) {
        frames_[i] = user::allocator.make(abi::ObjectType::page);
        addresses_[i] = frames_[i] == 0 ? 0 : user::vspace.map_somewhere(frames_[i]);
        if (addresses_[i] == 0)
            return false;
        for (Word k = 0; k < words; k++)
            words_at(addresses_[i])[k] = pattern(addresses_[i] + k);
        physical_[i] = sel4::page_get_address(frames_[i]).words[0];
    }
    notification_ = user::allocator.make(abi::ObjectType::notification);
    first_cap_ = user::allocator.slot(caps);
    for (unsigned i = 0; i < caps; i++)
        if (!sel4::cap_mint(notification_, first_cap_ + i, abi::all_rights, Word{1} << i))
            return false;
    return changed() == nullptr;
}

const char* Canary::changed() const {
    for (unsigned i = 0; i < pages; i++) {
        if (!holds_pattern(addresses_[i]))
            return "memory of the supervisor";
        if (sel4::page_get_address(frames_[i]).words[0] != physical_[i])
            return "a frame of the supervisor";
    }
    for (unsigned i = 0; i < caps; i++) {
        sel4::signal(first_cap_ + i);
        if (sel4::poll(notification_) != Word{1} << i)
            return "a capability of the supervisor";
    }
    return nullptr;
}

} // namespace fuzz
