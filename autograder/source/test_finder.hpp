// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The tests that stand in a lab's folder, each with its id and its title.
/// Read next: test_plan.hpp.
#pragma once

#include "autograder/source/problems.hpp"
#include "autograder/source/source_tree.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace grade {

/// Where a test is run: on this machine; on the emulated one, in its kernel or as a program; or at
/// the other end of its network cable, which a script plays (run/peer.hpp).
enum class Tier { host, kernel, guest, peer };

[[nodiscard]] std::string_view text(Tier tier);
[[nodiscard]] std::optional<Tier> read_tier(std::string_view text);

struct FoundTest {
    std::string title;
    std::string file;
    int line = 0;
    Tier tier{};
};

using FoundTests = std::map<std::string, FoundTest>; ///< by id

/// Those of labs/N-name/tests/TIER/: TEST("id: title"), TEST_CASE(...) and KERNEL_TEST(...) of
/// *.cpp, and of tier peer lines @test("id: title") of *.py.
[[nodiscard]] FoundTests find_tests(const SourceTree& tree, std::string_view folder,
                                    Problems& problems);

} // namespace grade
