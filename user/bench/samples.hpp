// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The samples of one figure. The figure is their median: the kernel's tick comes in less than one
/// sample in a thousand, so it never is in the figure, and shows in the greatest sample only.
///
///     figure sync.yield value=150 least=150 greatest=1320 samples=256 fastpath=1
///
/// Read next: tools/bench/figures.py, which reads these lines.
/// @stage{none}
#pragma once

#include "user/lib/console.hpp"

namespace bench {

using abi::Word;

class Samples {
public:
    static constexpr unsigned most = 256;

    /// Samples behind the last one that fits are left out.
    void add(Word value);
    [[nodiscard]] bool full() const { return count_ == most; }
    /// 0 if there are none.
    [[nodiscard]] Word median();
    [[nodiscard]] Word least();
    [[nodiscard]] Word greatest();
    [[nodiscard]] unsigned count() const { return count_; }

private:
    void sort();

    Word values_[most] = {};
    unsigned count_ = 0;
};

/// Writes the line of a figure; `config` is what tells it from others of the same name, as in
/// " spaces=2"; `part` likewise.
void report(const char* name, Samples& samples, const char* config = "", const char* part = "");

/// Tells that a benchmark could not be done: its figure is missing then.
void complain(const char* name, const char* why);

} // namespace bench
