// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See session.hpp. As user/root/async_root.cpp, for one session after the other.
#include "labs/7-tcp-server/tests/guest/session.hpp"

#include "runtime/ipc.hpp"
#include "user/lib/boot_info.hpp"
#include "user/lib/machine.hpp"
#include "user/root/broker.hpp"

extern "C" const uint8_t archive_start[];
extern "C" const uint8_t archive_end[];

namespace session {

namespace {

using abi::CPtr;
using abi::Word;

/// In the order of the archive.
enum Index : uint8_t { net_server, tcp_server };

constinit root::Programs programs;
constinit Result results[3] = {};
constinit CPtr report_frame = 0; ///< of the session that runs
constinit bool is_over = false;

constexpr Word frame_bytes = 512;
alignas(64) constinit std::byte frames[8 * frame_bytes] = {};

const abi::UserInterruptInfo& user_interrupts() {
    return *reinterpret_cast<const abi::UserInterruptInfo*>(
        user::boot_record(abi::extra_user_interrupts).data());
}

CPtr control() { return user_interrupts().receivers == 0 ? 0 : user_interrupts().control; }

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

bool made(void* context, unsigned index) {
    user::Process& process = programs.program(index).process;
    const bool may_send = control() != 0 && user_interrupts().checks_senders != 0;
    return (index != net_server || process.grant(lab7::report_name, report_frame)) &&
           (!may_send || process.grant("uintr", control())) &&
           static_cast<root::Broker*>(context)->add(index);
}

void ends(void* context, unsigned index, unsigned) {
    static_cast<root::Broker*>(context)->remove(index);
}

void take_signals(void*, Word badges) {
    programs.take_pending();
    programs.take({.badge = badges});
}

/// What lasts for all sessions.
struct Judge {
    alignas(64) static inline constinit std::byte broker_place[sizeof(root::Broker)] = {};

    rt::FramePool pool{frames, frame_bytes};
    rt::Executor executor{pool, machine::time};
    rt::Notified self{executor, own_objects()};
    root::Broker& broker = *reinterpret_cast<root::Broker*>(broker_place);

    Judge() {
        new (&broker) root::Broker(self, programs);
        self.on_signal(take_signals, nullptr);
    }
};

alignas(64) constinit std::byte judge_place[sizeof(Judge)] = {};

/// Made once. Null if there is no memory.
Judge* the_judge() {
    static constinit Judge* judge = nullptr;
    if (judge != nullptr)
        return judge;
    const user::Process::Options options{
        .priority = 200,
        .peers = true,
        .bytes_for_peer = root::Broker::bytes_for_peer,
        .ticks_per_second = user::ticks_per_second(),
    };
    if (!programs.create(options, {Judge::broker_place, made, ends}))
        return nullptr;
    new (judge_place) Judge;
    // NOLINTNEXTLINE(clang-analyzer-cplusplus.NewDeleteLeaks): it lies in judge_place, for good
    return judge = reinterpret_cast<Judge*>(judge_place);
}

Word patience() { return user::ticks_for(300); }

rt::Task<> end_in_time(rt::Frames /*frames*/, Word deadline) {
    co_await rt::sleep_until(deadline);
    is_over = true;
}

End play(Judge& judge) {
    root::Archive files({archive_start, archive_end});
    for (root::File file; files.next(file);) {
        if (!programs.start(file))
            return End::not_started;
    }
    is_over = false;
    const Word deadline = machine::time() + patience();
    if (!judge.executor.spawn(end_in_time(judge.pool, deadline), 1))
        return End::not_started;
    judge.self.run([] {
        return is_over || !programs.program(net_server).runs || !programs.program(tcp_server).runs;
    });
    if (!programs.program(net_server).runs && programs.program(net_server).exit_code == 0)
        return End::closed;
    return is_over ? End::out_of_time : End::server_ended;
}

} // namespace

void run(Task task, Word seed) {
    Result& result = results[static_cast<unsigned>(task)];
    result.end = End::not_started;
    Judge* const judge = the_judge();
    report_frame = user::allocator.make(abi::ObjectType::page);
    auto* const report = reinterpret_cast<Report*>(user::vspace.map_somewhere(report_frame));
    if (judge == nullptr || report == nullptr)
        return;
    report->task = task;
    report->seed = seed;
    result.report = report;
    result.end = play(*judge);
    for (const unsigned index : {net_server, tcp_server}) {
        if (programs.program(index).runs)
            programs.end(index, 0);
    }
    while (!is_over && judge->pool.used() != 0)
        judge->self.run([judge] { return judge->pool.used() == 0; });
}

const Result& result_of(Task task) { return results[static_cast<unsigned>(task)]; }

} // namespace session
