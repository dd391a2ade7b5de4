// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What a scenario calls, in its threads and outside of them.
/// @stage{4}
#include "runtime/tests/explore/run.hpp"

#include <cstring>
#include <tuple>
#include <utility>

namespace explore {

namespace {

/// There is one thread: a word has the value that is in memory.
uint64_t operate_alone(const Operation& operation) {
    if (operation.address == nullptr)
        return 0; // a fence
    uint64_t old = 0;
    std::memcpy(&old, operation.address, operation.size);
    const bool changes = writes(operation, old);
    const uint64_t value = written(operation, old);
    if (changes)
        std::memcpy(operation.address, &value, operation.size);
    return operation.action == Action::compare_exchange ? changes : old;
}

} // namespace

uint64_t Run::operate(const Operation& operation) {
    if (!in_thread_)
        return operate_alone(operation);
    const unsigned thread = last_;
    Actor& actor = actors_[thread];
    if (has_word(operation.action)) {
        if (memory_.full(operation.address))
            fail(Verdict::misuse, "there are more words than " + std::to_string(most_words));
        actor.word = memory_.number(operation.address, operation.size);
    }
    arrive(thread, waits_for_loads(operation.action));
    actor.next = operation;
    actor.done = false;
    const bool private_fence =
        operation.action == Action::fence_acquire || operation.action == Action::fence_release;
    if (private_fence && memory_.ways(thread, operation, 0) != 0 &&
        memory_.knowledge(thread).operations < limits_.operations)
        perform(thread, {});
    else
        go_on(thread);
    return actor.result;
}

void Run::access(const void* object, Action action) {
    if (!in_thread_)
        return;
    const unsigned thread = last_;
    auto cell = std::ranges::find(cells_, object, &Cell::object);
    if (cell == cells_.end())
        cell = cells_.insert(cell, {.object = object});
    steps_.push_back({.operation = {.action = action, .address = const_cast<void*>(object)},
                      .thread = static_cast<uint8_t>(thread),
                      .word = 0,
                      .result = {}});
    for (unsigned other = 0; other < count_; other++) {
        check_order(cell->written[other], other, object);
        if (action == Action::write)
            check_order(cell->read[other], other, object);
    }
    auto& mine = action == Action::write ? cell->written : cell->read;
    mine[thread] = {static_cast<uint16_t>(memory_.knowledge(thread).operations + 1),
                    static_cast<uint32_t>(steps_.size())};
}

/// An access of another thread must come before what this thread does now.
void Run::check_order(const Access& earlier, unsigned by, const void* object) {
    if (memory_.ordered(by, earlier.operations, last_))
        return;
    std::string text = "data race on " + text_of(object) + ": nothing puts step " +
                       std::to_string(earlier.step) + " before step " +
                       std::to_string(steps_.size());
    fail(Verdict::data_race, std::move(text));
}

void Run::name(const void* object, std::string&& text, std::initializer_list<const char*> values) {
    if (named_ == names_.size())
        names_.emplace_back();
    Name& name = names_[named_++];
    name.object = object;
    name.text = std::move(text);
    name.values.assign(values.begin(), values.end());
}

const Run::Name* Run::name_of(const void* object) const {
    const std::span known(names_.data(), named_);
    const auto name = std::ranges::find(known, object, &Name::object);
    return name == known.end() ? nullptr : &*name;
}

std::string Run::text_of(const void* object) const {
    if (const Name* name = name_of(object))
        return name->text;
    const auto word = std::ranges::find(memory_.words(), object, &Word::address);
    return "word" + std::to_string(word - memory_.words().begin() + 1);
}

std::string Run::where() const {
    return in_thread_ ? std::string("in ") + actors_[last_].name : "at the end";
}

/// The first failure counts. A thread that fails goes no further, and no destructor on its stack
/// runs any more: so nothing is left of the text.
void Run::fail(Verdict verdict, std::string&& text) {
    if (verdict_ == Verdict::passed)
        std::tie(verdict_, failure_) = std::pair(verdict, std::move(text));
    std::string().swap(text);
    if (!in_thread_)
        throw Stop();
    actors_[last_].failed = true;
    for (;;)
        fibers_[last_].pause();
}

void threads(std::span<const Thread> list) {
    if (Run* run = Run::current())
        run->run_threads(list);
}

void check(bool holds, const char* text) {
    Run* run = Run::current();
    if (holds || run == nullptr)
        return;
    std::string failure = "check failed " + run->where() + ": ";
    failure += text;
    run->fail(Verdict::check_failed, std::move(failure));
}

void name_object(const void* object, std::string text, std::initializer_list<const char*> values) {
    if (Run* run = Run::current())
        run->name(object, std::move(text), values);
}

uint64_t operate(const Operation& operation) {
    const auto action = Weakened::instead_of(operation.action);
    if (!action)
        return 0;
    Operation made = operation;
    made.action = *action;
    Run* run = Run::current();
    return run != nullptr ? run->operate(made) : operate_alone(made);
}

Weakened::Weakened(Action action) { now |= bit(action); }
Weakened::~Weakened() { now = 0; }

std::optional<Action> Weakened::instead_of(Action action) {
    if ((now & bit(action)) == 0)
        return action;
    switch (action) {
    case Action::load_acquire:
        return Action::load_relaxed;
    case Action::store_release:
        return Action::store_relaxed;
    default:
        return {};
    }
}

void pause() { operate({.action = Action::pause}); }

void reads(const void* object) {
    if (Run* run = Run::current())
        run->access(object, Action::read);
}

void writes(const void* object) {
    if (Run* run = Run::current())
        run->access(object, Action::write);
}

void Notification::send(unsigned vector) {
    const uint64_t bit = uint64_t{1} << vector;
    sent_++;
    const uint64_t old = operate(
        {.action = Action::send, .size = sizeof pending_, .address = &pending_, .operand = bit});
    sent_twice_ += (old & bit) != 0 ? 1 : 0;
}

uint64_t Notification::park() {
    return operate({.action = Action::park, .size = sizeof pending_, .address = &pending_});
}

} // namespace explore
