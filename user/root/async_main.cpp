// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The root task from lab 5 on: as main.cpp, and it is the broker of its programs. Its thread
/// sleeps until a program makes a request, faults, or ends. A fault where a program's peer has
/// taken its memory away is mended: the thread goes on with a page of zeroes. Read next:
/// broker.hpp, user/root/main.cpp.
/// @stage{5}
#include "kernel/config.hpp"
#include "user/lib/boot_info.hpp"
#include "user/lib/console.hpp"
#include "user/lib/machine.hpp"
#include "user/root/broker.hpp"

extern "C" const uint8_t archive_start[];
extern "C" const uint8_t archive_end[];

namespace {

using abi::CPtr;
using abi::Word;

constinit root::Programs programs;

const abi::UserInterruptInfo& user_interrupts() {
    return *reinterpret_cast<const abi::UserInterruptInfo*>(
        user::boot_record(abi::extra_user_interrupts).data());
}

CPtr control() { return user_interrupts().receivers == 0 ? 0 : user_interrupts().control; }

/// Gives a program what the runtime needs, and its ring.
bool made(void* context, unsigned index) {
    user::Process& process = programs.program(index).process;
    return (control() == 0 || process.grant("uintr", control())) &&
           static_cast<root::Broker*>(context)->add(index);
}

void ends(void* context, unsigned index, unsigned) {
    static_cast<root::Broker*>(context)->remove(index);
}

bool mend(void*, unsigned index, const user::Event& fault) {
    user::Process& process = programs.program(index).process;
    if (fault.fault != abi::Fault::vm || !process.peers().mend(fault.detail))
        return false;
    process.resume();
    return true;
}

/// Programs have ended, or faulted: then a record says so.
void take_signals(void*, Word badges) {
    for (user::Event event; programs.watch().poll(event);)
        programs.take(event);
    programs.take({.badge = badges});
}

rt::Notified::Objects own_objects() {
    using abi::ObjectType;
    const CPtr page = user::allocator.make(ObjectType::page);
    return {.tcb = abi::root_tcb,
            .control = control(),
            .notification = programs.watch().notification(),
            .page = page,
            .badges = reinterpret_cast<abi::BadgePage*>(user::vspace.map_somewhere(page)),
            .senders = user::allocator.make(ObjectType::sender_table)};
}

alignas(64) constinit std::byte frames[4096] = {};
alignas(64) constinit std::byte broker_place[sizeof(root::Broker)] = {};

} // namespace

int main() {
    root::Broker& broker = *reinterpret_cast<root::Broker*>(broker_place);
    const user::Process::Options options{.uart = user::uart_frame,
                                         .peers = true,
                                         .harts = config::smp ? user::boot_info().nodes : 1,
                                         .ticks_per_second = user::ticks_per_second()};
    if (!programs.create(options, {&broker, made, ends, mend}))
        return 1;
    rt::FramePool pool(frames, 512);
    rt::Executor executor(pool, machine::time);
    rt::Notified self(executor, own_objects());
    new (&broker) root::Broker(self, programs);
    self.on_signal(take_signals, nullptr);
    root::Archive archive({archive_start, archive_end});
    for (root::File file; archive.next(file);)
        programs.start(file);
    self.run([] { return programs.running() == 0; });
    println("root: all programs have ended");
    return static_cast<int>(programs.exit_code());
}
