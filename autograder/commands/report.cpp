// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// rel4-grade report: the pages and tables of a class.
/// Read next: ../report/write.hpp.
#include "autograder/command.hpp"
#include "autograder/report/write.hpp"
#include "autograder/results/safe_text.hpp"
#include "autograder/similarity/bodies.hpp"
#include "autograder/source/source_tree.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <memory>
#include <set>

namespace grade {

namespace {

namespace fs = std::filesystem;

struct Options {
    std::string results;
    std::string out;
    std::string roster;
    std::string sources;
    std::string root = ".";
    std::string handouts;
    int lab = 0;
    SimilarityOptions similarity;
};

/// @throws EnvironmentError if it must be said
int lab_of(const std::vector<Result>& results, const Options& options) {
    std::set<int> labs;
    for (const Result& result : results) {
        labs.insert(result.lab);
    }
    if (options.lab != 0) {
        return options.lab;
    }
    if (labs.size() != 1) {
        throw EnvironmentError(fmt::format("{}: {}", options.results,
                                           labs.empty()
                                               ? "holds no result (*.json)"
                                               : "holds results of several labs; say which "
                                                 "with --lab N"));
    }
    return *labs.begin();
}

std::vector<std::string> files_of(const ClassData& data) {
    std::set<std::string> files;
    for (const ClassEntry& entry : data.entries) {
        if (entry.result) {
            for (const ExerciseResult& exercise : entry.result->exercises) {
                files.insert(exercise.file);
            }
        }
    }
    return {files.begin(), files.end()};
}

Similarity compare_class(const ClassData& data, const Options& options) {
    const std::vector<std::string> files = files_of(data);
    std::vector<SubmissionSources> sources;
    for (const ClassEntry& entry : data.entries) {
        const std::string& id = entry.student.id;
        auto bodies = read_bodies(fs::path(options.sources) / file_name_of(id), files, data.lab);
        if (!bodies.empty()) {
            sources.push_back({id, std::move(bodies)});
        }
    }
    if (sources.empty()) {
        throw EnvironmentError(options.sources + ": holds the sources of nobody; there must be a "
                                                 "folder <id> for each submission");
    }
    return compare_sources(std::move(sources), read_known_bodies(options.root, files, data.lab),
                           options.similarity);
}

Status report(const Options& options) {
    ResultFolder folder = read_results(options.results);
    const int lab = lab_of(folder.results, options);
    const auto roster =
        options.roster.empty() ? std::vector<RosterStudent>() : read_roster(options.roster);
    ClassData data = make_class(lab, std::move(folder.results), roster);
    data.problems.insert(data.problems.begin(), folder.problems.begin(), folder.problems.end());
    std::optional<Similarity> similarity;
    if (!options.sources.empty()) {
        similarity = compare_class(data, options);
    }
    const fs::path out =
        options.out.empty() ? fs::path(options.results) / "report" : fs::path(options.out);
    write_report(data, similarity ? &*similarity : nullptr, {out, options.handouts});
    for (const std::string& problem : data.problems) {
        fmt::print(stderr, "{}\n", safe_line(problem));
    }
    fmt::print("{}: lab {}, {} students\n", (out / "index.html").string(), lab,
               data.entries.size());
    return full;
}

std::string check_address(const std::string& address) {
    return address.starts_with("https://") || address.starts_with("http://")
               ? ""
               : "must begin with https:// or http://";
}

} // namespace

void add_report(CLI::App& app, Run& run) {
    CLI::App* command =
        app.add_subcommand("report", "Write a class page, a page a student, and grade tables");
    const auto options = std::make_shared<Options>();
    command->add_option("results", options->results, "folder with results, <id>.json")->required();
    command->add_option("--out", options->out, "folder to write (default: RESULTS/report)");
    command->add_option("--roster", options->roster,
                        "CSV with columns id, name, group, and \"mark: WHAT / MAX\" for marks "
                        "given by hand");
    command->add_option("--sources", options->sources,
                        "folder with each submission's tree in <id>/: look for similar ones");
    command->add_option("--root", options->root,
                        "source tree of the course, whose code is not similar (default: .)");
    command
        ->add_option("--threshold", options->similarity.threshold,
                     "share from which pairs are told (default: 0.5)")
        ->check(CLI::Range(0.0, 1.0));
    command
        ->add_option("--handouts", options->handouts, "address above handouts/, for links to them")
        ->check(check_address);
    command->add_option("--lab", options->lab, "which lab, if there are several")
        ->check(CLI::Range(1, 7));
    command->callback([&run, options] { run = [options] { return report(*options); }; });
}

} // namespace grade
