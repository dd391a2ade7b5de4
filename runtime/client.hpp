// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The client's end of a connection: calls go out, replies wake who waits for them. Of calls, no
/// more are in flight than the reply ring has lines, so that a short reply always finds room.
///
/// A reply wakes a coroutine only if it waits for this very call: the id leads to a block of the
/// pool, which must be waiting, for this connection, with this id. Anything else is dropped.
/// Read next: runtime/client.cpp, runtime/ipc.hpp.
/// @stage{5}
#pragma once

#include "runtime/executor.hpp"

namespace ipc {

class Client : public rt::Connection {
public:
    /// Replies are dispatched at `priority`; `notify` tells the server. The executor wants to know
    /// the vector: Executor::attach.
    Client(rt::Executor& executor, rt::Ends ends, rt::Callback notify, rt::Priority priority);

    /// Puts a request in, whose reply wakes `promise`. If there is no line for it, the message
    /// stays in the promise, and the executor sees to it. So nothing is called here: a coroutine
    /// that makes calls need not save registers for that.
    template <unsigned count>
    [[gnu::always_inline]] void submit(rt::PromiseBase& promise, const Message<count>& message) {
        if (out_.stopped()) [[unlikely]] {
            promise.reply.header = Word{message.info} << 32;
            for (unsigned i = 0; i < count; i++)
                promise.reply.words[i] = message.words[i];
            return executor_.keep(promise, *this);
        }
        abi::Item& item = out_.next();
        item.id.store_relaxed(promise.id); // NOLINT(clang-analyzer-core.CallAndMessage): it has one
        item.info.store_relaxed(message.info);
        for (unsigned i = 0; i < count; i++)
            item.words[i].store_relaxed(message.words[i]);
        promise.awaited = this;
    }

    /// The same for a message that no reply is wanted to. True if it was put in at once; else
    /// `promise` is woken when it is.
    template <unsigned count>
    bool submit_one_way(rt::PromiseBase& promise, const Message<count>& message) {
        Message<count> marked = message;
        marked.info |= abi::one_way;
        const bool at_once = !out_.stopped();
        submit(promise, marked);
        if (at_once)
            sent_one_way(promise, abi::line_bytes);
        return at_once;
    }

    /// Ends a call that is in flight, or waits for room, with this error: its reply will be
    /// dropped. False if it is neither.
    bool end_call(rt::PromiseBase& promise, CallError error);

    /// Bytes of replies that are owed, those of ended calls included.
    [[nodiscard]] Word owed() const { return out_.tail() - in_.head() - uncounted_; }

private:
    void take_replies();
    void take_any();
    void find_room();
    void give(rt::PromiseBase& promise, Word header);
    void finish(rt::PromiseBase& promise, Word header);
    bool put(rt::PromiseBase& promise);
    void sent_one_way(rt::PromiseBase& promise, Word bytes);
    void end_calls();

    const rt::FramePool::Ids ids_; ///< of the executor's pool
    Word uncounted_ = 0; ///< bytes of requests, less those of replies, that are not one for one
};

} // namespace ipc
