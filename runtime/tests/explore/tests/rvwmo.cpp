// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The explorer's memory against RVWMO itself. Small random programs are run by both; whatever the
/// axioms admit, the explorer must have found.
///
/// The axioms are those of the RISC-V unprivileged specification 20191213, 14.1, for what the
/// operations of rt::SharedWord become: a global order of all loads and stores, a permutation that
/// keeps the preserved program order, from which the value of each load follows.
/// @stage{4}
#include "runtime/tests/explore/tests/program.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <iterator>

using explore::Action;

namespace {

struct Event {
    unsigned thread;
    unsigned index; ///< in the thread
    Instruction instruction;
};

class Axioms {
public:
    explicit Axioms(const Program& program) : program_(program) {
        for (unsigned thread = 0; thread < program.size(); thread++) {
            for (unsigned index = 0; index < program[thread].size(); index++) {
                if (!is_fence(program[thread][index].action))
                    events_.push_back({thread, index, program[thread][index]});
            }
        }
    }

    std::set<Results> results() {
        extend();
        return results_;
    }

private:
    /// Rules 1 and 4 to 7 of the preserved program order; 2 and 3 depend on values, 8 to 13 on
    /// syntax: no instruction here depends on another.
    [[nodiscard]] bool preserved(const Event& a, const Event& b) const {
        if (a.thread != b.thread || a.index >= b.index)
            return false;
        const bool same_word = a.instruction.word == b.instruction.word;
        if (same_word && stores(b.instruction))
            return true;
        if (is_exchange(a.instruction.action) || is_exchange(b.instruction.action))
            return true; // both with .aq and .rl
        if (a.instruction.action == Action::load_acquire)
            return true; // fence r,rw behind it
        if (b.instruction.action == Action::store_release)
            return true; // fence rw,w before it
        const auto& code = program_[a.thread];
        for (unsigned i = a.index + 1; i < b.index; i++) {
            if (ordered_by(code[i].action, a.instruction, b.instruction))
                return true;
        }
        return false;
    }

    /// By something that stands between them.
    static bool ordered_by(Action between, const Instruction& a, const Instruction& b) {
        switch (between) {
        case Action::fence_full:
            return true;
        case Action::fence_acquire: // fence r,rw
        case Action::load_acquire:
            return loads(a);
        case Action::fence_release: // fence rw,w
        case Action::store_release:
            return stores(b);
        default:
            return false;
        }
    }

    /// Tries all events that may come next in the global order.
    void extend() {
        if (order_.size() == events_.size())
            return evaluate();
        for (const Event& event : events_) {
            const bool done = std::ranges::count(order_, &event) != 0;
            const bool early = std::ranges::any_of(events_, [&](const Event& other) {
                return preserved(other, event) && std::ranges::count(order_, &other) == 0;
            });
            if (done || early)
                continue;
            order_.push_back(&event);
            extend();
            order_.pop_back();
        }
    }

    [[nodiscard]] std::size_t place(const Event& event) const {
        return static_cast<std::size_t>(std::ranges::find(order_, &event) - order_.begin());
    }

    /// Load value axiom: the last store, in the global order, of those before the load in the
    /// global order or in program order.
    [[nodiscard]] const Event* source(const Event& load) const {
        const Event* last = nullptr;
        for (const Event* store : order_) {
            const bool before = store->thread == load.thread ? store->index < load.index
                                                             : place(*store) < place(load);
            if (stores(store->instruction) && before &&
                store->instruction.word == load.instruction.word)
                last = store;
        }
        return last;
    }

    /// Rules 2 and 3.
    [[nodiscard]] bool coherent(const Event& a, const Event& b) const {
        if (a.thread != b.thread || a.index >= b.index || !loads(b.instruction) ||
            a.instruction.word != b.instruction.word || place(a) < place(b))
            return true;
        if (is_exchange(a.instruction.action) && source(b) == &a)
            return false;
        const bool store_between = std::ranges::any_of(events_, [&](const Event& event) {
            return event.thread == a.thread && event.index > a.index && event.index < b.index &&
                   stores(event.instruction) && event.instruction.word == a.instruction.word;
        });
        return !loads(a.instruction) || store_between || source(a) == source(b);
    }

    void evaluate() {
        for (const Event& a : events_) {
            for (const Event& b : events_) {
                if (!coherent(a, b))
                    return;
            }
        }
        Results results;
        for (const Event& event : events_) {
            if (loads(event.instruction)) {
                const Event* store = source(event);
                results.push_back(store == nullptr ? 0 : store->instruction.value);
            }
        }
        std::array<uint32_t, program_words> last = {};
        for (const Event* event : order_) {
            if (stores(event->instruction))
                last[event->instruction.word] = event->instruction.value;
        }
        results.insert(results.end(), last.begin(), last.end());
        results_.insert(results);
    }

    const Program& program_;
    std::vector<Event> events_;
    std::vector<const Event*> order_;
    std::set<Results> results_;
};

} // namespace

TEST_SUITE("explore") {
    TEST_CASE("whatever RVWMO admits is found") {
        constexpr Action others[] = {
            Action::load_acquire,  Action::store_release, Action::exchange,  Action::fence_acquire,
            Action::fence_release, Action::fence_full,    Action::fence_full};
        for (unsigned seed = 1; seed <= 200; seed++) {
            const Program program = random_program(seed, others);
            const std::set<Results> admitted = Axioms(program).results();
            const std::set<Results> found = explored(program, {}).results;
            std::set<Results> missing;
            std::ranges::set_difference(admitted, found, std::inserter(missing, missing.end()));
            CHECK_MESSAGE(missing.empty(), "seed ", seed, "\n", text(program), "missing:\n",
                          text(missing));
        }
    }
}
