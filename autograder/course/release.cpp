// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Bodies as students' trees have them: of the lab's own stage, from which on they never change.
#include "autograder/course/release.hpp"

namespace grade {

Bundle make_bundle(const Course& course, int lab) {
    Bundle bundle;
    bundle.lab = lab;
    for (const StagedFile& file : course.files()) {
        if (file.stage() > Stage(lab)) {
            continue;
        }
        const StageText text = file.select(Stage(lab));
        Problems ignored; // reading the course has shown them
        for (const Exercise& exercise : find_exercises(text, ignored)) {
            if (exercise.id.lab == lab) {
                bundle.bodies.emplace(exercise.id, exercise.body(text));
            }
        }
    }
    return bundle;
}

} // namespace grade
