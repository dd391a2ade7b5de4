// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// System calls as coroutines make them. A call goes through the ring to the kernel where that
/// pays, and traps where it does not: nothing else is ready to run that could share the trap, or
/// the thread has no ring. Effects, errors and answers are the same.
///
///     const auto result = co_await async::invoke(frame, abi::PageUnmap{});      // sel4::Result
///     const auto mapped = co_await async::page_map(frame, vspace, address, rights);
///
/// What cannot go through the ring (kernel/async/handler.cpp) is called as usual.
/// Read next: runtime/system_calls.cpp, kernel/async/registration.hpp.
/// @stage{6}
#pragma once

#include "runtime/ipc.hpp"
#include "runtime/notified.hpp"
#include "user/lib/invoke.hpp"

#include <utility>

namespace rt {

/// A thread's rings to the kernel.
class SystemCalls {
public:
    /// What it is made of; all objects are the thread's own.
    struct Objects {
        CPtr registration = 0; ///< AsyncRegistration, with the frames of the buffer
        CPtr replies = 0;      ///< a notification of its own
        void* buffer = nullptr;
        abi::RingLines lines;
        bool several_harts = false; ///< the kernel may work on another one
    };

    /// For the calling thread. From now on async::invoke uses it.
    SystemCalls(Notified& self, const Notified::Objects& thread, const Objects& objects);
    ~SystemCalls();
    SystemCalls(const SystemCalls&) = delete;
    SystemCalls& operator=(const SystemCalls&) = delete;

    /// Does the kernel take calls from the ring?
    [[nodiscard]] bool open() const { return open_ && client_.open(); }
    /// The calling thread's; null if it has none.
    [[nodiscard]] static SystemCalls* current() {
        return reinterpret_cast<SystemCalls*>(sel4::ipc_buffer().user_data);
    }

    /// Shall the next call go through the ring? If others are on their way it shares their trap. If
    /// not, it is tried: when too few came to share one, the next calls trap, twice as many each
    /// time.
    [[nodiscard]] bool pays() {
        if (!open())
            return false;
        if (client_.owed() != 0)
            return true;
        if (trapping_ == 0)
            return true;
        trapping_--;
        return false;
    }

    [[nodiscard]] ipc::Client& client() { return client_; }

    /// Calls that went through the ring, and that trapped.
    Word by_ring = 0;
    Word by_trap = 0;

private:
    static constexpr Word least_batch = 4; ///< calls that share a trap cost less than their own
    static constexpr Word least_trapping = 16;
    static constexpr Word most_trapping = 256;

    void tell_kernel();

    Notified& self_;
    ipc::Client client_;
    bool several_harts_;
    bool open_ = false;
    Word trapping_ = 0; ///< so many calls trap before the ring is tried again
    Word next_trapping_ = least_trapping;
    Word told_ = 0; ///< by_ring when the kernel was told last
};

} // namespace rt

namespace async {

using abi::CPtr;
using abi::Word;

/// An invocation that was not made yet.
template <class I, unsigned caps>
class Invocation {
public:
    static constexpr unsigned count = 1 + caps + abi::words_of<I>;

    Invocation(CPtr object, const I& arguments, const std::array<CPtr, caps>& extra_caps)
        : arguments_(arguments), extra_caps_(extra_caps) {
        words_[0] = object;
        std::copy_n(extra_caps.begin(), caps, words_ + 1);
        const auto words = sel4::words_in(arguments);
        std::copy_n(words.begin(), words.size(), words_ + 1 + caps);
    }

    /// As a message, if that is one line. It is built of its words: g++ would clear it before it
    /// copied them.
    [[nodiscard]] ipc::Message<count> message() const {
        return [this]<size_t... i>(std::index_sequence<i...>) {
            ipc::Message<count> built(0, words_[i]...);
            built.info = info;
            return built;
        }(std::make_index_sequence<count>());
    }

    /// Its result, which is there already or will come as the reply.
    struct Awaiter {
        rt::PromiseBase* promise;
        sel4::Result result;

        [[nodiscard]] bool await_ready() const noexcept { return promise == nullptr; }
        static void await_suspend(std::coroutine_handle<>) noexcept {}
        [[nodiscard]] sel4::Result await_resume() const noexcept {
            if (promise == nullptr)
                return result;
            if constexpr (count > abi::item_words)
                return result_of(ipc::LongReply::taken(*promise));
            else
                return result_of(promise->reply);
        }
    };

    Awaiter start(rt::PromiseBase& promise) const {
        rt::SystemCalls* calls = rt::SystemCalls::current();
        if (calls == nullptr || !calls->pays()) {
            if (calls != nullptr)
                calls->by_trap++;
            return {nullptr, sel4::invoke_raw(words_[0], sel4::info_of<I>,
                                              sel4::words_in(arguments_), extra_caps_)};
        }
        calls->by_ring++;
        submit(calls->client(), promise);
        return {&promise, {}};
    }

private:
    static constexpr uint32_t info =
        abi::ItemInfo::make(abi::label_in_items(static_cast<Word>(I::label)), count, caps).word;

    void submit(ipc::Client& client, rt::PromiseBase& promise) const {
        if constexpr (count <= abi::item_words) {
            client.submit(promise, message());
        } else {
            long_.info = info;
            promise.long_message = &long_;
            promise.reply.header = Word{info} << 32;
            client.executor().keep(promise, client);
        }
    }

    /// A kernel that is gone, or has cut the thread off, has done nothing.
    static sel4::Result result_of(const ipc::Reply<>& reply) {
        if (!reply)
            return {.error = abi::Error::illegal_operation};
        // NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange): it is the reply by now
        sel4::Result result{.error = static_cast<abi::Error>(reply.label()),
                            .length = reply.length()};
        std::copy_n(reply.words, sel4::Result::kept_words, result.words);
        return result;
    }

    I arguments_;
    std::array<CPtr, caps> extra_caps_;
    Word words_[count];
    mutable Word reply_space_[abi::item_words] = {};
    mutable ipc::LongMessage long_{0, words_, reply_space_};
};

template <class I, class... Caps>
Invocation<I, sizeof...(Caps)> invoke(CPtr object, const I& arguments, Caps... caps) {
    static_assert(sizeof...(Caps) == I::caps, "this invocation takes another number of caps");
    return {object, arguments, {CPtr{caps}...}};
}

inline auto page_map(CPtr frame, CPtr vspace, Word vaddr, Word rights, Word attributes = 0) {
    return invoke(frame, abi::PageMap{vaddr, rights, attributes}, vspace);
}
inline auto page_unmap(CPtr frame) { return invoke(frame, abi::PageUnmap{}); }

} // namespace async
