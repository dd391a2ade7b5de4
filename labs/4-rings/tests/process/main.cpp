// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The process: does its task with the code of the exercises.
/// Read next: lines.cpp, messages.cpp.
#include "labs/4-rings/tests/process/party.hpp"

namespace party {

namespace {

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

} // namespace party

int main() {
    using namespace party;
    const Given given = open();
    rt::SharedBuffer buffer(given.buffer, ring_lines);
    Party self{given, is_client(given.task.role) ? buffer.client() : buffer.server(), buffer};
    perform(self);
    return 0;
}
