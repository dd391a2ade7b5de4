// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// From the start of an execution to its end: threads that take turns.
/// Read next: scenario.cpp, what they call.
/// @stage{4}
#include "runtime/tests/explore/run.hpp"

#include <exception>
#include <tuple>
#include <utility>

namespace explore {

Run::Run(const Limits& limits) : limits_(limits) {
    for (unsigned thread = 0; thread < most_threads; thread++)
        bodies_[thread] = [this, thread] { run_body(thread); };
}

void Run::reset() {
    memory_.clear();
    count_ = last_ = preemptions_ = reorderings_ = 0;
    refuted_ = has_decided_ = false;
    verdict_ = Verdict::passed;
    failure_.clear();
    steps_.clear();
    decided_ = 0;
    decisions_.clear();
    cells_.clear();
    named_ = 0;
}

/// Runs it; what it throws, in words.
std::string Run::thrown_by(const std::function<void()>& function) {
    try {
        function();
    } catch (const Stop&) {
        return {}; // all is said
    } catch (const std::exception& exception) {
        return exception.what();
    } catch (...) {
        return "of unknown type";
    }
    return {};
}

void Run::execute(const std::function<void()>& scenario, Strategy& strategy) {
    reset();
    strategy_ = &strategy;
    Run* const before = std::exchange(current_run, this);
    const std::string thrown = thrown_by(scenario);
    current_run = before;
    if (!thrown.empty() && verdict_ == Verdict::passed)
        std::tie(verdict_, failure_) = std::pair(Verdict::exception, exception_text(thrown));
    else if (count_ == 0 && verdict_ == Verdict::passed)
        std::tie(verdict_, failure_) = std::pair(Verdict::misuse, "there are no threads");
}

void Run::run_body(unsigned thread) {
    std::string thrown = thrown_by(*actors_[thread].body);
    if (thrown.empty())
        return arrive(thread, true);
    thrown = exception_text(thrown);
    fail(Verdict::exception, std::move(thrown));
}

std::string Run::exception_text(const std::string& thrown) const {
    return "exception " + where() + ": " + thrown;
}

/// A thread comes to its next operation, or to its end.
void Run::arrive(unsigned thread, bool no_overtaking) {
    const Actor& actor = actors_[thread];
    if (actor.next.action == Action::load_relaxed && actor.done)
        strategy_->follows(actor.history, no_overtaking);
}

void Run::run_threads(std::span<const Thread> list) {
    if (count_ != 0 || in_thread_)
        return fail(Verdict::misuse, "threads() is called twice in one execution");
    if (list.empty() || list.size() > most_threads)
        return fail(Verdict::misuse, "there must be one to four threads");
    for (const Thread& thread : list)
        actors_[count_++] = {
            .name = thread.name, .body = &thread.body, .history = mixed(count_ + 1, 0)};
    in_thread_ = true;
    for (last_ = 0; last_ < count_; last_++)
        fibers_[last_].start(bodies_[last_]);
    in_thread_ = false;
    last_ = 0;
    while (const std::optional<Decision> decision = next_decision()) {
        if (!possible(*decision))
            fail(Verdict::misuse, "this decision cannot be taken: the schedule is of another "
                                  "scenario, or it does not do the same each time");
        take(*decision);
        if (actors_[last_].failed)
            continue;
        in_thread_ = true;
        fibers_[last_].resume();
        in_thread_ = false;
    }
    finish();
}

/// What the strategy decides, or has decided in go_on(); nothing at the end.
std::optional<Decision> Run::next_decision() {
    if (verdict_ != Verdict::passed && memory_.all_arrived())
        return {};
    if (std::exchange(has_decided_, false))
        return next_;
    return strategy_->decide(*this);
}

/// Before its next operation a thread stops, if not the strategy wants it to go on at once: most
/// often it does, and so the switch to the scheduler and back is saved.
void Run::go_on(unsigned thread) {
    if (!decisions_.empty()) {
        next_ = next_decision();
        has_decided_ = true;
        if (next_ && next_->thread == thread && possible(*next_)) {
            has_decided_ = false;
            take(*next_);
            if (!actors_[thread].failed)
                return;
        }
    }
    fibers_[thread].pause();
}

/// Says what it means that nothing more happens.
void Run::finish() {
    refuted_ = !memory_.all_arrived();
    if (refuted_)
        verdict_ = Verdict::passed; // whatever happened cannot
    if (refuted_ || verdict_ != Verdict::passed)
        throw Stop();
    std::string waiting;
    for (unsigned thread = 0; thread < count_; thread++) {
        if (!ended(thread))
            waiting += (waiting.empty() ? "" : " and ") + std::string(actors_[thread].name);
    }
    if (!waiting.empty())
        fail(Verdict::deadlock, "deadlock: nobody will ever wake " + waiting);
}

bool Run::possible(const Decision& decision) const {
    if (decision.thread >= count_ || !able(decision.thread, true))
        return false;
    const Actor& actor = actors_[decision.thread];
    return decision.late ? actor.next.action == Action::load_relaxed
                         : decision.way < memory_.ways(decision.thread, actor.next, actor.word);
}

void Run::take(const Decision& decision) {
    if (decision.thread != last_ && !decisions_.empty() && able(last_, false) &&
        memory_.ways(last_, actors_[last_].next, actors_[last_].word) != 0)
        preemptions_++;
    if (decision.late || decision.way != 0)
        reorderings_++;
    decisions_.push_back(decision);
    decided_ = steps_.size();
    last_ = decision.thread;
    perform(last_, decision);
    if (memory_.knowledge(last_).operations < limits_.operations)
        return;
    actors_[last_].failed = true;
    if (verdict_ == Verdict::passed) {
        verdict_ = Verdict::endless_loop;
        failure_ = std::string("endless loop: ") + actors_[last_].name + " has made " +
                   std::to_string(limits_.operations) + " operations and goes on";
    }
}

/// The operation that a thread stands before happens.
void Run::perform(unsigned thread, const Decision& decision) {
    Actor& actor = actors_[thread];
    const Action action = actor.next.action;
    const auto number = static_cast<uint32_t>(steps_.size() + 1);
    const Memory::Result result =
        decision.late ? memory_.load_late(thread, actor.word, decision.value, number)
                      : memory_.perform(thread, actor.next, actor.word, decision.way, number);
    steps_.emplace_back(actor.next, static_cast<uint8_t>(thread), actor.word, result);
    actor.result = action == Action::compare_exchange ? result.wrote : result.value;
    actor.done = true;
    actor.history = mixed(actor.history, actor.result);
    actor.hurries = result.late || (actor.hurries && !result.wrote);
    note_news(actor, result);
}

/// Has the operation brought anything new?
void Run::note_news(Actor& actor, const Memory::Result& result) const {
    const Action action = actor.next.action;
    if (action == Action::pause) {
        actor.idle = std::max(actor.idle, 2 * limits_.patience);
    } else if (has_word(action)) {
        actor.idle = result.news ? 0 : actor.idle + 1;
        if (actor.idle == 0 || actor.idle == limits_.patience)
            actor.idle_words = 0;
        if (!is_store(action))
            actor.idle_words |= uint64_t{1} << actor.word;
    }
}

} // namespace explore
