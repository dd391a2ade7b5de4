// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// An address space as its owner sees it: maps frames, makes the page tables that they need, and
/// hands out addresses that nothing else uses.
///
///     start          next                                    end
///     | handed out     | never used yet                       |
///
/// Read next: vspace.cpp.
/// @cond LAB2
/// process.hpp builds other programs' address spaces.
/// @endcond
/// @stage{1}
#pragma once

#include "user/lib/allocator.hpp"

namespace user {

constexpr Word page_size = Word{1} << abi::page_bits;
constexpr Word read_write = abi::Rights::read | abi::Rights::write;

/// `value` rounded up to a multiple of a power of two.
constexpr Word round_up(Word value, Word multiple) {
    return (value + multiple - 1) & ~(multiple - 1);
}

class VSpace {
public:
    /// One that can be assigned to, and nothing else.
    constexpr VSpace() = default;
    /// Page tables and frames come from `allocator`.
    constexpr explicit VSpace(Allocator& allocator) : allocator_(&allocator) {}

    /// The address space itself, and the addresses in it that are to be handed out.
    void take(CPtr root, Word start, Word end);

    /// Addresses that are in use by nothing else; 0 if there are none. `bytes` is rounded up to
    /// pages, `alignment` a power of two.
    Word reserve(Word bytes, Word alignment = page_size);

    /// Maps a frame, and page tables before it if they are missing.
    sel4::Result map(CPtr frame, Word vaddr, Word rights = read_write,
                     Word attributes = abi::execute_never);
    /// Maps a frame at an address of its own, which is the answer; 0 if that failed.
    Word map_somewhere(CPtr frame, unsigned bits = abi::page_bits, Word rights = read_write);
    /// Memory for ordinary use: new frames, mapped in a row. 0 if that failed.
    Word map_new(Word bytes);
    /// New frames for exactly these pages. False if one of them failed.
    bool map_new_at(Word vaddr, Word bytes, Word rights = read_write,
                    Word attributes = abi::execute_never);

    [[nodiscard]] CPtr root() const { return root_; }
    [[nodiscard]] Allocator& allocator() const { return *allocator_; }

private:
    Allocator* allocator_ = nullptr;
    CPtr root_ = 0;
    Word next_ = 0;
    Word end_ = 0;
};

/// One page of the own address space, through which frames of others are read and written.
class Window {
public:
    constexpr explicit Window(VSpace& vspace) : vspace_(&vspace) {}

    /// Shows a frame, in place of the one before, until hide() or the next show(). It stays
    /// mapped where it is: a copy of its capability is mapped. Null if that failed.
    uint8_t* show(CPtr frame);
    void hide();

private:
    VSpace* vspace_;
    Word address_ = 0;
    CPtr copy_ = 0;
};

} // namespace user
