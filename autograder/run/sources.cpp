// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The script says where the source is: CACHE/sources/NAME-VERSION/source.
#include "autograder/run/sources.hpp"

#include "autograder/source/language.hpp"
#include "autograder/source/process.hpp"

#include <fmt/core.h>

namespace grade {

Sources fetch_sources(const WorkTree& tree, const TestPlan& plan) {
    Sources sources;
    for (const std::string& source : plan.sources) {
        const std::size_t space = std::min(source.find(' '), source.size());
        const Finished fetched =
            run({.arguments = {(tree.path() / "tools/setup/debian-source.sh").string(),
                               source.substr(0, space), std::string(trim(source.substr(space)))},
                 .folder = tree.path()});
        if (fetched.status != 0) {
            throw EnvironmentError(
                fmt::format("the source package {} is not here: {}", source, fetched.error));
        }
        const std::filesystem::path folder =
            std::filesystem::path(trim(fetched.output)).parent_path();
        sources.folders.push_back(folder);
        sources.environment = {"REL4_CACHE=" + folder.parent_path().parent_path().string()};
    }
    return sources;
}

} // namespace grade
