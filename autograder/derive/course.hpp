// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A source tree with everything known that deriving needs: the stage of each line, the exercises,
/// the manifests, the skeletons. Making one checks all that does not depend on the stage wanted.
/// Always holds: an exercise of lab n first exists in stage n, and its text is the same in every
/// stage from then on.
/// Read next: tree.hpp.
#pragma once

#include "autograder/derive/brackets.hpp"
#include "autograder/derive/settings.hpp"
#include "autograder/source/exercise.hpp"
#include "autograder/source/manifest.hpp"

#include <vector>

namespace grade {

class Course {
public:
    /// @param tree must outlive the course
    Course(const SourceTree& tree, Problems& problems);

    [[nodiscard]] const SourceTree& tree() const { return tree_; }
    [[nodiscard]] const Settings& settings() const { return settings_; }
    [[nodiscard]] const std::vector<StagedFile>& files() const { return files_; }
    [[nodiscard]] const std::vector<Exercise>& exercises() const { return exercises_; }
    [[nodiscard]] const std::vector<Manifest>& manifests() const { return manifests_; }

    /// What a starter has in place of this file; null if it has the file itself.
    [[nodiscard]] const SourceFile* skeleton(int lab, std::string_view path) const;

private:
    void read_exercises(const StagedFile& file, Problems& problems);
    void check_exercise(const StagedFile& file, const Exercise& exercise, Problems& problems) const;
    void check_numbering(Problems& problems) const;
    void check_skeletons(Problems& problems) const;

    const SourceTree& tree_;
    Settings settings_;
    std::vector<StagedFile> files_;
    std::vector<Exercise> exercises_; ///< as the last stage has them
    std::vector<Manifest> manifests_;
};

} // namespace grade
