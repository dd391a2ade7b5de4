// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// How the strategies decide.
/// @stage{4}
#include "runtime/tests/explore/search.hpp"

namespace explore {

Foreign Experience::of(unsigned thread, unsigned first_used) const {
    return first_used < values_[thread].size() ? Foreign(values_[thread][first_used]) : Foreign();
}

bool Experience::learn(const Run& run) {
    bool learnt = false;
    for (const Step& step : run.steps()) {
        // A compare_exchange that has failed counts too: earlier it might not have.
        if (!is_store(step.operation.action) && !is_exchange(step.operation.action))
            continue;
        const uint64_t value = written(step.operation, step.result.value);
        const Word& word = run.memory().words()[step.word];
        for (unsigned thread = 0; thread < run.actors().size(); thread++) {
            if (thread != step.thread && word.first_used[thread] != 0)
                learnt = add(thread, word.first_used[thread], value) || learnt;
        }
    }
    return learnt;
}

bool Experience::add(unsigned thread, unsigned first_used, uint64_t value) {
    auto& words = values_[thread];
    words.resize(std::max<std::size_t>(words.size(), first_used + 1U));
    std::vector<uint64_t>& values = words[first_used];
    if (std::ranges::find(values, value) != values.end())
        return false;
    values.push_back(value);
    return true;
}

std::optional<Decision> Exhaustive::decide(Run& run) {
    if (depth_ < path_.size()) {
        Node& node = path_[depth_++];
        const Decision& decision = node.options[node.option];
        const uint64_t now = operation(run, decision);
        if (node.operation == 0)
            node.operation = now;
        return node.operation == now ? decision : Decision{.thread = most_threads};
    }
    const std::span<const Decision> options = run.options();
    if (options.empty())
        return {};
    if (redundant_)
        return options.front();
    Node node{.options = {},
              .step = static_cast<uint32_t>(run.steps().size() + 1),
              .operation = 0,
              .sleep = sleep_now(run)};
    for (const Decision& decision : options) {
        const uint32_t since = node.sleep[decision.thread];
        if (since == 0 || run.loads_since(decision, since))
            node.options.push_back(decision);
    }
    redundant_ = node.options.empty();
    if (redundant_)
        return options.front();
    node.operation = operation(run, node.options.front());
    path_.push_back(std::move(node));
    depth_++;
    return path_.back().options.front();
}

/// To notice a scenario that does not do the same each time.
uint64_t Exhaustive::operation(const Run& run, const Decision& decision) {
    const Run::Actor& actor = run.actors()[decision.thread];
    const uint64_t hash = mixed(static_cast<uint64_t>(actor.next.action) + 1, actor.word);
    return mixed(hash, actor.next.operand);
}

/// Who sleeps after the last step: who slept before it or had been tried, and is not affected.
Exhaustive::Sleep Exhaustive::sleep_now(const Run& run) const {
    if (depth_ == 0 || !run.limits().reduce || run.bounded())
        return {};
    const Node& node = path_[depth_ - 1];
    Sleep sleep = node.sleep;
    for (const Decision& done : std::span(node.options).first(node.option)) {
        if (!done.late)
            sleep[done.thread] = node.step;
    }
    for (unsigned thread = 0; thread < most_threads; thread++) {
        if (sleep[thread] != 0 && run.affected(thread))
            sleep[thread] = 0;
    }
    return sleep;
}

void Exhaustive::follows(uint64_t history, bool no_overtaking) {
    if (no_overtaking)
        in_vain_.insert(history);
}

bool Exhaustive::next() {
    depth_ = 0;
    redundant_ = false;
    while (!path_.empty() && path_.back().option + 1 == path_.back().options.size())
        path_.pop_back();
    if (path_.empty())
        return false;
    path_.back().option++;
    path_.back().operation = 0;
    return true;
}

std::optional<Foreign> Random::foreign(unsigned thread, unsigned first_used) const {
    if (experience_ == nullptr)
        return {};
    return experience_->of(thread, first_used);
}

std::optional<Decision> Random::decide(Run& run) {
    const std::span<const Decision> options = run.options();
    if (options.empty())
        return {};
    return options[random_() % options.size()];
}

std::optional<Decision> Replay::decide(Run& run) {
    if (depth_ < decisions_.size())
        return decisions_[depth_++];
    const std::span<const Decision> options = run.options();
    if (options.empty())
        return {};
    return options.front();
}

} // namespace explore
