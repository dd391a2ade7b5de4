// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The digest is taken in the order of paths.
#include "autograder/source/marker.hpp"

#include "autograder/source/toml.hpp"

#include <cstdint>
#include <fmt/format.h>

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
    return Marker{*lab, *kind, *digest};
}

std::string Marker::text() const {
    return fmt::format("# SPDX-License-Identifier: BSD-2-Clause\n#\n"
                       "# Which stage of ReL4 this folder is, and the digest of its files as they "
                       "were written.\n"
                       "lab = {}\nkind = \"{}\"\ndigest = \"{}\"\n",
                       lab, kind, digest);
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
