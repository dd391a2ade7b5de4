// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The process: maps what the judge has granted, and does its task with the code of the exercises.
/// What is mapped has nothing on either side of it, so an access beside the buffer is a fault.
/// Read next: lines.cpp, messages.cpp.
#include "kernel/lib/todo.hpp"
#include "labs/4-rings/tests/process/party.hpp"
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

/// Tries to read what only the judge may know: through a capability that root tasks have, then
/// where it lies in the judge.
void snoop(Party& self) {
    if (user::vspace.map_somewhere(abi::boot_info_frame) != 0)
        Party::fail(End::bad_answer);
    *self.output = *reinterpret_cast<volatile Word*>(self.task.key);
}

void perform(Party& self) {
    switch (self.task.role) {
    case Role::snoop:
        return snoop(self);
    case Role::make:
        return make(self);
    case Role::take:
        return take(self);
    case Role::doze:
        return doze(self);
    case Role::serve:
        return serve(self);
    case Role::write:
        return write(self);
    case Role::send:
        return send(self);
    case Role::receive:
        return receive(self);
    case Role::call:
        return call(self);
    case Role::endure:
        return endure(self);
    case Role::measure:
        return measure(self);
    }
}

bool is_client(Role role) {
    return role == Role::make || role == Role::write || role == Role::send || role == Role::call;
}

} // namespace

void Party::fail(End end) { user::exit(static_cast<unsigned>(end)); }

} // namespace party

void lab::todo(const char* exercise) {
    using namespace party;
    current->hole.store_relaxed(static_cast<Word>((exercise[0] - '0') * 10 + exercise[2] - '0'));
    Party::fail(End::hole);
}

int main() {
    using namespace party;
    current = reinterpret_cast<Task*>(map("task", 1, user::read_write));
    rt::SharedBuffer buffer(reinterpret_cast<void*>(map("buffer", 1, user::read_write)),
                            ring_lines);
    Party self{.task = *current,
               .ends = is_client(current->role) ? buffer.client() : buffer.server(),
               .buffer = buffer,
               .input = reinterpret_cast<const Word*>(map("input", data_pages, abi::Rights::read)),
               .output = reinterpret_cast<Word*>(map("output", data_pages, user::read_write)),
               .own = user::granted("own"),
               .peer = user::granted("peer")};
    if (current->hart != 0)
        sel4::invoke(abi::root_tcb, abi::TcbSetAffinity{current->hart});
    perform(self);
    return 0;
}
