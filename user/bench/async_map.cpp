// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// tmp
/// @stage{none}
#include "runtime/ipc.hpp"
#include "runtime/rounds.hpp"
#include "user/lib/boot_info.hpp"
#include "user/lib/console.hpp"
#include "user/lib/invoke.hpp"
#include "user/lib/program.hpp"
#include "user/lib/syscall.hpp"

namespace {

using abi::CPtr;
using abi::Word;
constexpr abi::RingLines lines{1024, 1024};
alignas(64) std::byte client_memory[512 * 192];

inline Word cycles() {
    Word count;
    asm volatile("rdcycle %0" : "=r"(count) : : "memory");
    return count;
}

void check(bool ok, int line) {
    if (!ok) {
        println("failed at line ", line);
        user::exit(1);
    }
}

Word ended = 0;
constexpr unsigned calls = 200;

template <class I, class... Caps>
auto message(CPtr object, const I& arguments, Caps... caps) {
    constexpr unsigned count = 1 + sizeof...(Caps) + abi::words_of<I>;
    ipc::Message<count> m;
    m.info = abi::ItemInfo::make(static_cast<Word>(I::label), count, sizeof...(Caps)).word;
    unsigned at = 0;
    m.words[at++] = object;
    ((m.words[at++] = caps), ...);
    if constexpr (abi::words_of<I> != 0) {
        const auto words = sel4::words_in(arguments);
        for (unsigned i = 0; i < words.size(); i++)
            m.words[at++] = words[i];
    }
    return m;
}

rt::Task<> worker(rt::FramePool&, ipc::Client* client, CPtr frame, Word address) {
    for (unsigned i = 0; i < calls; i++) {
        const auto map = co_await ipc::call<0>(
            *client, message(frame, abi::PageMap{address, 3, 0}, CPtr{abi::root_vspace}));
        if (map.label() != 0)
            co_return;
        const auto unmap = co_await ipc::call<0>(*client, message(frame, abi::PageUnmap{}));
        if (unmap.label() != 0)
            co_return;
    }
    ended++;
}

Word traps = 0;
bool due = false;
void wake_kernel(void*) { due = true; }
void enter_kernel() {
    due = false;
    register Word a7 asm("a7") = static_cast<Word>(abi::Syscall::uintr_wake_syscall_handler);
    asm volatile("ecall" : : "r"(a7) : "memory");
    traps++;
}

} // namespace

int main() {
    const CPtr registration = user::allocator.make(abi::ObjectType::async_registration, 13);
    const CPtr buffer = user::allocator.make(abi::ObjectType::mega_page);
    void* memory = reinterpret_cast<void*>(user::vspace.map_somewhere(buffer, 21));
    const CPtr notification = user::allocator.make(abi::ObjectType::notification);
    check(bool(sel4::invoke(registration, abi::AsyncAddFrame{}, buffer)), __LINE__);
    check(bool(sel4::invoke(registration, abi::RegisterAsyncSyscall{lines.requests, lines.replies},
                            notification)),
          __LINE__);
    rt::FramePool frames(client_memory, 512);
    rt::Executor executor(frames);
    ipc::Client client(executor, rt::SharedBuffer(memory, lines).client(), {wake_kernel, nullptr},
                       1);
    executor.attach(client, 1);
    static CPtr pages[200];
    for (CPtr& p : pages)
        p = user::allocator.make(abi::ObjectType::page);
    const Word base = 0x30'0000'0000;
    user::vspace.map(user::allocator.make(abi::ObjectType::page), base + 0x1ff000, user::read_write,
                     0);
    for (unsigned n : {1U, 2U, 4U, 8U, 16U, 32U, 64U, 128U}) {
        ended = 0;
        traps = 0;
        for (unsigned i = 0; i < n; i++)
            check(executor.spawn(worker(frames, &client, pages[i], base + i * 4096), 1), __LINE__);
        const Word start = cycles();
        for (Word rounds = 0; ended != n && rounds < 10000; rounds++) {
            executor.rounds(2);
            if (due)
                enter_kernel();
        }
        const Word end = cycles();
        println("n ", n, ": ", (end - start) / (n * calls), " traps ", traps, " ended ", ended);
    }
    return 0;
}
