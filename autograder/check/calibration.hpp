// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Bands from measurements. The reference earns all points of a performance test, and the
/// straightforward design, where mutants.toml has one, 60 % of them:
///
///     [[straightforward]]
///     exercise = "4.4"
///     test = "speed"
///     replace = "..."        # found exactly once in the reference's body
///     with = "..."
///
/// Always holds: a band that gives these points already is left as it is.
/// Read next: ../run/bands.hpp.
#pragma once

#include "autograder/check/mutants.hpp"
#include "autograder/run/bands.hpp"

namespace grade {

/// Values of one performance test: the most instructions of all seeds.
struct Measured {
    std::uint64_t reference = 0;
    std::optional<std::uint64_t> straightforward;
};

/// Whether the band gives what it should.
[[nodiscard]] bool fits(const Band& band, const Measured& measured);

/// @param other a band of the test with another compiler, which says how far the points reach if
///     there is no straightforward design
[[nodiscard]] Band make_band(const Measured& measured, std::optional<Band> other);

/// bands.toml with the band in its place, or behind all others; all else as it was.
/// @param text may be empty: then the file is begun
[[nodiscard]] std::string with_band(std::string text, std::string_view compiler,
                                    std::string_view test, const Band& band);

/// One of any compiler, the first in the file.
[[nodiscard]] std::optional<Band> any_band(const SourceTree& tree, std::string_view lab_folder,
                                           std::string_view test, Problems& problems);

/// The straightforward designs of a lab, as bodies that mutate() puts in; their tests are those
/// that measure them.
[[nodiscard]] std::vector<Mutant> read_straightforward(const SourceTree& source,
                                                       std::span<const StageText> solution,
                                                       const Manifest& manifest,
                                                       const TestPlan& plan, Problems& problems);

} // namespace grade
