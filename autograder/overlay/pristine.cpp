// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The table of .stage.toml, read line by line as derive writes it.
#include "autograder/overlay/base_tree.hpp"
#include "autograder/source/digest.hpp"
#include "autograder/source/language.hpp"
#include "autograder/source/shell.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

namespace grade {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_bytes = std::size_t{16} << 20;

std::optional<std::string> content_of(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    std::string content{std::istreambuf_iterator<char>(stream), {}};
    return stream.is_open() ? std::optional(std::move(content)) : std::nullopt;
}

/// What stands between the first quotes of a line, and between the next.
std::vector<std::string> quoted(std::string_view line) {
    std::vector<std::string> result;
    while (line.contains('"')) {
        line.remove_prefix(line.find('"') + 1);
        const std::size_t end = std::min(line.find('"'), line.size());
        result.emplace_back(line.substr(0, end));
        line.remove_prefix(std::min(end + 1, line.size()));
    }
    return result;
}

struct Stage {
    std::map<std::string, std::string> files; ///< path, name of the content
    std::set<std::string> executable;
};

Stage read_stage(std::string_view text) {
    Stage stage;
    bool in_files = false;
    for (const std::string_view line : split_lines(text)) {
        in_files = in_files || line == "[files]";
        const std::vector<std::string> words = quoted(line);
        if (in_files && words.size() == 2) {
            stage.files.emplace(words[0], words[1]);
        } else if (!in_files && line.starts_with(' ') && words.size() == 1) {
            stage.executable.insert(words[0]);
        }
    }
    return stage;
}

std::optional<std::string> content_named(const fs::path& folder, const std::string& id) {
    constexpr std::size_t digits = 40;
    if (id.size() != digits || id.find_first_not_of("0123456789abcdef") != std::string::npos) {
        return std::nullopt;
    }
    return output_of_limited(fmt::format("git -C {} cat-file blob {} 2>/dev/null </dev/null",
                                         shell_quoted(folder.string()), id),
                             most_bytes);
}

} // namespace

std::expected<SourceTree, std::string> read_pristine(const fs::path& folder) {
    const auto marker = content_of(folder / ".stage.toml");
    const Stage stage = read_stage(marker.value_or(""));
    if (stage.files.empty()) {
        return std::unexpected(fmt::format("{} has no .stage.toml that lists the course's files: "
                                           "get it again from the starter",
                                           folder.string()));
    }
    std::vector<SourceFile> files;
    for (const auto& [path, id] : stage.files) {
        auto content = content_of(folder / path);
        if (!content || git_blob_id(*content) != id) {
            content = content_named(folder, id);
        }
        if (!content || git_blob_id(*content) != id) {
            return std::unexpected(fmt::format("{} was changed, and the repository does not have "
                                               "the course's: fetch the starter",
                                               path));
        }
        files.push_back({path, std::move(*content), stage.executable.contains(path)});
    }
    return SourceTree(std::move(files));
}

} // namespace grade
