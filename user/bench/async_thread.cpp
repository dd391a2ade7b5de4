// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Receivers and sender entries; all threads share one table of senders.
/// @stage{none}
#include "user/bench/async_thread.hpp"

#include "user/lib/boot_info.hpp"
#include "user/lib/program.hpp"

namespace bench {

namespace {

constexpr Word badge = 1;

/// The table of all threads, and of the thread that sets them up.
CPtr sender_table() {
    static constinit CPtr table = 0;
    if (table == 0) {
        table = user::allocator.make(abi::ObjectType::sender_table);
        sel4::invoke(CPtr{abi::root_tcb}, abi::TcbSetSenderTable{}, table,
                     user_interrupts()->control);
    }
    return table;
}

unsigned vector_of(const volatile abi::BadgePage& page, Word wanted) {
    unsigned vector = 0;
    while (vector < abi::user_vectors && page.badges[vector] != wanted)
        vector++;
    return vector;
}

} // namespace

const abi::UserInterruptInfo* user_interrupts() {
    const auto record = user::boot_record(abi::extra_user_interrupts);
    const auto* const info = reinterpret_cast<const abi::UserInterruptInfo*>(record.data());
    return record.empty() || info->receivers == 0 ? nullptr : info;
}

bool AsyncThread::create(user::VSpace& space, Word hart) {
    hart_ = hart;
    if (!thread_.create(user::allocator, space, priority))
        return false;
    if constexpr (config::smp) {
        if (!sel4::invoke(thread_.tcb(), abi::TcbSetAffinity{hart}))
            return false;
    }
    notification_ = user::allocator.make(abi::ObjectType::notification);
    page_ = user::allocator.make(abi::ObjectType::page);
    badges_ = reinterpret_cast<const abi::BadgePage*>(user::vspace.map_somewhere(page_));
    const auto registered = sel4::invoke(notification_, abi::UintrRegisterReceiver{}, thread_.tcb(),
                                         CPtr{user_interrupts()->control}, page_);
    kernel_vector_ = static_cast<unsigned>(registered.words[0]);
    return badges_ != nullptr && registered &&
           sel4::invoke(thread_.tcb(), abi::TcbSetSenderTable{}, sender_table(),
                        user_interrupts()->control);
}

void AsyncThread::destroy() {
    thread_.destroy();
    user::allocator.destroy(notification_);
    user::allocator.destroy(page_);
    taken_ = nullptr;
    due_ = abi::no_sender;
}

bool AsyncThread::connect(AsyncThread& one, AsyncThread& other) {
    AsyncThread* const sides[] = {&one, &other};
    for (unsigned i = 0; i < 2; i++) {
        AsyncThread& receiver = *sides[1 - i];
        const CPtr slot = user::allocator.slot();
        sel4::cap_mint(receiver.notification_, slot, abi::all_rights, badge);
        const auto registered = sel4::invoke(slot, abi::UintrRegisterSender{});
        if (!registered)
            return false;
        sides[i]->peer_ = registered.words[0];
        sides[i]->peer_is_elsewhere_ = receiver.hart_ != sides[i]->hart_;
        receiver.vector_ = vector_of(*receiver.badges_, badge);
    }
    return true;
}

/// As long as this is ready the executor neither sleeps nor arms. It is less important than all
/// else, so it runs once in each round in which nothing has come.
rt::Task<> AsyncThread::keep_looking(rt::Frames, AsyncThread* self) {
    Word seen = self->taken_->load_relaxed();
    while (self->looks_ != 0) {
        self->looks_--;
        const Word taken = self->taken_->load_relaxed();
        if (taken != seen)
            self->looks_ = most_looks;
        seen = taken;
        co_await rt::yield();
    }
}

void AsyncThread::look_out(rt::Executor& executor) {
    looks_ = most_looks;
    executor.spawn(keep_looking(executor.pool(), this), 0);
}

} // namespace bench
