// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What tests must say that do not know the answer themselves: a line "ID SEED NUMBER" for each
/// such test and each seed that is given as an argument.
/// Read next: labs/1-capabilities/tests/answers/model.hpp.
#include "labs/1-capabilities/tests/answers/model.hpp"

#include <cstdlib>
#include <iostream>

namespace {

uint64_t answer(uint64_t seed) {
    model::Model model;
    history::Script script(seed);
    history::Digest digest;
    for (unsigned i = 0; i < history::steps; i++) {
        const model::Answer answer = model.carry_out(script.next());
        digest.add(static_cast<uint64_t>(answer.error), answer.free, model.full());
    }
    return digest.number();
}

} // namespace

int main(int count, char** arguments) {
    for (int i = 1; i < count; i++) {
        const uint64_t seed = std::strtoull(arguments[i], nullptr, 10);
        std::cout << "history " << seed << ' ' << answer(seed) << '\n';
    }
    return std::cout.flush() ? 0 : 1;
}
