// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A folder of a test's own, gone at its end.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

class Scratch {
public:
    Scratch() {
        std::string form = (std::filesystem::temp_directory_path() / "rel4-grade XXXXXX").string();
        folder_ = mkdtemp(form.data());
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    [[nodiscard]] std::filesystem::path operator/(const std::string& name) const {
        return folder_ / name;
    }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

private:
    std::filesystem::path folder_;
};
