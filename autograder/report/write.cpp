// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The class page is written last: where it is, what it links to is.
#include "autograder/report/write.hpp"

#include "autograder/report/class_page.hpp"
#include "autograder/report/grades.hpp"
#include "autograder/report/similarity_page.hpp"
#include "autograder/report/student_page.hpp"
#include "autograder/results/atomic_file.hpp"

#include <set>

namespace grade {

namespace {

namespace fs = std::filesystem;

/// Pages only: whatever else is in the folder is not ours.
void remove_other_pages(const fs::path& folder, const std::set<std::string>& pages) {
    std::error_code none;
    std::vector<fs::path> old;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, none)) {
        const std::string name = entry.path().filename().string();
        if (name.ends_with(".html") && !pages.contains(name)) {
            old.push_back(entry.path());
        }
    }
    for (const fs::path& path : old) {
        fs::remove(path);
    }
}

} // namespace

void write_report(const ClassData& data, const Similarity* similarity,
                  const ReportOptions& options) {
    std::set<std::string> students;
    for (const ClassEntry& entry : data.entries) {
        write_file(options.folder / "students" / entry.page,
                   student_page(entry, data.lab, options.handouts));
        students.insert(entry.page);
    }
    std::set<std::string> pairs;
    const std::size_t count = similarity == nullptr ? 0 : similarity->pairs.size();
    for (std::size_t number = 0; number < count; ++number) {
        write_file(options.folder / "similarity" / pair_page_name(number),
                   pair_page(*similarity, number));
        pairs.insert(pair_page_name(number));
    }
    remove_other_pages(options.folder / "students", students);
    remove_other_pages(options.folder / "similarity", pairs);
    write_file(options.folder / "scores.csv", scores_csv(data));
    write_file(options.folder / "canvas.csv", canvas_csv(data));
    write_file(options.folder / "moodle.csv", moodle_csv(data));
    write_file(options.folder / "index.html", class_page(data, statistics_of(data), similarity));
}

} // namespace grade
