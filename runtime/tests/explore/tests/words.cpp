// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// @stage{4}
#include "runtime/tests/explore/tests/words.hpp"

namespace {

struct Tried {
    Seen seen;
    uint64_t executions;
};

Tried tried(const std::vector<Body>& bodies, const explore::Limits& limits) {
    Seen seen;
    const auto scenario = [&] {
        Words words;
        Results results(bodies.size());
        std::vector<explore::Thread> threads;
        threads.reserve(bodies.size());
        for (std::size_t i = 0; i < bodies.size(); i++)
            threads.push_back({"thread", [&, i] { results[i] = bodies[i](words); }});
        explore::threads(threads);
        results.push_back(words.x.load_relaxed());
        results.push_back(words.y.load_relaxed());
        seen.insert(results);
    };
    const explore::Outcome outcome = explore::all("litmus", scenario, limits);
    CHECK_MESSAGE(outcome.passed(), outcome.report());
    return {seen, outcome.executions - outcome.redundant};
}

} // namespace

Seen outcomes_and_ends(const std::vector<Body>& bodies, const explore::Limits& limits) {
    return tried(bodies, limits).seen;
}

Seen outcomes(const std::vector<Body>& bodies, const explore::Limits& limits) {
    Seen seen;
    for (const Results& results : tried(bodies, limits).seen)
        seen.emplace(results.begin(), results.end() - 2);
    return seen;
}

uint64_t executions(const std::vector<Body>& bodies, const explore::Limits& limits) {
    return tried(bodies, limits).executions;
}
