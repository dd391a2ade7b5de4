// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What is the same for all sources. A name counts only if it is a wanted path letter for letter,
/// perhaps below one folder, so there is nothing to be cleaned.
#include "autograder/overlay/collector.hpp"
#include "autograder/source/catch_up_record.hpp"
#include "autograder/source/digest.hpp"
#include "autograder/source/language.hpp"
#include "autograder/source/marker.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace grade {

std::string printable(std::string_view text) {
    constexpr std::size_t longest = 100;
    std::string result;
    for (const char letter : text.substr(0, longest)) {
        result.push_back(letter >= ' ' && letter < 0x7f ? letter : '?');
    }
    return text.size() > longest ? result + "..." : result;
}

std::optional<Collector::Place> Collector::place_of(std::string_view name) const {
    std::string path(name);
    std::ranges::replace(path, '\\', '/'); // as some programs of Windows write it
    if (path.starts_with("./")) {
        path.erase(0, 2);
    }
    if (order_.wanted.contains(path)) {
        return Place{"", path};
    }
    const std::size_t slash = path.find('/');
    if (slash == std::string::npos || slash == 0 ||
        !order_.wanted.contains(path.substr(slash + 1))) {
        return std::nullopt;
    }
    return Place{path.substr(0, slash), path.substr(slash + 1)};
}

void Collector::warn(const Place& place, std::string_view why) {
    constexpr std::size_t most = 100;
    if (result_.warnings.size() < most) {
        result_.warnings.push_back(fmt::format("{} {}", place.path, why));
    }
}

std::optional<std::string> Collector::add(Place place, std::string content) {
    bytes_ += content.size();
    if (bytes_ > order_.limits.kept_bytes) {
        return fmt::format("its files have more than {} MiB", order_.limits.kept_bytes >> 20);
    }
    const std::string path = place.path;
    const bool is_new =
        files_[std::move(place.folder)].emplace(std::move(place.path), std::move(content)).second;
    return is_new ? std::nullopt : std::optional(fmt::format("it has {} twice", path));
}

std::expected<std::string, std::string> Collector::top_folder() const {
    std::vector<std::string> with_exercises;
    for (const auto& [folder, files] : files_) {
        const bool has_exercise = std::ranges::any_of(files, [&](const auto& file) {
            return file.first != Marker::path && file.first != catch_up_path &&
                   file.first != order_.answers;
        });
        if (has_exercise) {
            with_exercises.push_back(folder);
        }
    }
    if (with_exercises.empty()) {
        return std::unexpected("it has none of the files of this lab's exercises");
    }
    if (with_exercises.size() > 1 && !with_exercises[0].empty()) {
        return std::unexpected(fmt::format("it has two trees, in {} and in {}",
                                           printable(with_exercises[0]),
                                           printable(with_exercises[1])));
    }
    return with_exercises[0];
}

void Collector::read_stage() {
    const auto found = result_.files.find(Marker::path);
    if (found == result_.files.end()) {
        return;
    }
    result_.lab = Marker::lab_of(found->second);
    if (!result_.lab) {
        result_.warnings.push_back(".stage.toml does not say of which lab it is");
    }
}

Intake Collector::finish() {
    const auto top = top_folder();
    if (!top) {
        return std::unexpected(top.error());
    }
    for (auto& [folder, files] : files_) {
        if (folder == *top) {
            result_.files = std::move(files);
        } else {
            ignored_ += files.size();
        }
    }
    result_.ignored = ignored_;
    std::string all;
    for (const auto& [path, content] : result_.files) {
        all += fmt::format("{} {} {}\n", sha256(content), content.size(), path);
    }
    result_.digest = sha256(all);
    read_stage();
    if (order_.lab != 0 && result_.lab && *result_.lab != order_.lab) {
        return std::unexpected(
            fmt::format("it is of lab {}, and lab {} is to be graded", *result_.lab, order_.lab));
    }
    return std::move(result_);
}

std::set<std::string, std::less<>> files_of(std::span<const Manifest> manifests) {
    std::set<std::string, std::less<>> result = {std::string(Marker::path), catch_up_path};
    for (const Manifest& manifest : manifests) {
        for (const ManifestExercise& exercise : manifest.exercises) {
            result.insert(exercise.file);
        }
    }
    return result;
}

Intake take_in(const std::filesystem::path& source, const IntakeOrder& order) {
    std::error_code error;
    switch (std::filesystem::status(source, error).type()) {
    case std::filesystem::file_type::directory:
        return take_in_folder(source, order);
    case std::filesystem::file_type::regular:
        return take_in_archive(source, order);
    case std::filesystem::file_type::not_found:
        return std::unexpected("there is no such file or folder");
    default:
        return std::unexpected("it is neither a folder nor a file");
    }
}

} // namespace grade
