// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Through temporary files, which is how these commands of git take their texts.
#include "autograder/student/merge.hpp"

#include "autograder/source/git.hpp"
#include "autograder/source/scratch.hpp"

#include <fmt/core.h>
#include <fstream>

namespace grade {

namespace {

namespace fs = std::filesystem;

void write(const fs::path& path, const std::string& content) {
    fs::create_directories(path.parent_path());
    std::ofstream stream(path, std::ios::binary);
    stream << content;
    stream.close();
    if (!stream) {
        throw EnvironmentError(fmt::format("{} cannot be written", path.string()));
    }
}

} // namespace

std::optional<std::string> merge(const std::string& base, const std::string& mine,
                                 const std::string& theirs) {
    if (base == theirs) {
        return mine;
    }
    const Scratch scratch;
    write(scratch.path() / "mine", mine);
    write(scratch.path() / "base", base);
    write(scratch.path() / "theirs", theirs);
    Finished merged = Git(scratch.path(), Git::Config::none)
                          .attempt({"merge-file", "--stdout", "mine", "base", "theirs"});
    return merged.status == 0 ? std::optional(std::move(merged.output)) : std::nullopt;
}

std::string difference(const std::string& path, const std::string& before,
                       const std::string& after) {
    const Scratch scratch;
    write(scratch.path() / "a" / path, before);
    write(scratch.path() / "b" / path, after);
    return Git(scratch.path(), Git::Config::none)
        .attempt({"diff", "--no-index", "--no-color", "--no-prefix", "--binary", "a", "b"})
        .output;
}

} // namespace grade
