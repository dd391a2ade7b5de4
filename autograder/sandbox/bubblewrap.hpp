// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What bubblewrap is told: namespaces of its own for everything, no capabilities, and a file
/// system put together from nothing, of which only the View's writable folders, /tmp and /dev/shm
/// can be written.
/// Always holds: paths are the same inside and outside, so that messages and debug information of
/// compilers are right.
/// Read next: sandbox.cpp; bwrap(1).
#pragma once

#include "autograder/sandbox/sandbox.hpp"

#include <optional>
#include <string>
#include <vector>

namespace grade {

/// The program; empty if it is not installed.
std::string bubblewrap_program();

/// All arguments but the command's. bwrap writes its report to descriptor `status`.
/// @throws EnvironmentError for a path that View does not allow
std::vector<std::string> bubblewrap_arguments(const View& view, const Limits& limits, int status);

/// The exit status of the command in the report; nothing if it was not started or had not ended.
std::optional<int> bubblewrap_status(std::string_view report);

} // namespace grade
