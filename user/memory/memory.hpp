// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The memory server: a program asks for pages at addresses of its own, and gives them back. It
/// shares its address space with the server when it connects. What the client does is the same for
/// every way to carry messages.
///
///     request   | map | address |      a page is there afterwards, to be read and written
///               | unmap | address |    and not any more
///     answer    | Error |
///
/// A page that comes again has what was in it, or zeroes; never what was another program's.
/// Reference: paper 5.1.
/// Read next: space.hpp, client.cpp, async_server.cpp
/// @cond NONE
/// and for PROFILE=sel4 sync_server.cpp.
/// @endcond
/// @stage{6}
#pragma once

#include "user/lib/caller.hpp"

namespace memory {

using abi::Word;

constexpr const char* service = "memory";
constexpr unsigned most_pages = 64; ///< of each client, at a time

enum Request : Word {
    map = 1, ///< address
    unmap,   ///< address
    count,   ///< answers with the number of the server's traps so far
};

enum class Error : Word {
    none,
    unknown_request,
    bad_address, ///< no page can be there: not aligned, not the program's, or in use
    not_mapped,  ///< no page of the server is there
    no_memory,   ///< the client has most_pages, or the server has no more
    no_space,    ///< the client does not share its address space
};

/// What a client writes into its pages.
constexpr Word page_mark = 0x7061'6765'5f6d'7921;

/// What has come of the requests of a client's coroutines.
struct Outcome {
    Word pairs = 0;    ///< pages that were mapped, used and unmapped
    Word failed = 0;   ///< requests
    Word strange = 0;  ///< pages that did not hold what they can hold
    unsigned left = 0; ///< coroutines at work
};

/// One coroutine, which uses one page again and again.
inline rt::Task<> use_page(rt::Frames /*frames*/, user::Link* link, Word address, Word pairs,
                           Outcome* outcome) {
    auto* const page = reinterpret_cast<volatile Word*>(address);
    for (Word i = 0; i < pairs; i++) {
        const auto mapped = co_await link->call(ipc::Message(map, address, 0));
        if (!mapped || mapped.label() != 0) {
            outcome->failed++;
            break;
        }
        // Zero, or what a coroutine of this program wrote into this frame.
        outcome->strange += *page == 0 || *page == page_mark ? 0 : 1;
        *page = page_mark;
        const auto unmapped = co_await link->call(ipc::Message(unmap, address, 0));
        outcome->failed += unmapped && unmapped.label() == 0 ? 0 : 1;
        outcome->pairs++;
    }
    outcome->left--;
}

} // namespace memory
