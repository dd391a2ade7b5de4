// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The last part of a grade: whether a student's own system works, with her exercises of all labs
/// so far. The lab itself is graded on the reference, so that no mistake is paid for twice; this
/// part is where it costs something, and it says where the mistake is.
/// Always holds: without a submission's earlier labs, or with one that breaks everything, nothing
/// but this part is lost.
/// Read next: class_run.hpp.
#pragma once

#include "autograder/run/lab.hpp"

namespace grade {

/// Adds the integration part to a result that is complete otherwise: a tenth of the lab's points,
/// for the points that the lab's tests on the machine give again on the student's own system. No
/// test gives more there than with the reference.
/// @throws EnvironmentError
void integrate(const Lab& lab, const Submission& submission, const Job& job, WorkTree& tree,
               Result& result);

} // namespace grade
