// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The reader of archives is given archives that are damaged or lie.
/// Read next: user/root/archive.hpp.
/// @stage{2}
#include "user/root/archive.hpp"

#include <doctest/doctest.h>
#include <string>
#include <vector>

namespace {

constexpr size_t size_digits = 54;
constexpr size_t name_size_digits = 94;

std::string filled(std::string text) {
    text.resize((text.size() + 3) / 4 * 4);
    return text;
}

std::string hexadecimal(size_t value) {
    std::string digits(8, '0');
    for (size_t i = digits.size(); i-- > 0; value >>= 4)
        digits[i] = "0123456789abcdef"[value & 15];
    return digits;
}

std::string entry(const std::string& name, const std::string& contents) {
    std::string header = "070701";
    for (unsigned field = 0; field < 13; field++)
        header += hexadecimal(field == 6 ? contents.size() : field == 11 ? name.size() + 1 : 0);
    return filled(header + name + '\0') + filled(contents);
}

std::string good() { return entry("one", "hello") + entry("second", "") + entry("TRAILER!!!", ""); }

struct Read {
    std::string name;
    std::string contents;
    bool operator==(const Read&) const = default;
};

/// All files of an archive; from a copy of exactly its size, which a sanitizer watches.
std::vector<Read> files_of(const std::string& text) {
    const std::vector<uint8_t> bytes(text.begin(), text.end());
    root::Archive archive(bytes);
    std::vector<Read> files;
    for (root::File file; archive.next(file);)
        files.push_back(
            {std::string(file.name), std::string(file.contents.begin(), file.contents.end())});
    return files;
}

} // namespace

TEST_CASE("archive: files are read in order") {
    CHECK(files_of(good()) == std::vector<Read>{{"one", "hello"}, {"second", ""}});
}

TEST_CASE("archive: one that is cut off anywhere gives only whole files") {
    const std::string whole = good();
    for (size_t size = 0; size < whole.size(); size++) {
        const std::vector<Read> files = files_of(whole.substr(0, size));
        CHECK(files.size() <= 2);
        if (!files.empty())
            CHECK(files[0] == Read{"one", "hello"});
    }
}

TEST_CASE("archive: sizes that are too large or no numbers end it") {
    for (const size_t place : {size_digits, name_size_digits})
        for (const char* const digits :
             {"ffffffff", "fffffffe", "7fffffff", "0000g000", "        "})
            CHECK(files_of(good().replace(place, 8, digits)).empty());
    CHECK(files_of(good().replace(name_size_digits, 8, "00000000")).empty());
}

TEST_CASE("archive: capital digits are digits, another magic is none") {
    CHECK(
        files_of(entry("name", std::string(10, 'x')).replace(size_digits, 8, "0000000A")).size() ==
        1);
    CHECK(files_of(good().replace(0, 6, "070707")).empty());
    CHECK(files_of("").empty());
}
