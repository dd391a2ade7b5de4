// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the memory server does for one client. Its system calls are asynchronous where the program
/// has a ring to the kernel, and trap where it has none.
/// Always holds: a frame is mapped in one place at most; it is the client's until the client is
/// gone, then it is destroyed, and the kernel clears memory before it is used again.
/// Read next: space.cpp.
/// @stage{6}
#pragma once

#include "user/lib/invoke.hpp"
#include "user/memory/memory.hpp"

namespace memory {

using abi::CPtr;

class Space {
public:
    /// The client's address space; 0 if it does not share it.
    void open(CPtr space) { space_ = space; }
    /// Nothing of the client is left. @pre no request is in progress
    void close();

    /// System calls so far, however they were made.
    [[nodiscard]] Word calls() const { return calls_; }

    /// Maps a page, with page tables where they are missing.
    rt::Task<ipc::Message<1>> map(rt::Frames frames, Word address);
    rt::Task<ipc::Message<1>> unmap(rt::Frames frames, Word address);

private:
    static constexpr unsigned most_tables = 16;
    static constexpr Word nowhere = ~Word{0}; ///< no address of a page

    struct Page {
        CPtr frame = 0; ///< 0: was never used
        Word address = nowhere;
        bool busy = false; ///< a request works at it
    };

    Page* find(Word wanted, Word address);
    Page* take_free(Word address);
    rt::Task<Error> add_table(rt::Frames frames, Word address);

    CPtr space_ = 0;
    Page pages_[most_pages] = {};
    CPtr tables_[most_tables] = {};
    unsigned table_count_ = 0;
    Word calls_ = 0;
};

/// An answer.
inline auto answer(Error error) { return ipc::Message(static_cast<Word>(error), Word{0}); }

} // namespace memory
