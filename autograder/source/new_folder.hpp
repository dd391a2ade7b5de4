// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A folder that is filled before it takes its name, so that nobody sees it half made.
/// Read next: source_tree.hpp.
#pragma once

#include "autograder/source/source_tree.hpp"

#include <cstdlib>
#include <filesystem>
#include <fmt/core.h>
#include <string>
#include <string_view>

namespace grade {

/// A new folder beside another, deleted at the end unless it was renamed.
class NewFolder {
public:
    NewFolder(const std::filesystem::path& beside, std::string_view purpose) {
        std::string form = (beside.parent_path() /
                            fmt::format(".{}.{}-XXXXXX", beside.filename().string(), purpose))
                               .string();
        if (mkdtemp(form.data()) == nullptr) {
            throw EnvironmentError(
                fmt::format("no folder can be made in {}", beside.parent_path().string()));
        }
        path_ = form;
        using enum std::filesystem::perms; // mkdtemp makes a private one
        std::filesystem::permissions(path_, owner_all | group_read | group_exec | others_read |
                                                others_exec);
    }
    NewFolder(const NewFolder&) = delete;
    NewFolder& operator=(const NewFolder&) = delete;
    ~NewFolder() {
        std::error_code ignored; // nothing more can be done about it
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

} // namespace grade
