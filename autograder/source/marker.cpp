// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The digest is taken in the order of paths.
#include "autograder/source/marker.hpp"

#include "autograder/source/digest.hpp"
#include "autograder/source/toml.hpp"

#include <cstdint>
#include <fmt/core.h>
#include <map>

namespace grade {

std::optional<Marker> Marker::parse(const SourceFile& file) {
    Problems problems;
    const auto table = parse_toml(file, problems);
    if (!table) {
        return std::nullopt;
    }
    const auto lab = (*table)["lab"].value<int>();
    const auto kind = (*table)["kind"].value<std::string>();
    const auto digest = (*table)["digest"].value<std::string>();
    if (!lab || !kind || !digest) {
        return std::nullopt;
    }
    return Marker{*lab, *kind, *digest, {}};
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
