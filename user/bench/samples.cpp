// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Few samples, sorted when asked.
/// @stage{none}
#include "user/bench/samples.hpp"

#include <algorithm>

namespace bench {

void Samples::add(Word value) {
    if (count_ < most)
        values_[count_++] = value;
}

void Samples::sort() { std::sort(values_, values_ + count_); }

Word Samples::median() {
    sort();
    return count_ == 0 ? 0 : values_[count_ / 2];
}

Word Samples::least() {
    sort();
    return values_[0];
}

Word Samples::greatest() {
    sort();
    return count_ == 0 ? 0 : values_[count_ - 1];
}

void report(const char* name, Samples& samples, const char* config, const char* part) {
    if (samples.least() == 0)
        return complain(name, "an operation failed");
    println("figure ", name, " value=", samples.median(), " least=", samples.least(),
            " greatest=", samples.greatest(), " samples=", samples.count(), config, part);
}

void complain(const char* name, const char* why) { println("missing ", name, ": ", why); }

} // namespace bench
