// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Repositories, by two commands of git that read objects and nothing else.
#include "autograder/overlay/collector.hpp"
#include "autograder/overlay/foreign_git.hpp"
#include "autograder/source/lexer.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/core.h>

namespace grade {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_listing = std::size_t{32} << 20;

/// A line of `git ls-tree -l`: "100644 blob ID SIZE\tPATH".
struct Member {
    std::string_view mode;
    std::string_view id;
    std::size_t size = 0;
    std::string_view path;
};

std::optional<Member> read_member(std::string_view line) {
    std::array<std::string_view, 4> fields;
    const std::size_t tab = line.find('\t');
    if (tab == line.npos) {
        return std::nullopt;
    }
    std::string_view head = line.substr(0, tab);
    for (std::string_view& field : fields) {
        head.remove_prefix(std::min(head.find_first_not_of(' '), head.size()));
        field = head.substr(0, head.find(' '));
        head.remove_prefix(field.size());
    }
    Member member{fields[0], fields[2], 0, line.substr(tab + 1)};
    std::from_chars(fields[3].data(), fields[3].data() + fields[3].size(), member.size);
    return member;
}

bool is_revision(std::string_view text) {
    return !text.empty() && !text.starts_with('-') && !text.contains("..") &&
           std::ranges::all_of(text, [](char letter) {
               return is_lower(letter) || is_upper(letter) || is_digit(letter) ||
                      std::string_view("._/-+").contains(letter);
           });
}

class CommitReader {
public:
    CommitReader(const fs::path& repository, const IntakeOrder& order)
        : collector_(order), git_(foreign_git(repository)) {}

    Intake run(const std::string& revision) {
        if (!is_revision(revision)) {
            return std::unexpected("this is no name of a commit, a branch or a tag");
        }
        const auto listing = output_of_limited(
            fmt::format("{} ls-tree -r -z -l --full-tree {} 2>/dev/null </dev/null", git_,
                        shell_quoted(revision + "^{commit}")),
            most_listing);
        if (!listing) {
            return std::unexpected(
                fmt::format("the repository has no readable commit {}", printable(revision)));
        }
        if (auto why = choose(*listing)) {
            return std::unexpected(std::move(*why));
        }
        if (auto why = read()) {
            return std::unexpected(std::move(*why));
        }
        return collector_.finish();
    }

private:
    using Why = std::optional<std::string>;

    Why choose(std::string_view listing) {
        while (!listing.empty()) {
            const std::size_t end = std::min(listing.find('\0'), listing.size());
            const auto member = read_member(listing.substr(0, end));
            listing.remove_prefix(std::min(end + 1, listing.size()));
            if (!collector_.count()) {
                return fmt::format("the commit has more than {} files",
                                   collector_.limits().members);
            }
            auto place = member ? collector_.place_of(member->path) : std::nullopt;
            if (!place) {
                collector_.ignore();
            } else if (member->mode != "100644" && member->mode != "100755") {
                collector_.warn(*place, "is a link, not a file");
            } else if (member->size > collector_.limits().file_bytes) {
                collector_.warn(*place, fmt::format("is larger than {} KiB",
                                                    collector_.limits().file_bytes >> 10));
            } else {
                chosen_.push_back({std::move(*place), std::string(member->id), member->size});
            }
        }
        return std::nullopt;
    }

    Why read() {
        for (Chosen& chosen : chosen_) {
            auto content =
                output_of_limited(fmt::format("{} cat-file blob {} 2>/dev/null </dev/null", git_,
                                              shell_quoted(chosen.id)),
                                  collector_.limits().file_bytes);
            if (!content || content->size() != chosen.size) {
                return "the repository is damaged";
            }
            if (auto why = collector_.add(std::move(chosen.place), std::move(*content))) {
                return why;
            }
        }
        return std::nullopt;
    }

    struct Chosen {
        Collector::Place place;
        std::string id;
        std::size_t size;
    };

    Collector collector_;
    std::string git_;
    std::vector<Chosen> chosen_;
};

} // namespace

Intake take_in_commit(const fs::path& repository, const std::string& revision,
                      const IntakeOrder& order) {
    std::error_code error;
    if (!fs::is_directory(repository, error)) {
        return std::unexpected("there is no such repository");
    }
    return CommitReader(repository, order).run(revision);
}

} // namespace grade
