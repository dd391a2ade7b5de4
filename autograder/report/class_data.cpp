// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Results and roster are joined by the id.
#include "autograder/report/class_data.hpp"

#include "autograder/results/safe_text.hpp"
#include "autograder/source/lexer.hpp"
#include "autograder/source/source_tree.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <map>
#include <set>
#include <tuple>

namespace grade {

namespace {

namespace fs = std::filesystem;

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](char letter) {
        return is_upper(letter) ? static_cast<char>(letter - 'A' + 'a') : letter;
    });
    return text;
}

void name_pages(std::vector<ClassEntry>& entries) {
    std::set<std::string> taken;
    for (ClassEntry& entry : entries) {
        const std::string name = file_name_of(entry.student.id);
        std::string unique = name;
        for (int count = 2; !taken.insert(lower(unique)).second; ++count) {
            unique = fmt::format("{}-{}", name, count);
        }
        entry.page = unique + ".html";
    }
}

} // namespace

ClassData make_class(int lab, std::vector<Result> results, std::span<const RosterStudent> roster) {
    ClassData data;
    data.lab = lab;
    data.has_roster = !roster.empty();
    std::map<std::string, ClassEntry> entries;
    for (const RosterStudent& student : roster) {
        if (!entries.try_emplace(student.id, ClassEntry{student, std::nullopt, ""}).second) {
            data.problems.push_back("the roster has twice: " + safe_line(student.id));
        }
    }
    std::erase_if(results, [lab](const Result& result) { return result.lab != lab; });
    std::ranges::sort(results, {}, [](const Result& result) {
        return std::tie(result.started, result.submission.digest);
    });
    for (Result& result : results) {
        const std::string id = safe_line(result.submission.id);
        auto [entry, added] = entries.try_emplace(result.submission.id);
        if (added) {
            entry->second.student.id = result.submission.id;
        }
        if (added && data.has_roster) {
            data.problems.push_back("the roster does not have: " + id);
        }
        if (entry->second.result) {
            data.problems.push_back("two results, the older is passed over: " + id);
        }
        if (!entry->second.student.marks.empty()) {
            result.manual = entry->second.student.marks;
        }
        entry->second.result = std::move(result);
    }
    for (auto& [id, entry] : entries) {
        data.entries.push_back(std::move(entry));
    }
    name_pages(data.entries);
    return data;
}

ResultFolder read_results(const fs::path& folder) {
    if (!fs::is_directory(folder)) {
        throw EnvironmentError(folder.string() + ": is no folder of results");
    }
    std::vector<fs::path> paths;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        if (name.ends_with(".json") && !name.starts_with('.')) {
            paths.push_back(entry.path());
        }
    }
    std::ranges::sort(paths);
    ResultFolder all;
    for (const fs::path& path : paths) {
        auto result = read_result(path);
        if (result) {
            all.results.push_back(std::move(*result));
        } else {
            all.problems.push_back(result.error());
        }
    }
    return all;
}

} // namespace grade
