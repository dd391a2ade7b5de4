// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Courses, their repositories and students' clones in temporary folders.
#pragma once

#include "autograder/course/branches.hpp"
#include "autograder/source/scratch.hpp"

#include <doctest/doctest.h>
#include <fstream>
#include <iterator>

namespace repositories {

namespace fs = std::filesystem;

inline void put(const fs::path& path, const std::string& text) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

inline std::string content(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// Replaces what must be there once.
inline void edit(const fs::path& path, const std::string& from, const std::string& to) {
    std::string text = content(path);
    const std::size_t at = text.find(from);
    REQUIRE_MESSAGE(at != std::string::npos, path.string(), " has no ", from);
    put(path, text.replace(at, from.size(), to));
}

/// The small course in fixture/, which tests may change, and its repositories.
class SmallCourse {
public:
    SmallCourse() { fs::copy("autograder/tests/fixture", root(), fs::copy_options::recursive); }

    [[nodiscard]] fs::path root() const { return scratch_.path() / "course"; }
    [[nodiscard]] fs::path operator/(const std::string& name) const {
        return scratch_.path() / name;
    }
    [[nodiscard]] grade::Git starter() const {
        return {*this / "starter.git", grade::Git::Config::none, true};
    }

    [[nodiscard]] grade::Editions editions() const {
        grade::Problems problems;
        const auto source = grade::SourceTree::read(root());
        const grade::Course course(source, problems);
        grade::Editions editions = grade::make_editions(course, problems);
        for (const grade::Problem& problem : problems.all()) {
            FAIL(problem.path << ":" << problem.line << ": " << problem.text);
        }
        editions.starter.date = editions.solution.date = "1700000000 +0000";
        return editions;
    }

    [[nodiscard]] std::vector<grade::Appended> append(const std::string& name = "starter.git",
                                                      const std::string& message = {}) const {
        grade::Editions all = editions();
        grade::Edition& edition = name.starts_with("solutions") ? all.solution : all.starter;
        edition.message = message;
        return grade::append(*this / name, edition);
    }

private:
    grade::Scratch scratch_;
};

/// A student's clone of a repository, on the branch lab1.
class Clone {
public:
    Clone(const fs::path& repository, const fs::path& folder)
        : folder_(folder), git_(folder, grade::Git::Config::none) {
        const grade::Git parent(folder.parent_path(), grade::Git::Config::none);
        parent.run({"clone", "--quiet", repository.string(), folder.string()});
        name_user();
    }

    [[nodiscard]] const grade::Git& git() const { return git_; }
    [[nodiscard]] fs::path operator/(const std::string& path) const { return folder_ / path; }
    [[nodiscard]] const fs::path& folder() const { return folder_; }

    void commit() const {
        git_.run({"add", "."});
        git_.run({"commit", "--quiet", "-m", "what I did"});
    }

private:
    void name_user() const {
        git_.run({"config", "user.name", "A student"});
        git_.run({"config", "user.email", "student@rel4.invalid"});
    }

    fs::path folder_;
    grade::Git git_;
};

/// Every blob that the repository has, reachable or not.
inline std::string all_blobs(const grade::Git& git) {
    return git.run({"cat-file", "--batch-all-objects", "--batch"});
}

/// Without white space.
inline std::string dense(const std::string& text) {
    std::string result;
    for (const char letter : text) {
        if (letter != ' ' && letter != '\n') {
            result += letter;
        }
    }
    return result;
}

} // namespace repositories
