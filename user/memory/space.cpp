// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See space.hpp. Requests of one client are in progress at the same time: a page is taken before
/// the first system call, and is free again behind the last one.
/// @stage{6}
#include "user/memory/space.hpp"

#include "runtime/system_calls.hpp"
#include "user/lib/program.hpp"

namespace memory {

using user::allocator;

void Space::close() {
    for (Page& page : pages_) {
        if (page.frame != 0)
            allocator.destroy(page.frame);
        page = {};
    }
    while (table_count_ > 0)
        allocator.destroy(tables_[--table_count_]);
    space_ = 0;
}

/// One that is at `wanted`; null if there is none. Neighbours in memory are neighbours in the
/// table, so the first look mostly finds the page of `address`, or a free one for it.
Space::Page* Space::find(Word wanted, Word address) {
    const Word first = address / user::page_size;
    for (Word i = 0; i < most_pages; i++) {
        Page& page = pages_[(first + i) % most_pages];
        if (page.address == wanted && !page.busy)
            return &page;
    }
    return nullptr;
}

/// One for this address. Null if all are in use, or there is no memory.
Space::Page* Space::take_free(Word address) {
    Page* const page = find(nowhere, address);
    if (page == nullptr)
        return nullptr;
    if (page->frame == 0)
        page->frame = allocator.make(abi::ObjectType::page);
    page->busy = page->frame != 0;
    return page->busy ? page : nullptr;
}

rt::Task<ipc::Message<1>> Space::map(rt::Frames frames, Word address) {
    constexpr Word rights = abi::Rights::read | abi::Rights::write;
    if (space_ == 0)
        co_return answer(Error::no_space);
    Page* const page = take_free(address);
    if (page == nullptr)
        co_return answer(Error::no_memory);
    Error error = Error::none;
    while (error == Error::none) {
        calls_++;
        const auto result =
            co_await async::page_map(page->frame, space_, address, rights, abi::execute_never);
        if (result)
            break;
        error = Error::bad_address;
        if (result.error == abi::Error::failed_lookup) {
            const auto added = co_await add_table(frames, address);
            error = added ? *added : Error::no_memory;
        }
    }
    page->address = error == Error::none ? address : nowhere;
    page->busy = false;
    co_return answer(error);
}

/// Another request may have added the same one meanwhile.
rt::Task<Error> Space::add_table(rt::Frames /*frames*/, Word address) {
    if (table_count_ == most_tables)
        co_return Error::no_memory;
    const CPtr table = allocator.make(abi::ObjectType::page_table);
    if (table == 0)
        co_return Error::no_memory;
    tables_[table_count_++] = table;
    calls_++;
    const auto result = co_await async::invoke(table, abi::PageTableMap{address, 0}, space_);
    const bool there = result || result.error == abi::Error::delete_first;
    co_return there ? Error::none : Error::bad_address;
}

rt::Task<ipc::Message<1>> Space::unmap(rt::Frames /*frames*/, Word address) {
    Page* const page = address == nowhere ? nullptr : find(address, address);
    if (page == nullptr)
        co_return answer(Error::not_mapped);
    page->busy = true;
    calls_++;
    const auto result = co_await async::page_unmap(page->frame);
    static_cast<void>(result); // it cannot fail: the capability is the server's
    page->address = nowhere;
    page->busy = false;
    co_return answer(Error::none);
}

} // namespace memory
