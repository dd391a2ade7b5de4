// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The format is POSIX's ustar (pax(1), "ustar Interchange Format"), in blocks of 512 bytes.
#include "autograder/student/archive.hpp"

#include "autograder/source/process.hpp"
#include "autograder/source/source_tree.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace grade {

namespace {

constexpr std::size_t block = 512;
constexpr std::size_t longest_path = 100;

/// Where the fields of a header are.
enum Field : std::size_t {
    name = 0,
    mode = 100,
    user = 108,
    group = 116,
    size = 124,
    time = 136,
    checksum = 148,
    type = 156,
    magic = 257,
};

std::string header(const SourceFile& file) {
    std::string head(block, '\0');
    const auto put = [&](Field field, std::string_view text) {
        std::ranges::copy(text, head.begin() + static_cast<std::ptrdiff_t>(field));
    };
    put(name, file.path);
    put(mode, "0000644");
    put(user, "0000000");
    put(group, "0000000");
    put(size, fmt::format("{:011o}", file.content.size()));
    put(time, "00000000000");
    put(checksum, "        "); // counts as spaces
    put(type, "0");
    put(magic, std::string_view("ustar\00000", 8));
    unsigned sum = 0;
    for (const char letter : head) {
        sum += static_cast<unsigned char>(letter);
    }
    put(checksum, fmt::format("{:06o}", sum) + '\0');
    return head;
}

} // namespace

std::string tar_gz(std::span<const SourceFile> files) {
    std::string tar;
    for (const SourceFile& file : files) {
        if (file.path.size() > longest_path) {
            throw EnvironmentError(fmt::format("{} is too long a path", file.path));
        }
        tar += header(file) + file.content;
        tar.append((block - tar.size() % block) % block, '\0');
    }
    tar.append(2 * block, '\0');
    Finished packed = run({{"gzip", "--no-name", "--best"}, std::move(tar)});
    if (packed.status != 0) {
        throw EnvironmentError(fmt::format("gzip failed: {}", packed.error));
    }
    return std::move(packed.output);
}

} // namespace grade
