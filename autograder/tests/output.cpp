// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Folders: what is replaced, what is refused, and that nothing half-made is left.
#include "autograder/derive/output.hpp"
#include "autograder/source/marker.hpp"

#include <csignal>
#include <cstdlib>
#include <doctest/doctest.h>
#include <fstream>
#include <iterator>
#include <stop_token>
#include <thread>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;

/// A folder of its own for each test.
class Scratch {
public:
    Scratch() {
        std::string form = (fs::temp_directory_path() / "derive-XXXXXX").string();
        path_ = mkdtemp(form.data());
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() { fs::remove_all(path_); }

    [[nodiscard]] fs::path operator/(const char* name) const { return path_ / name; }
    [[nodiscard]] auto entries() const {
        return std::distance(fs::directory_iterator(path_), fs::directory_iterator());
    }

private:
    fs::path path_;
};

grade::StageText file(const std::string& path, const std::string& content) {
    return {path, path, content, {}, path.ends_with(".sh")};
}

void write(const fs::path& out, const std::vector<grade::StageText>& tree, bool force = false,
           const fs::path& root = "/nowhere") {
    grade::write_tree(tree, 1, grade::Kind::starter, root, {out, force});
}

std::string content(const fs::path& path) {
    std::ifstream stream(path);
    return {std::istreambuf_iterator<char>(stream), {}};
}

void put(const fs::path& path, const std::string& text) {
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text;
}

const std::vector<grade::StageText> tree = {file("a.txt", "a\n"), file("b/c.sh", "c\n")};

TEST_CASE("output: a marker is read back, and of a hostile one only what is plain") {
    using grade::Marker;
    const auto parse = [](const std::string& text) { return Marker::parse({Marker::path, text}); };
    const std::vector<grade::SourceFile> files = {{"a.txt", "a\n", false}};
    const Marker marker = Marker::of(files, 3, "starter");
    const Marker again = parse(marker.text()).value_or(Marker{});
    CHECK(again.lab == 3);
    CHECK(again.kind == "starter");
    CHECK(again.digest == marker.digest);
    CHECK(parse("lab = 3\nkind = \"starter\"\ndigest = \"ab\"\n" + std::string(100'000, '['))
              .has_value());
    CHECK_FALSE(parse("lab = 9\nkind = \"starter\"\ndigest = \"ab\"\n").has_value());
    CHECK_FALSE(parse("lab = 3\nkind = \"../x\"\ndigest = \"ab\"\n").has_value());
    CHECK_FALSE(parse("[files]\nlab = 3\nkind = \"starter\"\ndigest = \"ab\"\n").has_value());
    CHECK_FALSE(parse(std::string(1000, '\0')).has_value());
}

TEST_CASE("output: files with their modes, and a marker") {
    const Scratch scratch;
    write(scratch / "out", tree);
    CHECK(content(scratch / "out/a.txt") == "a\n");
    CHECK(content(scratch / "out/.stage.toml").contains("lab = 1\nkind = \"starter\"\n"));
    const auto executable = [&](const char* name) {
        return (fs::status(scratch / name).permissions() & fs::perms::owner_exec) !=
               fs::perms::none;
    };
    CHECK(executable("out/b/c.sh"));
    CHECK_FALSE(executable("out/a.txt"));
    CHECK(scratch.entries() == 1);
}

TEST_CASE("output: its own folder is replaced, built or not; an empty one is filled") {
    const Scratch scratch;
    fs::create_directory(scratch / "out");
    write(scratch / "out/", tree);
    put(scratch / "out/build/a.o", "object");
    write(scratch / "out", {file("new", "n\n")});
    CHECK(content(scratch / "out/new") == "n\n");
    CHECK_FALSE(fs::exists(scratch / "out/a.txt"));
    CHECK(scratch.entries() == 1);
}

TEST_CASE("output: its own folder is replaced whatever order its files were written in") {
    const Scratch scratch;
    write(scratch / "out", {file("b", "b\n"), file("c", "c\n"), file("a", "a\n")});
    write(scratch / "out", tree);
    CHECK(content(scratch / "out/a.txt") == "a\n");
}

TEST_CASE("output: work of others is refused, unless told") {
    const Scratch scratch;
    const auto refused = [&](const char* name) {
        CAPTURE(name);
        CHECK_THROWS_AS(write(scratch / name, tree), grade::EnvironmentError);
        write(scratch / name, tree, true);
        CHECK(content(scratch / name / "a.txt") == "a\n");
    };
    put(scratch / "foreign/file", "f");
    refused("foreign");
    for (const char* name : {"changed", "added", "committed", "deleted"}) {
        write(scratch / name, tree);
    }
    put(scratch / "changed/a.txt", "mine");
    refused("changed");
    put(scratch / "added/mine.cpp", "mine");
    refused("added");
    fs::create_directory(scratch / "committed/.git");
    refused("committed");
    fs::remove(scratch / "deleted/a.txt");
    refused("deleted");
    put(scratch / "file", "f");
    CHECK_THROWS_AS(write(scratch / "file", tree), grade::EnvironmentError);
}

TEST_CASE("output: the source tree is never replaced") {
    const Scratch scratch;
    put(scratch / "root/a.txt", "source");
    for (const char* out : {"root", "root/../root/.", "."}) {
        CAPTURE(out);
        CHECK_THROWS_AS(write(scratch / out, tree, true, scratch / "root"),
                        grade::EnvironmentError);
    }
    CHECK(content(scratch / "root/a.txt") == "source");
    write(scratch / "root/build/out", tree, false, scratch / "root");
    CHECK(fs::exists(scratch / "root/build/out/a.txt"));
}

TEST_CASE("output: a run that fails half-way changes nothing and leaves nothing") {
    const Scratch scratch;
    write(scratch / "out", tree);
    const std::vector<grade::StageText> bad = {file("a.txt", "new\n"), file("a.txt/b", "b\n")};
    CHECK_THROWS(write(scratch / "out", bad));
    CHECK(content(scratch / "out/a.txt") == "a\n");
    CHECK_THROWS(write(scratch / "other", bad));
    CHECK(scratch.entries() == 1);
}

TEST_CASE("output: an interrupted run changes nothing and leaves nothing") {
    const Scratch scratch;
    write(scratch / "out", tree);
    constexpr int many = 5000;
    std::vector<grade::StageText> big;
    big.reserve(many);
    for (int number = 0; number < many; ++number) {
        big.push_back(file("folder/" + std::to_string(number), "text\n"));
    }
    const std::jthread interrupter([&](const std::stop_token& stop) {
        while (scratch.entries() == 1 && !stop.stop_requested()) {
            std::this_thread::yield();
        }
        kill(getpid(), SIGTERM);
    });
    CHECK_THROWS_AS(write(scratch / "out", big), grade::EnvironmentError);
    CHECK(content(scratch / "out/a.txt") == "a\n");
    CHECK(scratch.entries() == 1);
}

} // namespace
