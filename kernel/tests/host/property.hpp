// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Random sequences of calls, to compare the kernel with a model. A failure tells the seed, and
/// the shortest sequence that was found. Each run tries the same sequences, so that nothing fails
/// by chance; others with RC_PARAMS="seed=5 max_success=20000" in the environment.
/// Reference: https://github.com/emil-e/rapidcheck. Read next: kernel/tests/cap/mdb_model.cpp.
/// @stage{none}
#pragma once

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <tuple>
#include <vector>

namespace property {

/// Numbers from which a test makes one call: what to do, to what.
using Step = std::tuple<unsigned, unsigned, unsigned, unsigned>;
using Steps = std::vector<Step>;

inline rc::Gen<Steps> steps() {
    const auto number = rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0U, 1U << 16));
    return rc::gen::container<Steps>(rc::gen::tuple(number, number, number, number));
}

/// Checks `property`, which takes Steps, with some hundred sequences of up to `longest` steps.
template <class Property>
void holds(Property property, int sequences = 300, int longest = 120) {
    setenv("RC_PARAMS", "seed=1", 0); // NOLINT(concurrency-mt-unsafe): there is one thread
    rc::detail::TestParams params = rc::detail::configuration().testParams;
    params.maxSuccess = std::max(params.maxSuccess, sequences);
    params.maxSize = longest;
    const auto result =
        rc::detail::checkTestable([&] { property(*steps()); }, rc::detail::TestMetadata{}, params);
    std::ostringstream text;
    rc::detail::printResultMessage(result, text);
    const bool success = result.template is<rc::detail::SuccessResult>();
    CHECK_MESSAGE(success, "RC_PARAMS=\"seed=", params.seed, "\": ", text.str());
}

} // namespace property
