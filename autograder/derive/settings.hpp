// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// labs/stages.toml: the stage of files that cannot or need not name their own, the includes that
/// come from elsewhere, and what the search for leaks lets pass. Each exception has a reason.
/// Read next: labs/stages.toml, course.hpp.
#pragma once

#include "autograder/derive/stage.hpp"
#include "autograder/source/source_tree.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace grade {

struct Allowance {
    std::string name; ///< an identifier, goal or path; for solution text the exercise's id
    std::string in;   ///< paths begin so; empty: everywhere
};

class Settings {
public:
    static constexpr const char* path = "labs/stages.toml";

    /// @throws EnvironmentError if there is no such file
    static Settings read(const SourceTree& tree, Problems& problems);

    /// Of the longest prefix of the path that has one.
    [[nodiscard]] std::optional<Stage> stage_of(std::string_view path) const;
    /// @param path of a header, or of a file with includes that cannot be followed
    [[nodiscard]] bool is_from_elsewhere(std::string_view path) const;
    [[nodiscard]] bool allows(std::string_view name, std::string_view path) const;

private:
    friend class SettingsReader;

    std::map<std::string, Stage> stages_;
    std::vector<std::string> includes_;
    std::vector<Allowance> allowances_;
};

} // namespace grade
