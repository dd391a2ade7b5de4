// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Reading bands, and what a value is worth.
#include "autograder/run/bands.hpp"

#include "autograder/source/toml.hpp"

#include <fmt/core.h>

namespace grade {

double Band::part(std::uint64_t value) const {
    return value <= full   ? 1
           : value >= none ? 0
                           : static_cast<double>(none - value) / static_cast<double>(none - full);
}

Bands Bands::read(const SourceTree& tree, std::string_view lab_folder, std::string_view compiler,
                  Problems& problems) {
    Bands bands;
    const SourceFile* const file = tree.find(fmt::format("{}/bands.toml", lab_folder));
    const auto table = file != nullptr ? parse_toml(*file, problems) : std::nullopt;
    const toml::table* const of_compiler = table ? (*table)[compiler].as_table() : nullptr;
    if (of_compiler == nullptr) {
        return bands;
    }
    for (const auto& [test, node] : *of_compiler) {
        const auto number = [&](std::string_view key) {
            const toml::table* const band = node.as_table();
            return band != nullptr ? (*band)[key].value_or(std::int64_t{-1}) : -1;
        };
        const std::int64_t full = number("full");
        const std::int64_t none = number("none");
        if (full < 0 || none <= full) {
            problems.add(file->path, line_of(node), "a band has 0 <= full < none");
            continue;
        }
        bands.bands_.emplace(
            test.str(), Band{static_cast<std::uint64_t>(full), static_cast<std::uint64_t>(none)});
    }
    return bands;
}

std::optional<Band> Bands::find(std::string_view test) const {
    const auto found = bands_.find(test);
    return found != bands_.end() ? std::optional(found->second) : std::nullopt;
}

} // namespace grade
