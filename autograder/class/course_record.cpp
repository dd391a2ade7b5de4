// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Lines of text, sorted by path.
#include "autograder/class/course_record.hpp"

#include "autograder/results/atomic_file.hpp"
#include "autograder/results/safe_text.hpp"
#include "autograder/source/digest.hpp"
#include "autograder/source/marker.hpp"

#include <fmt/core.h>

namespace grade {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t digits = 40;

fs::path record_path(const fs::path& results, const std::string& course) {
    return results / "courses" / (file_name_of(course) + ".txt");
}

bool is_name(std::string_view text) {
    return text.size() == digits && text.find_first_not_of("0123456789abcdef") == text.npos;
}

} // namespace

CourseRecord CourseRecord::of(std::span<const SourceFile> files) {
    CourseRecord record;
    for (const SourceFile& file : files) {
        record.files_.emplace(file.path, git_blob_id(file.content));
    }
    return record;
}

std::optional<CourseRecord> CourseRecord::parse(std::string_view text) {
    CourseRecord record;
    for (const std::string_view line : split_lines(text)) {
        if (line.size() < digits + 2 || line[digits] != ' ' || !is_name(line.substr(0, digits))) {
            return std::nullopt;
        }
        record.files_.emplace(line.substr(digits + 1), line.substr(0, digits));
    }
    return record.files_.empty() ? std::nullopt : std::optional(std::move(record));
}

std::string CourseRecord::text() const {
    std::string text;
    for (const auto& [path, name] : files_) {
        text += fmt::format("{} {}\n", name, path);
    }
    return text;
}

std::set<std::string> CourseRecord::changes_to(const CourseRecord& other) const {
    std::set<std::string> paths;
    const auto compare = [&](const CourseRecord& one, const CourseRecord& two) {
        for (const auto& [path, name] : one.files_) {
            const auto found = two.files_.find(path);
            if (path != Marker::path && (found == two.files_.end() || found->second != name)) {
                paths.insert(path);
            }
        }
    };
    compare(*this, other);
    compare(other, *this);
    return paths;
}

void write_record(const CourseRecord& record, const fs::path& results, const std::string& course) {
    write_file(record_path(results, course), record.text());
}

std::optional<CourseRecord> read_record(const fs::path& results, const std::string& course) {
    const auto text = read_file(record_path(results, course));
    return text ? CourseRecord::parse(*text) : std::nullopt;
}

} // namespace grade
