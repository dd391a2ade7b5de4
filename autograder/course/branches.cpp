// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Each lab is derived twice.
#include "autograder/course/branches.hpp"

#include "autograder/derive/tree.hpp"
#include "autograder/source/marker.hpp"

#include <fmt/core.h>

namespace grade {

namespace {

Snapshot snapshot(const std::vector<StageText>& tree, int lab, Kind kind) {
    Snapshot result;
    for (const StageText& text : tree) {
        result.files.push_back({text.path, text.content, text.is_executable});
    }
    const Marker marker = Marker::of(result.files, lab, std::string(text(kind)));
    result.files.push_back({Marker::path, marker.text()});
    return result;
}

} // namespace

Editions make_editions(const Course& course, Problems& problems) {
    Editions editions{.starter = {"starter", {}, {}, {}, {}},
                      .solution = {"solution", {}, {}, {}, {}}};
    for (int lab = 1; lab <= Stage::labs; ++lab) {
        const auto manifest = std::ranges::find(course.manifests(), lab, &Manifest::lab);
        if (manifest == course.manifests().end()) {
            break;
        }
        for (const Kind kind : {Kind::blank, Kind::solution}) {
            Edition& edition = kind == Kind::blank ? editions.starter : editions.solution;
            edition.labs.push_back(snapshot(derive_tree(course, lab, kind, problems), lab, kind));
            edition.titles.push_back(manifest->title);
        }
    }
    return editions;
}

std::string date_of(const std::filesystem::path& root) {
    constexpr const char* fixed = "946684800 +0000";
    if (!std::filesystem::exists(root / ".git")) {
        return fixed;
    }
    const Git git(root, Git::Config::user);
    return git.resolve("HEAD") ? git.run({"show", "-s", "--format=%ct", "HEAD"}) + " +0000" : fixed;
}

bool has_changes(const std::filesystem::path& root) {
    return std::filesystem::exists(root / ".git") &&
           !Git(root, Git::Config::user)
                .run({"status", "--porcelain", "--untracked-files=no"})
                .empty();
}

} // namespace grade
