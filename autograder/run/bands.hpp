// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// labs/N-name/bands.toml: what a measured value is worth, for each version of the compiler.
///
///     [llvm-19.perf-ring]
///     full = 130     # this or less gives all points
///     none = 400     # this or more gives none; between them the points fall evenly
///
/// Read next: score.hpp.
#pragma once

#include "autograder/source/problems.hpp"
#include "autograder/source/source_tree.hpp"

#include <map>
#include <optional>

namespace grade {

struct Band {
    std::uint64_t full;
    std::uint64_t none; ///< > full

    /// 0 to 1.
    [[nodiscard]] double part(std::uint64_t value) const;
};

class Bands {
public:
    /// Empty if the lab has no such file.
    /// @param compiler "llvm-19": the table to read
    static Bands read(const SourceTree& tree, std::string_view lab_folder,
                      std::string_view compiler, Problems& problems);

    /// Nothing if this compiler has none for the test: then its points are not scored here.
    [[nodiscard]] std::optional<Band> find(std::string_view test) const;

private:
    std::map<std::string, Band, std::less<>> bands_;
};

} // namespace grade
