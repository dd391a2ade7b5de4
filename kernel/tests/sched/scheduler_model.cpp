// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The scheduler against a model: lists of threads by priority, and what each call does to them.
/// Read next: kernel/sched/scheduler.hpp.
/// @stage{none}
#include "kernel/sched/scheduler.hpp"
#include "kernel/tests/host/property.hpp"
#include "kernel/tests/host/world.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <ranges>

namespace {

class Model {
public:
    Model() {
        threads_.push_back(&world_.caller());
        for (unsigned i = 0; i < 8; i++)
            threads_.push_back(&world_.thread(priorities[i % 4]).cap.as<ThreadCap>().object());
        current_ = threads_[0];
    }

    /// One system call or tick, which may do several things; then the decision.
    void step(const property::Step& step) {
        const auto [what, a, b, data] = step;
        change(what % changes, *threads_[a % threads_.size()], data);
        if (data % 4 == 0 && what % changes != yields) // which is a system call of its own
            change(b % 4, *threads_[b / 4 % threads_.size()], data / 4);
        decide();
        sched::schedule();
        check();
    }

private:
    static constexpr unsigned changes = 6;
    static constexpr unsigned yields = 5; ///< the last of them
    static constexpr Prio priorities[] = {100, 63, 64, 200};
    using Queue = std::deque<Tcb*>;

    void change(unsigned what, Tcb& tcb, unsigned data) {
        switch (what) {
        case 0:
        case 1:
            return wake(tcb);
        case 2:
            return block(tcb);
        case 3:
            return set_priority(tcb, priorities[data % 4]);
        case 4:
            return tick();
        default:
            return yield();
        }
    }

    void wake(Tcb& tcb) {
        if (tcb.runnable())
            return;
        tcb.state = Tcb::State::running;
        sched::ready(tcb);
        ready(tcb);
    }
    void ready(Tcb& tcb) {
        if (anew_ || candidate_ != nullptr) {
            choose_anew();
            push_front(tcb);
        } else {
            candidate_ = &tcb;
        }
    }

    void block(Tcb& tcb) {
        tcb.suspend();
        if (&tcb == current_ && candidate_ == nullptr)
            anew_ = true;
        take(tcb);
    }

    void set_priority(Tcb& tcb, Prio priority) {
        take(tcb);
        sched::set_priority(tcb, priority);
        if (!tcb.runnable())
            return;
        if (&tcb != current_)
            ready(tcb);
        else if (anew_ || candidate_ != nullptr || above(priority)) // else it goes on
            choose_anew();
    }
    bool above(Prio priority) {
        return std::ranges::any_of(
            queues_, [&](const auto& one) { return one.first > priority && !one.second.empty(); });
    }

    void tick() {
        sched::tick();
        if (!current_->runnable() || current_ == &harts[0].idle)
            return;
        if (++ticks_[current_] < config::ticks_per_slice)
            return;
        ticks_[current_] = 0;
        push_back(*current_);
        choose_anew();
    }

    void yield() {
        if (!current_->runnable() || current_ == &harts[0].idle)
            return;
        sched::yield();
        take(*current_);
        push_back(*current_);
        choose_anew();
    }

    void push_front(Tcb& tcb) {
        if (!waits(tcb))
            queues_[tcb.priority].push_front(&tcb);
    }
    void push_back(Tcb& tcb) {
        if (!waits(tcb))
            queues_[tcb.priority].push_back(&tcb);
    }
    bool waits(const Tcb& tcb) {
        return std::ranges::any_of(
            queues_, [&](const auto& one) { return std::ranges::count(one.second, &tcb) > 0; });
    }
    void take(Tcb& tcb) {
        for (auto& [priority, queue] : queues_)
            std::erase(queue, &tcb);
        if (candidate_ == &tcb) {
            candidate_ = nullptr;
            anew_ = true;
        }
    }
    void choose_anew() {
        if (candidate_ != nullptr)
            push_front(*candidate_);
        candidate_ = nullptr;
        anew_ = true;
    }

    Tcb& first() {
        for (auto& [priority, queue] : queues_ | std::views::reverse) {
            if (!queue.empty())
                return *queue.front();
        }
        return harts[0].idle;
    }

    void decide() {
        const bool runs = current_ != &harts[0].idle && current_->runnable();
        if (candidate_ == nullptr && !anew_)
            return;
        if (runs)
            push_front(*current_);
        if (candidate_ != nullptr && runs && candidate_->priority == current_->priority)
            push_back(*candidate_);
        else if (candidate_ != nullptr)
            push_front(*candidate_);
        current_ = &first();
        candidate_ = nullptr;
        anew_ = false;
        take(*current_);
        anew_ = false;
    }

    void check() {
        RC_ASSERT(&current_thread() == current_);
        RC_ASSERT(sched::invariant());
        for (Tcb* tcb : threads_) {
            RC_ASSERT(tcb->queued == waits(*tcb));
            RC_ASSERT(tcb->queued == (tcb->runnable() && tcb != current_));
        }
        for (const auto& [priority, queue] : queues_) {
            const Tcb* expected = nullptr;
            for (const Tcb* tcb : queue) {
                RC_ASSERT(tcb->run_link.prev == expected);
                expected = tcb;
            }
        }
    }

    World world_;
    std::vector<Tcb*> threads_;
    std::map<Prio, Queue> queues_;
    std::map<Tcb*, unsigned> ticks_;
    Tcb* current_;
    Tcb* candidate_ = nullptr;
    bool anew_ = false;
};

} // namespace

TEST_SUITE("models") {
    TEST_CASE("scheduler") {
        property::holds([](const property::Steps& steps) {
            Model model;
            for (const property::Step& step : steps)
                model.step(step);
        });
    }
}
