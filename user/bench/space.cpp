// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The image's frames are mapped once more, from copies of their capabilities.
/// @stage{none}
#include "user/bench/space.hpp"

#include "user/bench/timed.hpp"
#include "user/lib/boot_info.hpp"
#include "user/lib/program.hpp"

namespace bench {

namespace {

/// Of the image (user/lib/program.ld).
constexpr Word image_start = 0x10000;
/// Different from those of the first space: nothing is shared by accident.
constexpr Word free_addresses = 0x20'0000'0000;

constinit user::VSpace space{user::allocator};

bool map_image() {
    const abi::SlotRegion frames = user::boot_info().image_frames;
    Word vaddr = image_start;
    for (CPtr frame = frames.start; frame < frames.end; frame++, vaddr += user::page_size) {
        const CPtr copy = user::allocator.slot();
        if (!sel4::cap_copy(frame, copy) || !space.map(copy, vaddr, user::read_write, 0))
            return false;
    }
    return true;
}

} // namespace

user::VSpace* other_space() {
    if (space.root() != 0)
        return &space;
    const CPtr root = user::allocator.make(abi::ObjectType::page_table);
    if (root == 0 || !sel4::invoke(abi::root_asid_pool, abi::AsidPoolAssign{}, root))
        return nullptr;
    space.take(root, free_addresses, abi::user_top);
    return map_image() ? &space : nullptr;
}

bool Server::start(user::VSpace& where, CPtr object, Word priority, abi::MessageInfo answer,
                   abi::Syscall number) {
    object_ = object;
    answer_ = answer;
    number_ = number;
    if (!thread_.create(user::allocator, where, priority))
        return false;
    thread_.start(run, reinterpret_cast<Word>(this));
    return true;
}

void Server::run(Word self) {
    Server& server = *reinterpret_cast<Server*>(self);
    serve(server.object_, server.arrival_, server.answer_, server.number_);
}

} // namespace bench
