// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The bundle of a lab's reference bodies, which the instructor releases to those who catch up.
/// Read next: ../student/catch_up.hpp.
#pragma once

#include "autograder/derive/course.hpp"
#include "autograder/student/catch_up.hpp"

namespace grade {

[[nodiscard]] Bundle make_bundle(const Course& course, int lab);

} // namespace grade
