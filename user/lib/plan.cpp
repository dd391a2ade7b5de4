// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See plan.hpp. What an image says may be huge: sums here are of numbers of pages.
/// @stage{2}
#include "user/lib/plan.hpp"

/// @cond LAB5
#include "user/lib/peers.hpp"
/// @endcond
#include "user/lib/start_block.hpp"

#include <algorithm>
#include <bit>

namespace user {

namespace {

constexpr Word page_size = Word{1} << abi::page_bits;
constexpr unsigned least_cnode_bits = abi::page_bits - abi::slot_bits; // a page
/// @cond LAB5
constexpr Word slots_besides = 8; ///< for the broker, besides those of pages in windows
/// @endcond

constexpr Word round_up(Word value, Word multiple) {
    return (value + multiple - 1) & ~(multiple - 1);
}

Word pages_of(Word bytes) { return round_up(bytes, page_size) / page_size; }

/// log2 of the least power of two that is no less.
unsigned bits_for(Word count) { return static_cast<unsigned>(std::bit_width(count - 1)); }

Word pages_of_image(const Elf& elf) {
    Word pages = 0;
    for (unsigned i = 0; i < elf.segments(); i++) {
        const Elf::Segment segment = elf.segment(i);
        if (segment.size != 0)
            pages += (segment.vaddr + segment.size - 1) / page_size - segment.vaddr / page_size + 1;
    }
    return pages;
}

/// Page tables for these addresses, besides the root.
Word tables_for(Word start, Word end) {
    const auto of_level = [&](unsigned bits) { return ((end - 1) >> bits) - (start >> bits) + 1; };
    return end <= start ? 0 : of_level(abi::mega_page_bits) + of_level(abi::giga_page_bits);
}

} // namespace

Plan::Plan(const Elf& elf, [[maybe_unused]] Word bytes_for_peer)
    : image_pages(pages_of_image(elf)) {
    const Needs& needs = elf.needs();
    Word slots_there = first_grant + StartBlock::most_grants + needs.slots;
    /// @cond LAB5
    slots_there += Word{slots_of_peer} * needs.peers;
    /// @endcond
    cnode_bits = std::max(least_cnode_bits, bits_for(slots_there));
    own_bits = bits_for(needs.memory);
    block_pages = pages_of(sizeof(StartBlock) + (Word{1} << cnode_bits) * record_bytes);

    // A page that is not mapped, stack, buffer, start block, UART.
    Word end = round_up(elf.end(), page_size) + (stack_pages + block_pages + 3) * page_size;
    Word inner_pages = 0;
    inner_slots = 1;
    Word book_bytes = 0;
    /// @cond LAB5
    end = round_up(end, Word{1} << abi::mega_page_bits) + windows_bytes(needs.peers);
    inner_pages = 1 + pages_of(needs.buffers); // 1: its ring to the broker
    inner_slots += needs.peers * Word{window_pages} + slots_besides;
    book_bytes = needs.peers * (place_bytes + bytes_for_peer);
    /// @endcond
    const Word tables = tables_for(elf.start(), end);
    inner_pages = std::bit_ceil(inner_pages + tables);
    inner_bits = bits_for(inner_pages) + abi::page_bits;
    // As many halves as there can be, and the tables in them.
    inner_slots += 2 * inner_pages + tables;
    book_pages = pages_of(inner_slots * record_bytes + book_bytes);

    const Word pages = needs.memory / page_size + inner_pages +
                       (Word{1} << (cnode_bits - least_cnode_bits)) + frames() + 1;
    if (slots() <= most_slots)
        memory_bits = bits_for(pages * page_size + (Word{1} << abi::tcb_bits) +
                               (Word{1} << abi::notification_bits));
}

} // namespace user
