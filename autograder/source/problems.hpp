// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What is wrong with a source tree, each with its place and what mends it. Checks go on after a
/// problem, so that one run shows all.
/// Always holds: sorted by place, none twice.
/// Read next: stage_text.hpp.
#pragma once

#include <compare>
#include <set>
#include <string>
#include <utility>

namespace grade {

struct Problem {
    std::string path;
    int line; ///< from 1
    std::string text;

    auto operator<=>(const Problem&) const = default;
};

class Problems {
public:
    void add(std::string path, int line, std::string text) {
        all_.insert({std::move(path), line, std::move(text)});
    }

    [[nodiscard]] bool empty() const { return all_.empty(); }
    [[nodiscard]] const std::set<Problem>& all() const { return all_; }

private:
    std::set<Problem> all_;
};

} // namespace grade
