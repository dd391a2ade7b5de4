// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Naming submissions, and choosing commits. The time of a commit is what its author says.
#include "autograder/class/handed_in.hpp"

#include "autograder/overlay/foreign_git.hpp"
#include "autograder/source/language.hpp"
#include "autograder/source/source_tree.hpp"

#include <algorithm>
#include <charconv>
#include <map>

namespace grade {

namespace {

namespace fs = std::filesystem;

std::string id_of(const fs::path& source) {
    const fs::path path = source.has_filename() ? source : source.parent_path();
    std::string name = path.filename().string();
    for (const std::string_view end :
         {".git", ".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.zst", ".zip"}) {
        if (name.ends_with(end) && name.size() > end.size()) {
            name.resize(name.size() - end.size());
            break;
        }
    }
    return name;
}

bool is_repository(const fs::path& path) {
    return fs::is_directory(path / ".git") ||
           (fs::is_directory(path / "objects") && fs::is_regular_file(path / "HEAD"));
}

/// What git says, in one line; nothing if it fails.
std::optional<std::string> ask_git(const fs::path& repository, const std::string& question) {
    auto answer = output_of_limited(foreign_git(repository) + question + " 2>/dev/null </dev/null",
                                    std::size_t{1} << 12);
    if (!answer || answer->find_first_not_of('\n') == std::string::npos) {
        return std::nullopt;
    }
    answer->resize(std::min(answer->find('\n'), answer->size()));
    return answer;
}

struct CommitChoice {
    std::string revision;
    std::string why;
};

CommitChoice choose_commit(const HandedIn& handed_in, const LatePolicy& policy, int lab) {
    const std::string tag = fmt::format("lab{}", lab);
    if (!handed_in.revision.empty()) {
        return {handed_in.revision, "named by the roster"};
    }
    if (ask_git(handed_in.source, fmt::format(" rev-parse --verify refs/tags/{}", tag))) {
        return {"refs/tags/" + tag, "its tag " + tag};
    }
    const auto latest = policy.latest(handed_in.extension);
    if (!latest) {
        return {"HEAD", "the last one"};
    }
    const auto commit =
        ask_git(handed_in.source, fmt::format(" rev-list --first-parent -n 1 --min-age={} HEAD",
                                              latest->time_since_epoch().count()));
    return {commit.value_or(""), "the last one in time"};
}

std::optional<Time> time_of(const fs::path& repository, const std::string& commit) {
    const auto answer = ask_git(repository, " log -1 --format=%ct " + commit);
    std::int64_t seconds = 0;
    if (!answer || std::from_chars(answer->data(), answer->data() + answer->size(), seconds).ec !=
                       std::errc()) {
        return std::nullopt;
    }
    return Time(std::chrono::seconds(seconds));
}

Opened open_repository(const HandedIn& handed_in, const LatePolicy& policy,
                       const IntakeOrder& order) {
    const std::string name = handed_in.source.filename().string();
    const CommitChoice choice = choose_commit(handed_in, policy, order.lab);
    if (choice.revision.empty()) {
        return {std::unexpected("the repository has no commit that was made in time"), name};
    }
    Opened opened{take_in_commit(handed_in.source, choice.revision, order), name};
    if (!opened.intake) { // only what it has accepted may go into a command
        return opened;
    }
    const auto commit =
        ask_git(handed_in.source,
                fmt::format(" rev-parse --verify {}", shell_quoted(choice.revision + "^{commit}")));
    if (commit) {
        opened.from = fmt::format("{}, commit {:.10} ({})", name, *commit, choice.why);
        const auto time =
            handed_in.handed_in ? handed_in.handed_in : time_of(handed_in.source, *commit);
        opened.late_days = time ? policy.late_days(*time, handed_in.extension) : 0;
        opened.late_percent = policy.percent(opened.late_days);
    }
    return opened;
}

} // namespace

std::vector<HandedIn> hand_in(std::span<const fs::path> sources) {
    std::map<std::string, HandedIn> all;
    for (const fs::path& source : sources) {
        const std::string id = id_of(source);
        const auto [other, added] = all.try_emplace(id, HandedIn{id, source, "", 0, {}, {}});
        if (!added) {
            throw EnvironmentError(fmt::format("{} and {} would both be \"{}\": rename one",
                                               other->second.source.string(), source.string(), id));
        }
    }
    std::vector<HandedIn> list;
    list.reserve(all.size());
    for (auto& [id, handed_in] : all) {
        list.push_back(std::move(handed_in));
    }
    return list;
}

std::vector<HandedIn> hand_in(std::span<const RosterStudent> roster, const fs::path& folder,
                              std::span<const fs::path> sources) {
    std::vector<HandedIn> others = hand_in(sources);
    std::vector<HandedIn> list;
    list.reserve(roster.size());
    for (const RosterStudent& student : roster) {
        HandedIn handed_in{student.id,        "", student.revision, student.extension,
                           student.handed_in, {}};
        const auto other = std::ranges::find(others, student.id, &HandedIn::id);
        if (!student.submission.empty()) {
            handed_in.source = folder / student.submission;
        } else if (other != others.end()) {
            handed_in.source = other->source;
        }
        list.push_back(std::move(handed_in));
    }
    for (const HandedIn& other : others) {
        if (std::ranges::find(roster, other.id, &RosterStudent::id) == roster.end()) {
            throw EnvironmentError(other.source.string() + ": the roster has no \"" + other.id +
                                   "\"");
        }
    }
    return list;
}

Opened open(const HandedIn& handed_in, const LatePolicy& policy, const IntakeOrder& order) {
    if (handed_in.source.empty()) {
        return {std::unexpected("nothing was handed in"), ""};
    }
    if (is_repository(handed_in.source)) {
        return open_repository(handed_in, policy, order);
    }
    const int late =
        handed_in.handed_in ? policy.late_days(*handed_in.handed_in, handed_in.extension) : 0;
    return {take_in(handed_in.source, order), handed_in.source.filename().string(), late,
            policy.percent(late)};
}

} // namespace grade
