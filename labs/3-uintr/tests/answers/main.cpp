// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What tests must say that do not know the answer themselves: a line "ID SEED NUMBER" for each
/// such test and each seed that is given as an argument. A model of senders and badges.
/// Read next: labs/3-uintr/tests/badges.hpp.
#include "labs/3-uintr/tests/badges.hpp"

#include <cstdlib>
#include <iostream>
#include <set>

namespace {

using badges::Step;

uint64_t answer(uint64_t seed, bool with_ends) {
    badges::Script script(seed, with_ends);
    badges::Digest digest;
    std::set<uint64_t> pending;
    for (Step step = script.next(); step.what != Step::stop; step = script.next()) {
        if (step.what == Step::send)
            pending.insert(step.badge);
        else if (step.what == Step::end && !script.lives(step.badge))
            pending.erase(step.badge); // its vector is nobody's now
        else if (step.what == Step::take) {
            for (const uint64_t badge : pending)
                digest.add(badge);
            digest.close();
            pending.clear();
        }
    }
    return digest.number();
}

} // namespace

int main(int count, char** arguments) {
    for (int i = 1; i < count; i++) {
        const uint64_t seed = std::strtoull(arguments[i], nullptr, 10);
        std::cout << "badges " << seed << ' ' << answer(seed, false) << '\n'
                  << "badges-end " << seed << ' ' << answer(seed, true) << '\n';
    }
    return std::cout.flush() ? 0 : 1;
}
