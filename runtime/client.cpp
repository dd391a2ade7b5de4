// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Replies, and requests that are long or found no room.
/// Read next: runtime/server.hpp.
/// @stage{5}
#include "runtime/client.hpp"

#include "kernel/lib/todo.hpp"
#include "runtime/long_message.hpp"

namespace ipc {

// Your own helpers: begin
// Your own helpers: end

namespace {

/// What of a reply's header must be the id that is waited for, and no more: everything but the
/// label and the lowest bit of the length. Then it has at most one word, no capabilities, no flags.
constexpr Word simple = ~(Word{0xffff << 9 | 1} << 32);

/// Bytes of replies that are taken before others have a turn.
constexpr Word budget = 64 * abi::line_bytes;

Client& of(rt::Connection& connection) { return static_cast<Client&>(connection); }

} // namespace

Client::Client(rt::Executor& executor, rt::Ends ends, rt::Callback notify, rt::Priority priority)
    : Connection(
          executor, ends, notify, priority,
          {.dispatch = [](Connection& self) { of(self).take_replies(); },
           .put = [](Connection& self, rt::PromiseBase& promise) { return of(self).put(promise); },
           .fail =
               [](Connection& self, rt::PromiseBase& promise) {
                   of(self).finish(promise, no_header(CallError::peer_gone));
               },
           .end_calls = [](Connection& self) { of(self).end_calls(); }}),
      ids_(executor.pool().ids()) {}

/// @lab{5.4} Takes simple replies in a row, and the rest by the long path: nothing is called before
/// that, so nothing is saved. What does not fit the budget is taken in the next round.
void Client::take_replies() {
    if (!find_lines())
        return;
    begin_burst();
    const rt::FramePool::Ids ids = ids_;
    for (abi::Item& item : in_.take(std::min(in_.run(), budget))) {
        const Word header = rt::load_header(item);
        rt::PromiseBase& promise = rt::PromiseBase::of(ids.head_of(header));
        if ((header & simple) != promise.id || promise.awaited != this) [[unlikely]] {
            in_.give_back(&item);
            return take_any();
        }
        promise.reply.header = header;
        promise.reply.words[0] = item.words[0].load_relaxed();
        promise.awaited = nullptr;
        promise.id = static_cast<uint32_t>(header + ids.generation);
        executor_.wake(promise);
    }
    if (out_.stopped()) [[unlikely]]
        find_room(); // whoever calls now would have to wait for it
}

/// Takes replies of any kind, and drops those that nobody waits for.
void Client::take_any() {
    for (Word left = budget; left != 0 && in_.available() != 0; left -= abi::line_bytes) {
        const Word header = rt::load_header(in_.line_at(0));
        const Word bytes = abi::lines_of(rt::info_of(header).length()) * abi::line_bytes;
        if (bytes > in_.available())
            return close();
        rt::PromiseBase& promise = rt::PromiseBase::of(ids_.head_of(header));
        if (promise.id == static_cast<uint32_t>(header) && promise.awaited == this)
            give(promise, header);
        in_.advance_by(bytes);
        uncounted_ -= bytes - abi::line_bytes;
    }
}

/// Copies a reply of any length out.
void Client::give(rt::PromiseBase& promise, Word header) {
    const abi::ItemInfo info = rt::info_of(header);
    if (info.has(abi::refused))
        return finish(promise, no_header(CallError::refused));
    const LongMessage* const call = promise.long_message;
    const Word space = call == nullptr ? abi::item_words : call->reply_space.size();
    if (info.length() > space)
        return finish(promise, no_header(CallError::too_long));
    const bool short_or_own = call == nullptr || info.length() <= 1; // as take_replies() does it
    rt::copy_words(in_, 0, info.length(),
                   short_or_own ? promise.reply.words : call->reply_space.data());
    finish(promise, header & ~(Word{abi::item_flags} << 32));
}

void Client::finish(rt::PromiseBase& promise, Word header) {
    promise.reply.header = header;
    promise.kept_for = nullptr;
    promise.awaited = nullptr;
    promise.id = executor_.pool().id_after(promise.id);
    executor_.wake(promise);
}

/// Looks for room for as many requests as there is room for replies.
void Client::find_room() {
    if (owed() > in_.capacity() || out_.refill(in_.capacity() - owed()) == rt::Ring::corrupt)
        close();
}

/// Puts the message of a promise into the ring. False if there is no room, or none for its reply.
bool Client::put(rt::PromiseBase& promise) {
    const bool is_long = promise.long_message != nullptr;
    const abi::ItemInfo info = promise.reply.info();
    const std::span<const Word> words =
        is_long ? promise.long_message->words
                : std::span<const Word>(promise.reply.words, info.length());
    if (words.size() > abi::message_words) {
        finish(promise, no_header(CallError::too_long));
        return true;
    }
    const Word bytes = abi::lines_of(static_cast<unsigned>(words.size())) * abi::line_bytes;
    if (owed() > in_.capacity()) { // less than none: more replies have come than calls were made
        close();
        return false;
    }
    const Word replies = in_.capacity() - owed();
    if ((!info.has(abi::one_way) && replies == 0) || !make_room(bytes, std::max(replies, bytes)))
        return false;
    rt::put_message(out_, promise.id, info, words);
    promise.kept_for = nullptr;
    if (info.has(abi::one_way)) {
        sent_one_way(promise, bytes);
        executor_.wake(promise);
    } else {
        uncounted_ += bytes - abi::line_bytes;
        promise.awaited = this;
    }
    return true;
}

void Client::sent_one_way(rt::PromiseBase& promise, Word bytes) {
    uncounted_ += bytes;
    promise.awaited = nullptr;
    promise.reply.header = 0;
}

bool Client::end_call(rt::PromiseBase& promise, CallError error) {
    const bool waits = promise.kept_for == this && remove_waiting(promise);
    if (!waits && promise.awaited != this)
        return false;
    finish(promise, no_header(error));
    return true;
}

void Client::end_calls() {
    executor_.pool().for_each_awaiting(*this, [this](rt::PromiseHead& head) {
        finish(rt::PromiseBase::of(head), no_header(CallError::peer_gone));
    });
}

} // namespace ipc
