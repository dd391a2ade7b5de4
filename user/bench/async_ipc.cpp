// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// tmp
/// @stage{none}
#include "runtime/ipc.hpp"
#include "runtime/riscv/user_interrupt.hpp"
#include "runtime/rounds.hpp"
#include "user/bench/space.hpp"
#include "user/lib/boot_info.hpp"
#include "user/lib/console.hpp"
#include "user/lib/objects.hpp"
#include "user/lib/program.hpp"
#include "user/lib/syscall.hpp"

namespace {

using abi::CPtr;
using abi::Word;
constexpr abi::RingLines lines{1024, 1024};
alignas(4096) std::byte memory[abi::buffer_bytes(lines)];
alignas(64) std::byte client_memory[512 * 128];
alignas(64) std::byte server_memory[512 * 8];

inline Word cycles() {
    Word count;
    asm volatile("rdcycle %0" : "=r"(count) : : "memory");
    return count;
}

struct Side {
    rt::Interrupted noted;
    Word peer = abi::no_sender;
    Word due = abi::no_sender;
    Word parks = 0, sends = 0;
    CPtr notification = 0, page = 0;
};
Side client_side, server_side;

[[gnu::always_inline]] inline Word park(Side& side, Word deadline) {
    rt::forbid_interrupts();
    if (side.noted.vectors != 0) {
        const Word v = side.noted.vectors;
        side.noted.vectors = 0;
        rt::allow_interrupts();
        return v;
    }
    register Word a0 asm("a0") = side.due;
    register Word a1 asm("a1") = deadline;
    register Word a7 asm("a7") = static_cast<Word>(abi::Syscall::uintr_park);
    asm volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a7) : "memory");
    side.parks++;
    side.due = abi::no_sender;
    rt::allow_interrupts();
    return a0;
}

void notify(void* side) {
    static_cast<Side*>(side)->sends++;
    static_cast<Side*>(side)->due = static_cast<Side*>(side)->peer;
}

Word ended = 0;

constexpr unsigned calls = 1000;

rt::Task<> worker(rt::FramePool&, ipc::Client* client, Word first, Word last) {
    for (Word value = first;;) {
        const auto reply = co_await ipc::call<1>(*client, ipc::Message{1, value, 1});
        if (!reply)
            co_return;
        value = reply.words[0];
        if (value == last)
            break;
    }
    ended++;
}

void check(bool ok, int line) {
    if (!ok) {
        println("failed at line ", line);
        user::exit(1);
    }
}

void serve(Word) {
    rt::enable_interrupts(rt::rt_entry_that_notes, server_side.noted);
    rt::FramePool frames(server_memory, 512);
    rt::Executor executor(frames);
    const auto add = [](const ipc::Request<2>& r) {
        return ipc::Message{0, r.words[0] + r.words[1]};
    };
    ipc::Server server(executor, rt::SharedBuffer(memory, lines).server(), {notify, &server_side},
                       1, add);
    executor.attach(server, 1);
    for (Word vectors = 0;;) {
        executor.rounds(vectors);
        vectors = park(server_side, 0) != 0 ? 2 : 0;
    }
}

void measure(Word) {
    rt::enable_interrupts(rt::rt_entry_that_notes, client_side.noted);
    rt::FramePool frames(client_memory, 512);
    rt::Executor executor(frames);
    ipc::Client client(executor, rt::SharedBuffer(memory, lines).client(), {notify, &client_side},
                       1);
    executor.attach(client, 1);
    for (unsigned n : {1U, 2U, 4U, 8U, 16U, 32U, 64U, 128U}) {
        ended = 0;
        for (unsigned i = 0; i < n; i++)
            executor.spawn(worker(frames, &client, i, i + calls), 1);
        Word start = cycles();
        Word p = client_side.parks + server_side.parks, s = client_side.sends + server_side.sends;
        for (Word vectors = 0;;) {
            executor.rounds(vectors);
            if (ended == n)
                break;
            vectors = park(client_side, 0) != 0 ? 2 : 0;
        }
        Word end = cycles();
        println("n ", n, ": ", (end - start) / (n * calls), ".",
                (end - start) * 10 / (n * calls) % 10, " parks ",
                client_side.parks + server_side.parks - p, " sends ",
                client_side.sends + server_side.sends - s);
    }
    user::exit(0);
}

const abi::UserInterruptInfo& user_interrupts() {
    return *reinterpret_cast<const abi::UserInterruptInfo*>(
        user::boot_record(abi::extra_user_interrupts).data());
}

} // namespace

int main() {
    rt::SharedBuffer(memory, lines).initialise();
    user::Thread client, server;
    user::VSpace* space = bench::other_space();
    check(space != nullptr, __LINE__);
    check(server.create(user::allocator, *space, 100), __LINE__);
    check(client.create(user::allocator, user::vspace, 100), __LINE__);
    const CPtr table = user::allocator.make(abi::ObjectType::sender_table);
    user::Thread* threads[] = {&client, &server};
    Side* sides[] = {&client_side, &server_side};
    for (int i = 0; i < 2; i++) {
        sides[i]->notification = user::allocator.make(abi::ObjectType::notification);
        sides[i]->page = user::allocator.make(abi::ObjectType::page);
        check(bool(sel4::invoke(sides[i]->notification, abi::UintrRegisterReceiver{},
                                threads[i]->tcb(), user_interrupts().control, sides[i]->page)),
              __LINE__);
        check(bool(sel4::invoke(threads[i]->tcb(), abi::TcbSetSenderTable{}, table)), __LINE__);
    }
    check(bool(sel4::invoke(CPtr{abi::root_tcb}, abi::TcbSetSenderTable{}, table)), __LINE__);
    for (int i = 0; i < 2; i++) {
        const CPtr slot = user::allocator.slot();
        sel4::cap_mint(sides[1 - i]->notification, slot, 3, 5);
        const auto r = sel4::invoke(slot, abi::UintrRegisterSender{});
        check(bool(r), __LINE__);
        sides[i]->peer = r.words[0];
    }
    server.start(serve);
    client.start(measure);
    sel4::wait(user::allocator.make(abi::ObjectType::notification));
    return 0;
}
