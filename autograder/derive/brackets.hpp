// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Which lines exist from which stage on. A file names its stage in its head; brackets, lines that
/// hold nothing but @cond LAB6 and @endcond in a comment, put whole lines into a later one.
///
///     C++                               /// @cond LAB6        /// @endcond
///     assembler, make, Python, shell      # @cond LAB6          # @endcond
///     Markdown                         <!-- @cond LAB6 -->   <!-- @endcond -->
///
/// LAB2 to LAB7, or NONE for what is in no lab. They nest.
/// Always holds: a selected text has no marker of a bracket, and reads as if it never had.
/// Read next: exercise.hpp, course.hpp.
#pragma once

#include "autograder/derive/stage.hpp"
#include "autograder/source/stage_text.hpp"

#include <optional>
#include <vector>

namespace grade {

/// The stage that the file's own head names.
[[nodiscard]] std::optional<Stage> stage_in_head(const SourceFile& file, Problems& problems);

/// A file and the stage of each of its lines.
class StagedFile {
public:
    /// @param stage of the file. Brackets are read only in files of labs: the others are in no
    /// derived tree.
    StagedFile(const SourceFile& file, Stage stage, Problems& problems);

    [[nodiscard]] const SourceFile& source() const { return *source_; }
    [[nodiscard]] Stage stage() const { return stage_; }
    /// @param line from 1
    [[nodiscard]] Stage stage_of(int line) const;

    /// The file as a stage has it. @pre stage() <= wanted
    [[nodiscard]] StageText select(Stage wanted) const;

private:
    void read_brackets(Problems& problems);

    const SourceFile* source_;
    Stage stage_;
    std::vector<std::optional<Stage>> lines_; ///< markers have none
};

} // namespace grade
