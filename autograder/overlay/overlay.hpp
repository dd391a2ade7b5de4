// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The tree that is graded: the course's, with what a submission has for each exercise put in, or
/// a hole where it has nothing that can be taken.
/// Always holds: files that hold no exercise of the labs chosen are the course's.
/// Read next: ../run/work_tree.hpp.
#pragma once

#include "autograder/overlay/base_tree.hpp"
#include "autograder/overlay/intake.hpp"
#include "autograder/overlay/splice.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace grade {

class Overlay {
public:
    /// Where a line of the graded tree comes from.
    struct Origin {
        const Part* part;
        int line; ///< of the student's file; 0 if it is the course's
    };

    /// A line that the student added where nothing is graded.
    struct Stray {
        std::string file;
        int line;
        std::string text;
    };

    /// Which exercises are the student's. The others are as they are in the base tree: with the
    /// reference's bodies. `all` are those of later labs too, if the tree is of one: what runs on
    /// the machine needs them.
    enum class Labs { this_one, all };

    /// @param base must outlive the overlay
    Overlay(const BaseTree& base, const Submission& submission, Labs labs);

    /// One for each exercise, in the order of the manifests.
    [[nodiscard]] const std::vector<Part>& parts() const { return parts_; }
    /// One for each file with such exercises.
    [[nodiscard]] const std::vector<Part>& helpers() const { return helpers_; }
    [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }

    [[nodiscard]] const std::vector<Stray>& strays() const { return strays_; }

    /// Those that may differ from the course's, by path.
    [[nodiscard]] const std::map<std::string, SourceFile, std::less<>>& changed() const {
        return changed_;
    }
    /// The whole tree.
    [[nodiscard]] std::vector<SourceFile> files() const;

    /// For one that does not compile. Its part stays as it is.
    void make_hole(ExerciseId exercise);
    /// For helpers that do not compile.
    void drop_helpers(std::string_view path);

    /// The exercise, or the helpers, that a line of a compiler's message is in, if it is in any.
    /// @param path from the top folder; "./" may stand before it
    [[nodiscard]] std::optional<Origin> origin(std::string_view path, int line) const;

private:
    void take(const SourceFile& file, const Submission& submission,
              const std::vector<ExerciseId>& wanted);
    void warn_of_changes(const Submission& submission);

    const BaseTree& base_;
    std::vector<Part> parts_;
    std::vector<Part> helpers_;
    std::vector<std::string> warnings_;
    std::vector<Stray> strays_;
    std::map<std::string, SourceFile, std::less<>> changed_;
};

/// The first line of a student's file that differs from the course's where nothing is graded:
/// outside of exercises, of the region for helpers, and of includes. 0 if there is none.
[[nodiscard]] int first_change(const SourceFile& course, std::string_view student);

/// All lines that the student added there.
[[nodiscard]] std::vector<Overlay::Stray> added_lines(const SourceFile& course,
                                                      std::string_view student);

} // namespace grade
