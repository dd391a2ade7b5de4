// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What happens seldom on a connection.
/// @stage{5}
#include "runtime/connection.hpp"

#include "runtime/executor.hpp"

namespace rt {

Connection::Connection(Executor& executor, Ends ends, Callback notify, Priority priority, Role role)
    : executor_(executor), out_(ends.out), in_(ends.in), level_(&executor.level(priority)),
      role_(role), notify_(notify) {}

Connection::~Connection() { executor_.detach(*this); }

void Connection::join_burst() {
    if (in_burst_ || !open_)
        return;
    executor_.wake(*this);
    begin_burst();
}

void Connection::put_kept(PromiseBase& promise) {
    join_burst();
    if (open_ && waiting_.first == nullptr && role_.put(*this, promise))
        return;
    if (open_)
        wait_for_room(promise);
    else
        role_.fail(*this, promise);
}

void Connection::wait_for_room(PromiseBase& promise) {
    promise.next = nullptr;
    (waiting_.first == nullptr ? waiting_.first : waiting_.last->next) = &promise;
    waiting_.last = &promise;
    executor_.rare_ = true;
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
    do {
        if (out_.run() >= bytes)
            return true;
        if (out_.refill(most) == Ring::corrupt) {
            close();
            return false;
        }
        if (out_.room() >= bytes)
            return true;
    } while (!may_wait(out_));
    return false;
}

/// In their order, as long as there is room.
void Connection::send_waiting() {
    join_burst();
    while (waiting_.first != nullptr) {
        PromiseBase& promise = PromiseBase::of(*waiting_.first);
        RunNode* const next = promise.next;
        if (!role_.put(*this, promise))
            return;
        waiting_.first = next;
    }
}

void Connection::close() {
    if (!open_)
        return;
    open_ = false;
    in_burst_ = false; // from now on nothing is written to the buffer
    blocked_ = true;   // and nothing is read
    out_.discard();
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
