// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A folder for what is needed only for a moment. Always holds: it is this process's own, private,
/// and deleted at the end, whatever happens in between.
/// Read next: source_tree.hpp.
#pragma once

#include "autograder/source/source_tree.hpp"

#include <cstdlib>
#include <filesystem>
#include <string>

namespace grade {

class Scratch {
public:
    Scratch() {
        std::string form = (std::filesystem::temp_directory_path() / "rel4-grade-XXXXXX").string();
        if (mkdtemp(form.data()) == nullptr) {
            throw EnvironmentError("no folder can be made for temporary files: set TMPDIR");
        }
        path_ = form;
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() {
        std::error_code ignored; // nothing more can be done about it
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

} // namespace grade
