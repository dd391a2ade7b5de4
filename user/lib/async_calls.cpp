// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The kernel's end of the rings is made of the program's own memory.
/// @stage{6}
#include "user/lib/async_calls.hpp"

#include "user/lib/program.hpp"

namespace user {

namespace {

constexpr abi::RingLines lines{.requests = 64, .replies = 64};

/// False if memory is used up.
bool make_buffer(rt::SystemCalls::Objects& objects) {
    const Word bytes = round_up(abi::buffer_bytes(lines), page_size);
    const Word address = vspace.reserve(bytes);
    for (Word offset = 0; offset < bytes; offset += page_size) {
        const CPtr frame = allocator.make(abi::ObjectType::page);
        if (frame == 0 || !sel4::invoke(objects.registration, abi::AsyncAddFrame{}, frame) ||
            !vspace.map(frame, address + offset))
            return false;
    }
    objects.buffer = reinterpret_cast<void*>(address);
    return true;
}

} // namespace

AsyncCalls::AsyncCalls(AsyncProcess& process) {
    rt::SystemCalls::Objects objects{
        .registration =
            allocator.make(abi::ObjectType::async_registration, abi::async_registration_bits),
        .replies = allocator.make(abi::ObjectType::notification),
        .lines = lines,
        .several_harts = start_block().harts > 1};
    if (objects.registration != 0 && objects.replies != 0 && make_buffer(objects))
        calls_.emplace(process.self(), process.objects(), objects);
}

} // namespace user
