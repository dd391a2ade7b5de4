// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What lies in the address space of a process when it starts: its image, its stack, the message
/// buffer, the start block. The frames are there already, in the order of Plan.
/// @stage{2}
#include "user/lib/process.hpp"

#include <algorithm>
#include <string.h>

namespace user {

namespace {

constinit Window window{vspace};

} // namespace

bool Process::load(const Elf& elf) {
    CPtr frames = frame(0);
    for (unsigned i = 0; i < elf.segments(); i++) {
        const Elf::Segment segment = elf.segment(i);
        if (segment.size == 0)
            continue;
        if (!load_segment(segment, frames))
            return false;
        frames += (segment.vaddr + segment.size - 1) / page_size - segment.vaddr / page_size + 1;
    }
    return true;
}

bool Process::load_segment(const Elf::Segment& segment, CPtr frames) {
    const Word rights = segment.writable ? read_write : Word{abi::Rights::read};
    const Word attributes = segment.executable ? 0 : abi::execute_never;
    const Word end = segment.vaddr + segment.size;
    for (Word page = segment.vaddr & ~(page_size - 1); page < end; page += page_size, frames++) {
        if (!load_page(segment, page, frames) || !space_.map(frames, page, rights, attributes))
            return false;
    }
    return true;
}

/// Copies what of the segment's contents lies in the page. A new frame is zero.
bool Process::load_page(const Elf::Segment& segment, Word page, CPtr frame) {
    const Word from = page > segment.vaddr ? page - segment.vaddr : 0;
    const Word skipped = page > segment.vaddr ? 0 : segment.vaddr - page;
    if (from >= segment.contents.size())
        return true;
    uint8_t* const to = window.show(frame);
    if (to == nullptr)
        return false;
    const Word left = segment.contents.size() - from;
    memcpy(to + skipped, segment.contents.data() + from, std::min(left, page_size - skipped));
    window.hide();
    return true;
}

/// Frames of the row, one after the other.
bool Process::map_row(Word address, Word first, Word count) {
    for (Word i = 0; i < count; i++)
        if (!space_.map(frame(first + i), address + i * page_size))
            return false;
    return true;
}

/// The stack, and behind it the message buffer. The page before the stack stays unmapped.
bool Process::map_stack_and_buffer(const Plan& plan) {
    const Word guard = space_.reserve(page_size);
    const Word stack = space_.reserve(Plan::stack_pages * page_size);
    stack_ = space_.reserve(page_size);
    return guard != 0 && stack_ != 0 && map_row(stack, plan.stack(), Plan::stack_pages) &&
           map_row(stack_, plan.buffer(), 1);
}

/// The start block, whose first page is mapped here too, and the UART.
bool Process::map_block(const Plan& plan, const Options& options) {
    block_address_ = space_.reserve(plan.block_pages * page_size);
    const CPtr here = slot(Plan::block_copy);
    if (block_address_ == 0 || !map_row(block_address_, plan.block(), plan.block_pages) ||
        !sel4::cap_copy(frame(plan.block()), here) || !vspace.map(here, home_))
        return false;
    block_ = reinterpret_cast<StartBlock*>(home_);
    block_->ipc_buffer = stack_;
    if (options.uart.frame == 0)
        return true;
    if (!sel4::cap_copy(options.uart.frame, slot(Plan::uart)))
        return false;
    block_->uart = space_.map_somewhere(slot(Plan::uart)) + options.uart.offset;
    return block_->uart != options.uart.offset;
}

} // namespace user
