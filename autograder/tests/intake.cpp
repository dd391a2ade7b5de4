// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Submissions in each of their forms, and what a hostile or a careless one can be.
#include "autograder/source/digest.hpp"
#include "autograder/tests/submissions.hpp"

#include <archive.h>
#include <sys/stat.h>

namespace {

using namespace grade;
using namespace submissions;
using Scratch = IntakeFolder;

/// @param filter a function of libarchive that adds one
void write_archive(const fs::path& file, const std::vector<Member>& members, bool zip = false,
                   int (*filter)(archive*) = archive_write_add_filter_gzip) {
    archive* out = archive_write_new();
    zip ? archive_write_set_format_zip(out) : archive_write_set_format_pax_restricted(out);
    if (!zip) {
        filter(out);
    }
    REQUIRE(archive_write_open_filename(out, file.c_str()) == ARCHIVE_OK);
    for (const Member& member : members) {
        archive_entry* entry = archive_entry_new();
        archive_entry_set_pathname(entry, member.path.c_str());
        archive_entry_set_filetype(entry, member.type);
        archive_entry_set_perm(entry, 0644);
        archive_entry_set_size(entry, static_cast<la_int64_t>(member.content.size()));
        if (!member.link.empty()) {
            archive_entry_set_symlink(entry, member.link.c_str());
        }
        if (!member.hard_link.empty()) {
            archive_entry_set_hardlink(entry, member.hard_link.c_str());
        }
        archive_write_header(out, entry);
        archive_write_data(out, member.content.data(), member.content.size());
        archive_entry_free(entry);
    }
    archive_write_free(out);
}

Intake of_members(const std::vector<Member>& members, const IntakeOrder& what = order(),
                  bool zip = false) {
    const Scratch scratch;
    write_archive(scratch / "archive", members, zip);
    return take_in(scratch / "archive", what);
}

TEST_CASE("intake: every kind of archive, and a folder, give the same") {
    const Scratch scratch;
    std::set<std::string> digests;
    for (const auto filter : {archive_write_add_filter_none, archive_write_add_filter_gzip,
                              archive_write_add_filter_xz, archive_write_add_filter_zstd}) {
        write_archive(scratch / "a", good, false, filter);
        const Intake intake = take_in(scratch / "a", order());
        check_good(intake);
        digests.insert(intake->digest);
    }
    const Intake zip = of_members(good, order(), true);
    check_good(zip);
    for (const Member& member : good) {
        put(scratch / ("outer/" + member.path), member.content);
    }
    const Intake inner = take_in(scratch / "outer/top", order());
    const Intake outer = take_in(scratch / "outer", order());
    check_good(inner);
    check_good(outer);
    digests.insert({zip->digest, inner->digest, outer->digest});
    CHECK(digests.size() == 1);
    CHECK(digests.begin()->size() == 64);
}

TEST_CASE("intake: an archive needs no top folder") {
    std::vector<Member> members = good;
    for (Member& member : members) {
        member.path.replace(0, 3, ".");
    }
    check_good(of_members(members));
    for (Member& member : members) {
        member.path.erase(0, 2);
    }
    check_good(of_members(members));
}

TEST_CASE("intake: answers beside the tree's folder are no second tree") {
    std::vector<Member> members = good;
    members[2] = {"answers-lab3.md", "Q1"}; // one member more that is not of the folder
    const auto intake = of_members(members);
    REQUIRE_MESSAGE(intake.has_value(), intake.error());
    CHECK(intake->files.size() == 3);
    CHECK(intake->files.at("kernel/a.cpp") == "int a;\n");
}

TEST_CASE("intake: two trees in one submission are not chosen from") {
    std::vector<Member> members = good;
    members.push_back({"other/kernel/a.cpp", "int c;\n"});
    CHECK(fails(of_members(members), "two trees, in other and in top"));
    members.back().path = "top/kernel/a.cpp";
    CHECK(fails(of_members(members), "kernel/a.cpp twice"));
    members.back().path = "./top/kernel/a.cpp";
    CHECK(fails(of_members(members), "kernel/a.cpp twice"));
}

TEST_CASE("intake: names that climb out, or are other names, are nobody's") {
    for (const std::string name :
         {"../kernel/a.cpp", "/kernel/a.cpp", "top/../kernel/a.cpp", "kernel/../kernel/a.cpp",
          "kernel//a.cpp", "kernel/a.cpp\n", "kernel/a.cpp ", "KERNEL/A.CPP", "kernel/\xff.cpp",
          "a/b/kernel/a.cpp", "..\\kernel\\a.cpp", "kernel/a.cpp/", "//kernel/a.cpp"}) {
        CAPTURE(name);
        const Intake intake =
            of_members({{name, "int evil;\n"}, {"kernel/deep/b.cpp", "int b;\n"}});
        if (intake) {
            CHECK(intake->files.size() == 1);
            CHECK(intake->files.contains("kernel/deep/b.cpp"));
        } else {
            CAPTURE(intake.error());
            CHECK((intake.error().contains("two trees") || intake.error().contains("damaged")));
        }
    }
    CHECK(of_members({{"top\\kernel\\a.cpp", "int a;\n"}})->files.contains("kernel/a.cpp"));
}

TEST_CASE("intake: links and devices in archives are not files") {
    for (Member member :
         std::vector<Member>{{"kernel/a.cpp", "", AE_IFLNK, "/etc/passwd", ""},
                             {"kernel/a.cpp", "", AE_IFREG, "", "/etc/passwd"},
                             {"kernel/a.cpp", "", AE_IFREG, "", "kernel/deep/b.cpp"},
                             {"kernel/a.cpp", "", AE_IFCHR, "", ""},
                             {"kernel/a.cpp", "", AE_IFBLK, "", ""},
                             {"kernel/a.cpp", "", AE_IFIFO, "", ""},
                             {"kernel/a.cpp", "", AE_IFDIR, "", ""}}) {
        CAPTURE(member.type);
        const Intake intake = of_members({{"kernel/deep/b.cpp", "int b;\n"}, member});
        REQUIRE(intake.has_value());
        CHECK(intake->files.size() == 1);
        CHECK(intake->warnings.size() == (member.type == AE_IFDIR ? 0 : 1));
    }
}

TEST_CASE("intake: too much of anything is told") {
    IntakeOrder small = order();
    small.limits.file_bytes = 1000;
    const Intake large = of_members(
        {{"kernel/a.cpp", std::string(1001, ' ')}, {"kernel/deep/b.cpp", std::string(1000, ' ')}},
        small);
    REQUIRE(large.has_value());
    CHECK(large->files.size() == 1);
    CHECK(large->warnings.at(0).contains("kernel/a.cpp is larger than"));
    small.limits.unpacked_bytes = 100'000;
    const std::vector<Member> bomb = {{"kernel/a.cpp", "int a;\n"},
                                      {"zeros", std::string(200'000, 0)}};
    CHECK(fails(of_members(bomb, small), "unpacked it has more than"));
    CHECK(fails(of_members(bomb, small, true), "unpacked it has more than"));
    small = order();
    small.limits.members = 3;
    CHECK(fails(of_members(good, small), "more than 3 members"));
    small = order();
    small.limits.archive_bytes = 10;
    CHECK(fails(of_members(good, small), "the archive has more than"));
    small = order();
    small.limits.kept_bytes = 10;
    CHECK(fails(of_members(good, small), "its files have more than"));
}

TEST_CASE("intake: what is no archive, or only a part of one") {
    const Scratch scratch;
    put(scratch / "text", "int main() {}\n");
    CHECK(fails(take_in(scratch / "text", order()), "no archive"));
    put(scratch / "empty", "");
    CHECK(take_in(scratch / "empty", order()).error() != "");
    CHECK(fails(take_in(scratch / "none", order()), "no such file"));
    std::vector<Member> members = good;
    std::string noise;
    for (int number = 0; number < 20'000; ++number) {
        noise += sha1(std::to_string(number));
    }
    members.insert(members.begin() + 2, {"top/noise", noise});
    write_archive(scratch / "whole", members);
    write_archive(scratch / "zip", members, true);
    for (const char* name : {"whole", "zip"}) {
        CHECK(take_in(scratch / name, order()).has_value());
        fs::resize_file(scratch / name, fs::file_size(scratch / name) / 2);
        CHECK(take_in(scratch / name, order()).error() != "");
    }
    REQUIRE(mkfifo((scratch / "pipe").c_str(), 0600) == 0);
    CHECK(fails(take_in(scratch / "pipe", order()), "neither a folder nor a file"));
}

TEST_CASE("intake: nothing of an exercise is no submission") {
    CHECK(fails(of_members({}), ""));
    CHECK(fails(of_members({{"README", "x"}}), "none of the files"));
    CHECK(fails(of_members({{".stage.toml", "lab = 3\n"}}), "none of the files"));
    const Scratch scratch;
    fs::create_directory(scratch / "empty");
    CHECK(fails(take_in(scratch / "empty", order()), "none of the files"));
}

TEST_CASE("intake: a submission of another lab") {
    std::vector<Member> members = good;
    members.back().content = "lab = 2\n";
    CHECK(fails(of_members(members), "it is of lab 2, and lab 3 is to be graded"));
    IntakeOrder any = order();
    any.lab = 0;
    CHECK(of_members(members, any)->lab == 2);
    for (const std::string stage : {"lab = 9\n", "lab = \"3\"\n", "lab = ", "\xff", ""}) {
        members.back().content = stage;
        const Intake intake = of_members(members);
        REQUIRE(intake.has_value());
        CHECK_FALSE(intake->lab.has_value());
        CHECK(intake->warnings.size() == 1);
    }
    members.back().content = std::string(100'000, '[');
    CHECK_FALSE(of_members(members)->lab.has_value());
}

TEST_CASE("intake: a folder with links, pipes and devices") {
    const Scratch scratch;
    const auto warned = [&](const char* says) {
        const Intake intake = take_in(scratch / "in", order());
        REQUIRE(intake.has_value());
        CHECK(intake->files.size() == 1);
        CHECK(intake->files.contains("kernel/deep/b.cpp"));
        REQUIRE(intake->warnings.size() == 1);
        CHECK(intake->warnings[0].contains(says));
        fs::remove(scratch / "in/kernel/a.cpp");
    };
    put(scratch / "in/kernel/deep/b.cpp", "int b;\n");
    const fs::path place = scratch / "in/kernel/a.cpp";
    put(scratch / "secret", "secret\n");
    fs::create_symlink(scratch / "secret", place);
    warned("kernel/a.cpp is a link");
    fs::create_symlink("/proc/self/environ", place);
    warned("kernel/a.cpp is a link");
    REQUIRE(mkfifo(place.c_str(), 0600) == 0);
    warned("kernel/a.cpp is no ordinary file");
    fs::create_directory(place);
    warned("kernel/a.cpp is no ordinary file");
    put(place, std::string((1 << 20) + 1, ' '));
    warned("kernel/a.cpp is larger than 1024 KiB");
}

TEST_CASE("intake: a folder below a link is not entered") {
    const Scratch scratch;
    put(scratch / "secret/b.cpp", "secret\n");
    put(scratch / "in/kernel/a.cpp", "int a;\n");
    fs::create_directory_symlink(scratch / "secret", scratch / "in/kernel/deep");
    fs::create_directory_symlink("/", scratch / "in/root");
    const Intake intake = take_in(scratch / "in", order());
    REQUIRE(intake.has_value());
    CHECK(intake->files.size() == 1);
    CHECK(intake->warnings.at(0) == "kernel/deep/b.cpp is a link, or in a folder that is one");
    IntakeOrder small = order();
    small.limits.members = 2;
    CHECK(fails(take_in(scratch / "in", small), "more than 2 files"));
}

TEST_CASE("digest: the examples of FIPS 180, and git's") {
    CHECK(sha1("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d");
    CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    const std::string two_blocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    CHECK(sha1(two_blocks) == "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
    CHECK(sha256(two_blocks) == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(git_blob_id("") == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
}

} // namespace
