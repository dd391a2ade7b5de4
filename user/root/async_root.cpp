// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See async_root.hpp.
/// @stage{5}
#include "user/root/async_root.hpp"

#include "kernel/config.hpp"
#include "user/lib/boot_info.hpp"
#include "user/lib/console.hpp"
#include "user/lib/machine.hpp"
#include "user/root/broker.hpp"
/// @cond LAB7
#include "user/root/card.hpp"
/// @endcond

namespace root {

using abi::CPtr;

constinit Programs all_programs;
constinit Word mended = 0;

namespace {

const abi::UserInterruptInfo& user_interrupts() {
    return *reinterpret_cast<const abi::UserInterruptInfo*>(
        user::boot_record(abi::extra_user_interrupts).data());
}

CPtr control() { return user_interrupts().receivers == 0 ? 0 : user_interrupts().control; }

/// Programs are trusted with nothing: where the machine does not check what they send they have no
/// user interrupts, and the kernel notifies for them.
bool programs_may_send() { return control() != 0 && user_interrupts().checks_senders != 0; }

/// Gives a program what the runtime needs, and its ring.
bool made(void* context, unsigned index) {
    Program& program = all_programs.program(index);
    /// @cond LAB7
    if (program.name == net_server && !give_card(program.process))
        return false;
    /// @endcond
    return (!programs_may_send() || program.process.grant("uintr", control())) &&
           static_cast<Broker*>(context)->add(index);
}

void ends(void* context, unsigned index, unsigned) { static_cast<Broker*>(context)->remove(index); }

bool mend(void*, unsigned index, const user::Event& fault) {
    user::Process& process = all_programs.program(index).process;
    if (fault.fault != abi::Fault::vm || !process.peers().mend(fault.detail))
        return false;
    mended++;
    process.resume();
    return true;
}

/// Programs have ended, or faulted: then a record says so.
void take_signals(void*, Word badges) {
    all_programs.take_pending();
    all_programs.take({.badge = badges});
}

rt::Notified::Objects own_objects() {
    using abi::ObjectType;
    const CPtr page = user::allocator.make(ObjectType::page);
    return {.tcb = abi::root_tcb,
            .control = control(),
            .notification = all_programs.watch().notification(),
            .page = page,
            .badges = reinterpret_cast<abi::BadgePage*>(user::vspace.map_somewhere(page)),
            .senders = user::allocator.make(ObjectType::sender_table)};
}

constexpr Word frame_bytes = 512;
alignas(64) constinit std::byte frames[8 * frame_bytes] = {};
alignas(64) constinit std::byte broker_place[sizeof(Broker)] = {};

} // namespace

int run(Bytes archive, Beside beside) {
    Broker& broker = *reinterpret_cast<Broker*>(broker_place);
    const user::Process::Options options{
        .uart = user::uart_frame,
        .peers = true,
        .bytes_for_peer = Broker::bytes_for_peer,
        .harts = config::smp ? user::boot_info().nodes : 1,
        .ticks_per_second = user::ticks_per_second(),
        /// @cond LAB7
        .arguments = user::boot_arguments(),
        .seed = user::boot_seed(),
        /// @endcond
    };
    if (!all_programs.create(options, {&broker, made, ends, mend}))
        return 1;
    rt::FramePool pool(frames, frame_bytes);
    rt::Executor executor(pool, machine::time);
    rt::Notified self(executor, own_objects());
    new (&broker) Broker(self, all_programs);
    self.on_signal(take_signals, nullptr);
    Archive files(archive);
    for (File file; files.next(file);)
        all_programs.start(file);
    if (beside != nullptr && !executor.spawn(beside(pool), 1))
        return 1;
    self.run([] { return all_programs.running() == 0; });
    return static_cast<int>(all_programs.exit_code());
}

} // namespace root
