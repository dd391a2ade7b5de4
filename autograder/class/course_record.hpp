// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Which files a version of the course had that somebody was graded with: results name the version
/// by its digest, and RESULTS/courses/<digest>.txt has a line "<git's name of its content> <path>"
/// for each file. From two of them it is known what was changed in between.
/// Read next: affected.hpp.
#pragma once

#include "autograder/source/stage_text.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>

namespace grade {

class CourseRecord {
public:
    [[nodiscard]] static CourseRecord of(std::span<const SourceFile> files);
    /// Nothing if a line is not one of a record.
    [[nodiscard]] static std::optional<CourseRecord> parse(std::string_view text);
    [[nodiscard]] std::string text() const;

    /// Paths of files that only one of the two has, or that differ. Not .stage.toml, which differs
    /// whenever something else does.
    [[nodiscard]] std::set<std::string> changes_to(const CourseRecord& other) const;

private:
    std::map<std::string, std::string> files_; ///< path, name of the content
};

/// @param course its digest @throws EnvironmentError if it cannot be written
void write_record(const CourseRecord& record, const std::filesystem::path& results,
                  const std::string& course);
/// Nothing if there is none, or it cannot be read.
[[nodiscard]] std::optional<CourseRecord> read_record(const std::filesystem::path& results,
                                                      const std::string& course);

} // namespace grade
