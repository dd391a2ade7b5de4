// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A small submission for the tests of intake, in folders of their own.
#pragma once

#include "autograder/overlay/intake.hpp"

#include <archive_entry.h>
#include <cstdlib>
#include <doctest/doctest.h>
#include <fstream>

namespace submissions {

namespace fs = std::filesystem;

class IntakeFolder {
public:
    IntakeFolder() {
        std::string form = (fs::temp_directory_path() / "intake-XXXXXX").string();
        path_ = mkdtemp(form.data());
    }
    IntakeFolder(const IntakeFolder&) = delete;
    IntakeFolder& operator=(const IntakeFolder&) = delete;
    ~IntakeFolder() { fs::remove_all(path_); }
    [[nodiscard]] fs::path operator/(const std::string& name) const { return path_ / name; }

private:
    fs::path path_;
};

inline grade::IntakeOrder order() {
    grade::IntakeOrder result;
    result.wanted = {"kernel/a.cpp", "kernel/deep/b.cpp", ".stage.toml", "answers-lab3.md"};
    result.answers = "answers-lab3.md";
    result.lab = 3;
    return result;
}

inline void put(const fs::path& path, const std::string& text) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

struct Member {
    std::string path;
    std::string content;
    unsigned type = AE_IFREG;
    std::string link = {};      ///< where a symbolic link points
    std::string hard_link = {}; ///< another name for
};

inline const std::vector<Member> good = {{"top/kernel/a.cpp", "int a;\n"},
                                         {"top/kernel/deep/b.cpp", "int b;\n"},
                                         {"top/Makefile", "all:\n"},
                                         {"top/.stage.toml", "lab = 3\nkind = \"starter\"\n"}};

inline void check_good(const grade::Intake& intake) {
    INFO((intake ? "" : intake.error()));
    REQUIRE(intake.has_value());
    CHECK(intake->files.size() == 3);
    CHECK(intake->files.at("kernel/a.cpp") == "int a;\n");
    CHECK(intake->lab == 3);
    CHECK(intake->ignored == 1);
    CHECK(intake->warnings.empty());
}

inline bool fails(const grade::Intake& intake, const std::string& says) {
    INFO((intake ? "no error" : intake.error()));
    CHECK_FALSE(intake.has_value());
    return !intake && intake.error().contains(says);
}

} // namespace submissions
