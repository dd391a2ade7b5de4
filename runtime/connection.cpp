// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What happens seldom on a connection.
/// @stage{5}
#include "runtime/connection.hpp"

#include "runtime/executor.hpp"

namespace rt {

namespace {

/// Of the longest message: less room than this may be what a message waits for.
constexpr Word most_line_bytes = abi::most_lines * abi::line_bytes;

} // namespace

Connection::Connection(Executor& executor, Ends ends, Callback notify, Priority priority, Role role)
    : executor_(executor), out_(ends.out), in_(ends.in), level_(&executor.level(priority)),
      role_(role), notify_(notify) {}

void Connection::join_burst() {
    if (in_burst_)
        return;
    executor_.wake(*this);
    begin_burst();
}

void Connection::put_kept(PromiseBase& promise) {
    join_burst();
    if (open_ && (waiting_.first != nullptr || !role_.put(*this, promise)))
        wait_for_room(promise);
    else if (!open_)
        role_.fail(*this, promise);
}

void Connection::wait_for_room(PromiseBase& promise) {
    promise.next = nullptr;
    (waiting_.first == nullptr ? waiting_.first : waiting_.last->next) = &promise;
    waiting_.last = &promise;
}

bool Connection::remove_waiting(PromiseBase& promise) {
    RunNode* before = nullptr;
    for (RunNode* node = waiting_.first; node != &promise; node = node->next) {
        if (node == nullptr)
            return false;
        before = node;
    }
    (before == nullptr ? waiting_.first : before->next) = promise.next;
    if (waiting_.last == &promise)
        waiting_.last = before;
    return true;
}

bool Connection::make_room(Word bytes, Word most) {
    if (out_.run() >= bytes)
        return true;
    const Ring ring = out_.refill(most);
    if (ring == Ring::corrupt)
        close();
    return ring == Ring::ready && out_.room() >= bytes;
}

/// In their order, as long as there is room. If it is the ring that is full, the other side is
/// asked to tell when it is not.
void Connection::send_waiting() {
    join_burst();
    do {
        while (waiting_.first != nullptr) {
            PromiseBase& promise = PromiseBase::of(*waiting_.first);
            RunNode* const next = promise.next;
            if (!role_.put(*this, promise))
                break;
            waiting_.first = next;
        }
    } while (waiting_.first != nullptr && out_.room() < most_line_bytes && !may_wait(out_));
}

void Connection::close() {
    if (!open_)
        return;
    open_ = false;
    blocked_ = true; // what has come is not taken
    out_.close();
    role_.dispatch = [](Connection&) {};
    for (RunNode* node = std::exchange(waiting_.first, nullptr); node != nullptr;) {
        PromiseBase& promise = PromiseBase::of(*node);
        node = promise.next;
        role_.fail(*this, promise);
    }
    role_.end_calls(*this);
    on_close_();
}

} // namespace rt
