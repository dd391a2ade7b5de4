// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Tests of tier peer: the lab's whole system runs on the emulated machine (user/labN-peer.elf),
/// and a script plays the network at the other end of its cable (platform/qemu/README.md). The
/// script has the verdict, outside of the machine. It is what the file in which the test stands
/// writes, if it is run with the test's id and a seed.
/// Read next: machine_tests.cpp.
#pragma once

#include "autograder/run/work_tree.hpp"
#include "autograder/sandbox/sandbox.hpp"
#include "autograder/source/test_plan.hpp"

namespace grade {

/// Where the script of a test is: beside the tree, where what is built there cannot reach it.
[[nodiscard]] std::filesystem::path peer_script_path(const WorkTree& tree, std::string_view id,
                                                     std::uint64_t seed);

/// Writes it there, and returns it.
/// @throws EnvironmentError if its program or this machine cannot
std::string write_peer_script(const Sandbox& sandbox, const WorkTree& tree, const PlannedTest& test,
                              std::uint64_t seed);

/// What the other end of the cable said last.
struct PeerVerdict {
    /// Nothing: the machine ended before the script did.
    std::optional<bool> passed;
    std::vector<std::string> messages; ///< what was expected, and what came
};

/// Nothing if it has said nothing: then the script was not even begun.
/// @param said what the emulator wrote to standard error, which nothing in the machine can
[[nodiscard]] std::optional<PeerVerdict> read_peer_verdict(std::string_view said,
                                                           std::string_view script);

} // namespace grade
