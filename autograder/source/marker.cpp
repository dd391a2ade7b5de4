// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The digest is taken in the order of paths. Markers are read by hand: those of submissions can be
/// anything, and the reader of TOML, which is for files of the course, asserts much of them.
#include "autograder/source/marker.hpp"

#include "autograder/source/digest.hpp"
#include "autograder/source/language.hpp"
#include "autograder/source/lexer.hpp"

#include <algorithm>
#include <cstdint>
#include <fmt/core.h>
#include <map>

namespace grade {

namespace {

/// What stands behind "key = " in a line of its own, above the tables.
std::string_view value_of(std::string_view text, std::string_view key) {
    for (std::string_view line : split_lines(text)) {
        line = trim(line);
        if (line.starts_with('[')) {
            break;
        }
        if (line.starts_with(key) && line.substr(key.size()).starts_with(" = ")) {
            return line.substr(key.size() + 3);
        }
    }
    return {};
}

/// Without its quotes; empty if it has none, or is no plain word.
std::string word_of(std::string_view text, std::string_view key) {
    const std::string_view value = value_of(text, key);
    if (value.size() < 2 || value.size() > 100 || !value.starts_with('"') ||
        !value.ends_with('"')) {
        return {};
    }
    const std::string_view word = value.substr(1, value.size() - 2);
    return std::ranges::all_of(word, [](char c) { return is_lower(c) || is_digit(c); })
               ? std::string(word)
               : "";
}

} // namespace

std::optional<int> Marker::lab_of(std::string_view text) {
    const std::string_view lab = value_of(text, "lab");
    return lab.size() == 1 && lab[0] >= '1' && lab[0] <= '7' ? std::optional(lab[0] - '0')
                                                             : std::nullopt;
}

std::optional<Marker> Marker::parse(const SourceFile& file) {
    const auto lab = lab_of(file.content);
    std::string kind = word_of(file.content, "kind");
    std::string digest = word_of(file.content, "digest");
    if (!lab || kind.empty() || digest.empty()) {
        return std::nullopt;
    }
    return Marker{*lab, std::move(kind), std::move(digest), {}};
}

Marker Marker::of(std::span<const SourceFile> files, int lab, std::string kind) {
    std::map<std::string_view, const SourceFile*> sorted;
    std::string executable;
    for (const SourceFile& file : files) {
        sorted.emplace(file.path, &file);
    }
    std::string blobs;
    for (const auto& [name, file] : sorted) {
        blobs += fmt::format("\"{}\" = \"{}\"\n", name, git_blob_id(file->content));
        executable += file->is_executable ? fmt::format("    \"{}\",\n", name) : "";
    }
    return {lab, std::move(kind), digest_of(files),
            fmt::format("executable = [\n{}]\n\n[files]\n{}", executable, blobs)};
}

std::string Marker::text() const {
    return fmt::format("# SPDX-License-Identifier: BSD-2-Clause\n#\n"
                       "# Which stage of ReL4 this folder is, and the digest of its files as they "
                       "were written;\n# of each file the name of its content in git.\n"
                       "lab = {}\nkind = \"{}\"\ndigest = \"{}\"\n{}",
                       lab, kind, digest, files);
}

std::string digest_of(std::span<const SourceFile> files) {
    std::vector<const SourceFile*> sorted;
    for (const SourceFile& file : files) {
        sorted.push_back(&file);
    }
    std::ranges::sort(sorted, {}, &SourceFile::path);
    std::uint64_t value = 0xcbf29ce484222325;
    const auto add = [&](std::string_view text) {
        for (const char letter : text) {
            value = (value ^ static_cast<unsigned char>(letter)) * 0x100000001b3;
        }
        value = (value ^ static_cast<unsigned char>('\n')) * 0x100000001b3;
    };
    for (const SourceFile* file : sorted) {
        add(file->path);
        add(file->content);
    }
    return fmt::format("{:016x}", value);
}

} // namespace grade
