// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Page_Map itself tells which page table is missing, so no map of the page tables is kept.
/// @stage{1}
#include "user/lib/vspace.hpp"

namespace user {

void VSpace::take(CPtr root, Word start, Word end) {
    root_ = root;
    next_ = round_up(start, page_size);
    end_ = end;
}

Word VSpace::reserve(Word bytes, Word alignment) {
    const Word start = round_up(next_, alignment);
    const Word size = round_up(bytes, page_size);
    if (start > end_ || size > end_ - start)
        return 0;
    next_ = start + size;
    return start;
}

sel4::Result VSpace::map(CPtr frame, Word vaddr, Word rights, Word attributes) {
    for (;;) {
        const sel4::Result result = sel4::page_map(frame, root_, vaddr, rights, attributes);
        if (result.error != abi::Error::failed_lookup)
            return result;
        const CPtr table = allocator_->make(ObjectType::page_table);
        if (table == 0)
            return {.error = abi::Error::not_enough_memory};
        const sel4::Result hooked = sel4::page_table_map(table, root_, vaddr);
        if (!hooked) {
            allocator_->destroy(table);
            return hooked;
        }
    }
}

Word VSpace::map_somewhere(CPtr frame, unsigned bits, Word rights) {
    const Word size = Word{1} << bits;
    const Word vaddr = reserve(size, size);
    return vaddr != 0 && map(frame, vaddr, rights) ? vaddr : 0;
}

Word VSpace::map_new(Word bytes) {
    const Word vaddr = reserve(bytes);
    return vaddr != 0 && map_new_at(vaddr, bytes) ? vaddr : 0;
}

bool VSpace::map_new_at(Word vaddr, Word bytes, Word rights, Word attributes) {
    for (Word offset = 0; offset < bytes; offset += page_size) {
        const CPtr frame = allocator_->make(ObjectType::page);
        if (frame == 0 || !map(frame, vaddr + offset, rights, attributes))
            return false;
    }
    return true;
}

uint8_t* Window::show(CPtr frame) {
    hide();
    Allocator& allocator = vspace_->allocator();
    if (address_ == 0)
        address_ = vspace_->reserve(page_size);
    copy_ = allocator.slot();
    if (address_ == 0 || copy_ == 0)
        return nullptr;
    if (!sel4::cap_copy(frame, copy_) || !vspace_->map(copy_, address_))
        return nullptr;
    return reinterpret_cast<uint8_t*>(address_);
}

void Window::hide() {
    if (copy_ != 0)
        vspace_->allocator().release_slot(copy_);
    copy_ = 0;
}

} // namespace user
