// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// git on a repository that somebody handed in. Only commands that read objects are for this: no
/// work tree is made, so no filter or hook of the repository runs. Its own settings are read by
/// git, so those that name programs are overruled, and nothing may be fetched.
/// Read next: intake_commit.cpp.
#pragma once

#include "autograder/source/shell.hpp"

#include <filesystem>
#include <fmt/core.h>

namespace grade {

/// Where the objects are. A .git that is a file or a link points elsewhere.
[[nodiscard]] inline std::filesystem::path
foreign_git_folder(const std::filesystem::path& repository) {
    const std::filesystem::path inner = repository / ".git";
    const auto type = std::filesystem::symlink_status(inner).type();
    return type == std::filesystem::file_type::directory ? inner : repository;
}

/// A shell command, without git's own command: " ls-tree ..." goes behind it.
[[nodiscard]] inline std::string foreign_git(const std::filesystem::path& repository) {
    return fmt::format(
        "env -i PATH=\"$PATH\" LC_ALL=C GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null "
        "GIT_NO_REPLACE_OBJECTS=1 GIT_NO_LAZY_FETCH=1 GIT_TERMINAL_PROMPT=0 "
        "GIT_ALLOW_PROTOCOL=none GIT_ALLOC_LIMIT=256m GIT_OPTIONAL_LOCKS=0 "
        "timeout 60 git --no-pager --git-dir={} -c core.hooksPath=/dev/null "
        "-c core.fsmonitor=false -c protocol.allow=never",
        shell_quoted(foreign_git_folder(repository).string()));
}

} // namespace grade
