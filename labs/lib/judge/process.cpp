// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See process.hpp.
#include "labs/lib/judge/process.hpp"

#include "kernel/lib/todo.hpp"
#include "user/lib/start_block.hpp"

namespace party {

namespace {

constinit Task* current = nullptr;

/// The address of granted frames in a row; the name of each ends with its number.
Word map(std::string_view name, unsigned count, Word rights) {
    const Word start = user::vspace.reserve((count + 2) * user::page_size);
    for (unsigned i = 0; i < count; i++) {
        char full[16] = {};
        name.copy(full, sizeof full - 2);
        full[name.size()] = static_cast<char>('0' + i);
        const Word at = start + (i + 1) * user::page_size;
        if (start == 0 || !user::vspace.map(user::granted(full), at, rights))
            user::exit(static_cast<unsigned>(End::no_memory));
    }
    return start + user::page_size;
}

} // namespace

void Given::fail(End end) { user::exit(static_cast<unsigned>(end)); }

Given open() {
    current = reinterpret_cast<Task*>(map("task", 1, user::read_write));
    if (current->hart != 0)
        sel4::invoke(abi::root_tcb, abi::TcbSetAffinity{current->hart});
    return {.task = *current,
            .buffer = reinterpret_cast<void*>(map("buffer", 1, user::read_write)),
            .input = reinterpret_cast<const Word*>(map("input", data_pages, abi::Rights::read)),
            .output = reinterpret_cast<Word*>(map("output", data_pages, user::read_write)),
            .own = user::granted("own"),
            .peer = user::granted("peer")};
}

void snoop(Given& self) {
    if (user::vspace.map_somewhere(abi::boot_info_frame) != 0)
        Given::fail(End::bad_answer);
    *self.output = *reinterpret_cast<volatile Word*>(self.task.key);
}

} // namespace party

void lab::todo(const char* exercise) {
    using namespace party;
    current->hole.store_relaxed(static_cast<Word>((exercise[0] - '0') * 10 + exercise[2] - '0'));
    Given::fail(End::hole);
}
