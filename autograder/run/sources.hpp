// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Debian's source packages that programs of a lab are made of: `sources` in its manifest. They are
/// fetched once, into the cache that all checkouts share; where things are built there is no
/// network, and of the cache nothing else can be seen.
/// Read next: tools/setup/debian-source.sh.
#pragma once

#include "autograder/run/work_tree.hpp"
#include "autograder/source/test_plan.hpp"

namespace grade {

struct Sources {
    std::vector<std::filesystem::path> folders;
    std::vector<std::string> environment; ///< by which make finds them
};

/// @throws EnvironmentError if this machine has not got one and cannot fetch it
[[nodiscard]] Sources fetch_sources(const WorkTree& tree, const TestPlan& plan);

} // namespace grade
