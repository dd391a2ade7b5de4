// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Setting up, whose turn it is, and the end.
/// @stage{6}
#include "kernel/async/registration.hpp"

#include "kernel/cap/finalise.hpp"
#include "kernel/cap/mdb.hpp"
#include "kernel/lib/todo.hpp"
#include "kernel/object/notification.hpp"
#include "kernel/sched/remote.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/syscall/preempt.hpp"
#include "runtime/long_message.hpp"
#include "runtime/status.hpp"

#include <algorithm>
#include <memory>
#include <utility>

// Your own helpers: begin
// Your own helpers: end

namespace {

/// What a hart does, or is about to do, as a number that can be compared with priorities: nothing
/// is -1, and the kernel is the most important.
int level(const Hart& hart) {
    const Tcb* tcb = hart.current;
    if (tcb == &hart.idle)
        tcb = hart.queues[sched::current_domain].most_important();
    if (tcb == nullptr)
        return -1;
    return tcb->state == Tcb::State::serving ? int{abi::priorities} : tcb->priority;
}

void resume(async::Handler::promise_type& handler) {
    /// @cond NONE
    trace::point(trace::Event::resume, 0);
    /// @endcond
    std::coroutine_handle<async::Handler::promise_type>::from_promise(handler).resume();
    /// @cond NONE
    trace::point(trace::Event::suspend, 0);
    /// @endcond
}

/// @lab{6.3} the hart that does the least important thing, if that is less important than `tcb`;
/// else its own
HartIndex choose_hart(const Tcb& tcb) {
    HartIndex chosen = tcb.place.hart;
    int least = tcb.priority;
    for (HartIndex index = 0; index < hart_count; index++) {
        if (level(harts[index]) < least) {
            least = level(harts[index]);
            chosen = index;
        }
    }
    return chosen;
}

} // namespace

Result<Outcome> Registration::add_frame(Slot& source) {
    if (memory_ != nullptr || frame_count_ == abi::buffer_frames)
        return failure(abi::Error::illegal_operation);
    constexpr Word rights = abi::read | abi::write;
    if (!source.cap.is<FrameCap>() || source.cap.as<FrameCap>().device() ||
        (source.cap.as<FrameCap>().rights() & rights) != rights)
        return invalid_capability(1);
    mdb::insert(source.cap.as<FrameCap>().unmapped(), source, frames_[frame_count_++]);
    return Outcome::done;
}

Result<Outcome> Registration::check(const Tcb& owner, const Slot& notification,
                                    abi::RingLines lines) const {
    if (!notification.cap.is<NotificationCap>() ||
        (notification.cap.as<NotificationCap>().rights() & abi::write) == 0)
        return invalid_capability(1);
    if (memory_ != nullptr || owner.registration != nullptr || !frames_are_there())
        return failure(abi::Error::illegal_operation);
    if (!abi::RingLines::possible(lines.requests))
        return invalid_argument(0);
    if (!abi::RingLines::possible(lines.replies))
        return invalid_argument(1);
    Word room = 0;
    for (unsigned i = 0; i < frame_count_; i++)
        room += Word{1} << frames_[i].cap.as<FrameCap>().size_bits();
    if (abi::buffer_bytes(lines) > room)
        return not_enough_memory(room);
    return Outcome::done;
}

unsigned Registration::open(Tcb& owner, Slot& notification, abi::RingLines lines, Word bytes) {
    mdb::insert(notification.cap.as<NotificationCap>().copy(), notification, signal_);
    set_up(lines);
    pages_ = {}; // it is not made of zeroes, as what is fresh from an untyped
    memory_ = reinterpret_cast<char*>(this) + abi::async_base_bytes;
    memory_end_ = reinterpret_cast<char*>(this) + bytes;
    unsigned handlers = 0;
    while (handlers < abi::most_async_coroutines) {
        const auto handler = async::handle_calls(this).coroutine;
        if (!handler)
            break;
        waiting_.push_back(handler.promise());
        handlers++;
    }
    owner_ = &owner;
    owner.registration = this;
    worker_.registration = this;
    return handlers;
}

void Registration::set_up(abi::RingLines lines) {
    auto& header = *window<abi::BufferHeader>(frames_[0].cap.as<FrameCap>().base());
    const async::FrameLines requests(frames_, abi::ring_offset, lines.requests * abi::line_bytes);
    const async::FrameLines replies(frames_, abi::replies_offset(lines),
                                    lines.replies * abi::line_bytes);
    std::construct_at(&requests_, header.server.in, header.client.out, requests);
    std::construct_at(&replies_, header.server.out, header.client.in, replies);
    header.server.in.state.store_relaxed(abi::armed);
}

bool Registration::frames_are_there() const {
    for (unsigned i = 0; i < frame_count_; i++) {
        if (frames_[i].empty())
            return false;
    }
    return frame_count_ != 0;
}

void* Registration::allocate(size_t bytes) {
    constexpr Word place = abi::async_coroutine_bytes;
    if (bytes > place || static_cast<Word>(memory_end_ - memory_) < place)
        return nullptr;
    return std::exchange(memory_, memory_ + place);
}

void Registration::wake() {
    if (closed() || worker_.state == Tcb::State::serving)
        return;
    const HartIndex hart = choose_hart(*owner_);
    if (hart == this_hart().index && serve_here())
        return;
    worker_.priority = owner_->priority;
    worker_.place = owner_->place;
    worker_.place.hart = static_cast<uint8_t>(hart);
    worker_.ticks_left = owner_->ticks_left;
    worker_.state = Tcb::State::serving;
    if (hart == this_hart().index)
        sched::run_first(worker_);
    else
        sched::enqueue(worker_);
}

/// Its owner itself, which is the current thread, works at its requests, for it is as important.
/// True if it came to an end.
bool Registration::serve_here() {
    while (!serve()) {
        if (sleep())
            return true;
        if (preempt::pending()) // another hart may go on giving it work
            return false;
    }
    return false;
}

bool Registration::serve() {
    if (!still_open())
        return false;
    settle();
    bool more = true;
    bool alone = true;
    while (!closed() && more && alone) {
        serve_turn();
        more = !ready_.empty() || calls_left_ == 0;
        alone = this_hart().action == Hart::Action::resume && !preempt::pending();
    }
    if (!closed())
        publish();
    return more && !closed();
}

/// @lab{6.4} one turn: preempted calls go on, then requests are served; each that needs a coroutine
/// gets one that waits, if there is one
///
/// Calls that were preempted when the turn begins go on in their order, each once. If something
/// waits for the end of the turn behind one of them, the turn ends: the others come first in the
/// next. A turn has calls_in_a_turn calls, and ends with the registration.
void Registration::serve_turn() {
    calls_left_ = calls_in_a_turn;
    const async::Handler::promise_type* const last = ready_.last;
    for (bool more = last != nullptr; more && !closed();) {
        auto& next = ready_.pop_front();
        resume(next);
        more = &next != last;
        if (more && preempt::pending()) // the others come first in the next turn
            return;
    }
    while (serve_pages() && !waiting_.empty())
        resume(waiting_.pop_front());
}

bool Registration::still_open() {
    if (!closed() && !frames_are_there())
        close();
    return !closed();
}

void Registration::settle() {
    pages_.clean();
    pages_.forget();
}

bool Registration::owner_runs_elsewhere() const {
    const Hart& hart = closed() ? this_hart() : harts[owner_->place.hart];
    return &hart != &this_hart() && hart.current == owner_;
}

bool Registration::sleep() {
    if (still_open() && !rt::may_sleep(requests_))
        return false;
    if (!closed() && worker_.state == Tcb::State::serving) // its time was its owner's
        owner_->ticks_left = std::min(owner_->ticks_left, worker_.ticks_left);
    worker_.state = Tcb::State::inactive;
    return true;
}

/// Serves requests by the short path. True if there is one that needs the long path.
bool Registration::serve_pages() {
    while (calls_left_ != 0 && !closed()) {
        const auto found = requests_.stopped() ? requests_.refill() : rt::Ring::ready;
        if (found == rt::Ring::blocked)
            return false;
        if (found == rt::Ring::corrupt || !fits(abi::line_bytes))
            return cut_off();
        const Word most =
            std::min({requests_.run(), replies_.run(), calls_left_ * abi::line_bytes});
        abi::Item* reply = replies_.take(0).first;
        const rt::Run run = requests_.take(most);
        const Word served = pages_.serve(*owner_, run, reply);
        requests_.give_back(rt::further(run.first, served));
        replies_.take(served);
        calls_left_ -= served / abi::line_bytes;
        if (served != most)
            return true;
    }
    return false;
}

bool Registration::take(async::Call& call) {
    return serve_pages() && may_make_another() && copy_request(call);
}

/// After the first call of a turn, which brings it forward, there is another only if nothing waits
/// for the end of the turn.
bool Registration::may_make_another() {
    const bool may = calls_left_ == calls_in_a_turn || !preempt::pending();
    calls_left_ = may ? calls_left_ - 1 : 0;
    return may;
}

/// @lab{6.6} Copies a request out of the ring. False if it is not there as a whole.
///
/// Its owner may change it meanwhile: the header is loaded once. A request that is not there as a
/// whole cuts the owner off. One that is too short for its object and extra capabilities has no
/// words; one that is too long has as many as a message can have. All its lines are taken.
bool Registration::copy_request(async::Call& call) {
    const Word header = rt::load_header(requests_.line_at(0));
    const abi::ItemInfo info = rt::info_of(header);
    const Word bytes = abi::lines_of(info.length()) * abi::line_bytes;
    if (bytes > requests_.available())
        return cut_off();
    call.id = static_cast<uint32_t>(header);
    call.label = static_cast<uint32_t>(abi::label_of_item(info.label()));
    call.extra_caps = info.extra_caps();
    const unsigned before = 1 + call.extra_caps;
    call.length = std::clamp(info.length(), before, before + abi::message_words) - before;
    rt::copy_words(requests_, 0, 1, &call.object);
    rt::copy_words(requests_, 1, before, call.buffer.caps_or_badges);
    rt::copy_words(requests_, before, before + call.length, call.buffer.message);
    requests_.advance_by(bytes);
    return true;
}

void Registration::reply(const async::Call& call) {
    if (!still_open()) // the call itself may have ended it
        return;
    if (!fits(abi::lines_of(call.length) * abi::line_bytes))
        return close();
    rt::put_message(replies_, call.id, abi::ItemInfo::make(call.label, call.length),
                    {call.buffer.message, call.length});
}

/// Is there room in the ring of replies?
bool Registration::fits(Word bytes) {
    if (!replies_.stopped() && replies_.room() >= bytes)
        return true;
    return replies_.refill() == rt::Ring::ready && replies_.room() >= bytes;
}

/// Its owner broke the rules: there is no request.
bool Registration::cut_off() {
    close();
    return false;
}

void Registration::publish() {
    pages_.clean();
    if (rt::end_burst(replies_, requests_, false).notify)
        signal();
}

void Registration::signal() const {
    if (!signal_.cap.is<NotificationCap>())
        return;
    const auto signal = signal_.cap.as<NotificationCap>();
    signal.object().notify(signal.badge());
}

void Registration::close() {
    if (closed())
        return;
    worker_.suspend();
    owner_->registration = nullptr;
    owner_ = nullptr;
    pages_.clean();
    signal();
}

void Registration::follow_owner() {
    remote::stall(worker_);
    sched::set_priority(worker_, owner_->priority);
}

bool Registration::invariant() const {
    if (closed())
        return worker_.state == Tcb::State::inactive && !worker_.queued;
    const bool works = worker_.state == Tcb::State::serving;
    return owner_->registration == this && worker_.registration == this && pages_.is_clean() &&
           (works || (worker_.state == Tcb::State::inactive && !worker_.queued && ready_.empty()));
}

void Registration::end() {
    close();
    finalise::remove_simple(signal_);
    for (Slot& frame : frames_)
        finalise::remove_simple(frame);
}

namespace registration {

namespace {

Result<Outcome> add_frame(Invocation& call, const RegistrationCap& cap, const abi::AsyncAddFrame&) {
    return cap.object().add_frame(call.extra(0));
}

Result<Outcome> open(Invocation& call, const RegistrationCap& cap,
                     const abi::RegisterAsyncSyscall& message) {
    const abi::RingLines lines = {message.request_lines, message.reply_lines};
    const auto checked = cap.object().check(call.caller(), call.extra(0), lines);
    if (checked)
        call.answer(
            0, cap.object().open(call.caller(), call.extra(0), lines, Word{1} << cap.size_bits()));
    return checked;
}

} // namespace

Result<Outcome> invoke(Invocation& call, const RegistrationCap& cap) {
    return dispatch<&add_frame, &open>(call, cap);
}

} // namespace registration
