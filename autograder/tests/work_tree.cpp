// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A work tree holds what it should, and what stays the same is not touched.
#include "autograder/run/work_tree.hpp"

#include <doctest/doctest.h>
#include <fstream>
#include <stdlib.h>

using namespace grade;
namespace fs = std::filesystem;

namespace {

class Folder {
public:
    Folder() { REQUIRE(mkdtemp(name_.data()) != nullptr); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { fs::remove_all(name_); }
    [[nodiscard]] fs::path path() const { return name_; }

private:
    std::string name_ = (fs::temp_directory_path() / "work-tree-XXXXXX").string();
};

const SourceFile one{"a/one", "1\n", false};
const SourceFile two{"two", "2\n", true};

} // namespace

TEST_SUITE("work tree") {
    TEST_CASE("files come, change and go; the build folder stays") {
        const Folder folder;
        WorkTree tree(folder.path());
        tree.sync(std::vector{one, two});
        CHECK(fs::exists(tree.path() / "a/one"));
        CHECK((fs::status(tree.path() / "two").permissions() & fs::perms::owner_exec) !=
              fs::perms::none);
        fs::create_directories(tree.build() / "x");
        tree.sync(std::vector{SourceFile{"two", "3\n", false}});
        CHECK_FALSE(fs::exists(tree.path() / "a"));
        CHECK(fs::file_size(tree.path() / "two") == 2);
        CHECK((fs::status(tree.path() / "two").permissions() & fs::perms::owner_exec) ==
              fs::perms::none);
        CHECK(fs::exists(tree.build() / "x"));
    }

    TEST_CASE("what stays the same keeps its time, what was meddled with does not stay") {
        const Folder folder;
        WorkTree tree(folder.path());
        tree.sync(std::vector{one, two});
        const auto long_ago = fs::last_write_time(tree.path() / "two") - std::chrono::hours(1);
        fs::last_write_time(tree.path() / "two", long_ago);
        std::ofstream(tree.path() / "more") << "x";
        std::ofstream(tree.path() / "a/one") << "9\n";
        fs::create_symlink("/etc", tree.path() / "b");
        tree.sync(std::vector{one, two});
        CHECK(fs::last_write_time(tree.path() / "two") == long_ago);
        CHECK_FALSE(fs::exists(tree.path() / "more"));
        CHECK_FALSE(fs::is_symlink(tree.path() / "b"));
        std::ifstream stream(tree.path() / "a/one");
        CHECK(stream.get() == '1');
    }
}
