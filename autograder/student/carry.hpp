// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A student's work in the tree of another starter, most often the next lab's. Three trees meet:
///
///     base: the starter that the student began with --- mine: what she has made of it
///       |                                                        |
///     next: the new starter ---------------------------------- the result
///
/// Own text, that is exercises and helper regions, is put into the new files, so there is nothing
/// to merge. What else she changed in the staff's files is merged, each file for itself; where that
/// is not possible the new starter's file stands, and her changes are set aside as a patch. Files
/// that she added stay.
/// Always holds: every exercise of hers that can be found is in the result to the byte (but for
/// carriage returns), and whatever of hers is not in the result is named in it.
/// Read next: next_lab.hpp.
#pragma once

#include "autograder/source/git.hpp"
#include "autograder/student/own_text.hpp"

#include <string>
#include <vector>

namespace grade {

struct Meeting {
    const Snapshot* base; ///< null if it is not known
    const Snapshot& mine;
    const Snapshot& next;
    int lab;      ///< of mine: later labs' exercises are not hers
    int next_lab; ///< in the names of what is set aside
};

struct Carried {
    Snapshot tree;
    std::vector<ExerciseId> done;
    std::vector<ExerciseId> holes; ///< of hers
    std::vector<std::string> merged;
    std::vector<std::string> set_aside; ///< new files of the tree: patches, and whole files
    std::vector<std::string> added;
    std::vector<std::string> unknown; ///< without a base: differ, hers or the staff's
    std::vector<std::string> warnings;
};

[[nodiscard]] Carried carry(const Meeting& meeting);

} // namespace grade
