// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Requests and answers that are not simple, and full rings.
/// @stage{5}
#include "runtime/server.hpp"

namespace ipc {

namespace {

ServerEnd& of(rt::Connection& connection) { return static_cast<ServerEnd&>(connection); }

} // namespace

ServerEnd::ServerEnd(rt::Executor& executor, rt::Ends ends, rt::Callback notify,
                     rt::Priority priority, Take take_requests)
    : Connection(
          executor, ends, notify, priority,
          {.dispatch = take_requests,
           .put = [](Connection& self, rt::PromiseBase& promise) { return of(self).put(promise); },
           .fail =
               [](Connection& self, rt::PromiseBase& promise) {
                   promise.kept_for = nullptr;
                   of(self).executor_.wake(promise); // nobody is there to be answered
               },
           .end_calls = [](Connection&) {}}),
      take_requests_(take_requests) {}

bool ServerEnd::find_room() {
    do {
        const rt::Ring ring = out_.refill();
        if (ring == rt::Ring::corrupt)
            close();
        blocked_ = ring != rt::Ring::ready;
        if (ring != rt::Ring::blocked)
            return !blocked_;
    } while (!may_wait(out_));
    return false;
}

void ServerEnd::take_when_room() {
    if (find_room())
        take_requests_(*this);
}

bool ServerEnd::take_whole(Taken& request) {
    if (in_.available() == 0)
        return false;
    blocked_ = in_progress_ >= most_in_progress_;
    if (blocked_)
        return false;
    if (out_.stopped() && !find_room())
        return false;
    request.header = rt::load_header(in_.line_at(0));
    const unsigned length = rt::info_of(request.header).length();
    const Word bytes = abi::lines_of(length) * abi::line_bytes;
    if (bytes > in_.available()) {
        close();
        return false;
    }
    rt::copy_words(in_, 0, length, request.words);
    in_.advance_by(bytes);
    return true;
}

void ServerEnd::put_answer(Word header, abi::ItemInfo info, std::span<const Word> words) {
    if (!rt::info_of(header).has(abi::one_way))
        rt::put_message(out_, static_cast<uint32_t>(header), info, words);
}

void ServerEnd::refuse(Word header) {
    put_answer(header, abi::ItemInfo::make(0, 0, 0, abi::refused), {});
}

bool ServerEnd::answer(rt::PromiseBase& promise, Word header, abi::ItemInfo info,
                       std::span<const Word> words) {
    if (!open_ || rt::info_of(header).has(abi::one_way))
        return true;
    if (!out_.stopped()) {
        put_answer(header, info, words);
        return true;
    }
    promise.reply.header = static_cast<uint32_t>(header) | Word{info.word} << 32;
    std::copy(words.begin(), words.end(), promise.reply.words);
    executor_.keep(promise, *this);
    return false;
}

void ServerEnd::ended() {
    const bool others_wait = in_progress_-- >= most_in_progress_;
    if (!open_ || !others_wait)
        return;
    blocked_ = false;
    executor_.look_at(*this);
}

bool ServerEnd::put(rt::PromiseBase& promise) {
    const abi::ItemInfo info = promise.reply.info();
    if (!make_room(abi::line_bytes))
        return false;
    put_answer(static_cast<uint32_t>(promise.reply.header), info,
               {promise.reply.words, info.length()});
    promise.kept_for = nullptr;
    executor_.wake(promise);
    return true;
}

} // namespace ipc
