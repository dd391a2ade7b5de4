// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Repositories as submissions: commits of all kinds, and what a hostile one would have run.
#include "autograder/source/digest.hpp"
#include "autograder/source/process.hpp"
#include "autograder/tests/submissions.hpp"

namespace {

using namespace grade;
using namespace submissions;
using Scratch = IntakeFolder;

/// A repository with the good submission, and one more commit without a file.
class Repository {
public:
    Repository() {
        for (const Member& member : good) {
            put(folder() / member.path.substr(4), member.content);
        }
        git("init -q . && git config user.name t && git config user.email t@t && git add -A "
            "&& git commit -qm one && git tag done && git rm -q kernel/a.cpp && "
            "git commit -qm two");
    }
    [[nodiscard]] fs::path folder() const { return scratch_ / "it's one"; }
    void git(const std::string& arguments) const {
        const std::string command = "cd \"" + folder().string() + "\" && git " + arguments;
        REQUIRE(run({{"sh", "-c", command}}).status == 0);
    }
    [[nodiscard]] fs::path operator/(const std::string& name) const { return scratch_ / name; }

private:
    Scratch scratch_;
};

TEST_CASE("intake: a repository at a tag, a branch or a commit") {
    const Repository repository;
    check_good(take_in_commit(repository.folder(), "done", order()));
    check_good(take_in_commit(repository.folder() / ".git", "done", order()));
    const Intake last = take_in_commit(repository.folder(), "HEAD", order());
    REQUIRE(last.has_value());
    CHECK_FALSE(last->files.contains("kernel/a.cpp"));
    CHECK(take_in_commit(repository.folder(), "done", order())->digest != last->digest);
    CHECK(take_in(repository.folder(), order())->digest == last->digest);
    for (const std::string name :
         {"none", "--output=x", "done; touch x", "HEAD:kernel", "", "a..b"}) {
        CAPTURE(name);
        CHECK_FALSE(take_in_commit(repository.folder(), name, order()).has_value());
    }
    CHECK(fails(take_in_commit(repository / "none", "done", order()), "no such repository"));
    CHECK(fails(take_in_commit("/tmp", "done", order()), "no readable commit"));
}

TEST_CASE("intake: nothing that a repository says is run") {
    const Repository repository;
    const fs::path proof = repository / "proof";
    const std::string touch = "touch '" + proof.string() + "'";
    repository.git("checkout -q done");
    put(repository.folder() / ".gitattributes", "* filter=evil diff=evil\n");
    put(repository.folder() / ".git/hooks/post-checkout", "#!/bin/sh\n" + touch + "\n");
    fs::permissions(repository.folder() / ".git/hooks/post-checkout", fs::perms::owner_all);
    repository.git("add -A && git commit -qm three");
    for (const std::string key : {"filter.evil.smudge", "filter.evil.clean", "diff.evil.textconv",
                                  "core.pager", "core.fsmonitor", "core.sshCommand",
                                  "pager.ls-tree", "pager.cat-file", "core.alternateRefsCommand"}) {
        repository.git(std::string("config ").append(key).append(" \"").append(touch) + "\"");
    }
    repository.git("config alias.ls-tree \"!" + touch + "\"");
    fs::remove(proof);
    CHECK(take_in_commit(repository.folder(), "HEAD", order()).has_value());
    CHECK_FALSE(fs::exists(proof));
}

TEST_CASE("intake: a missing object is not fetched, by whatever means the repository names") {
    const Repository repository;
    const fs::path proof = repository / "proof";
    put(repository / "fetch.sh", "#!/bin/sh\ntouch '" + proof.string() + "'\n");
    fs::permissions(repository / "fetch.sh", fs::perms::owner_all);
    repository.git("config remote.evil.url \"ext::" + (repository / "fetch.sh").string() + "\"");
    repository.git("config remote.evil.promisor true");
    repository.git("config core.repositoryFormatVersion 1");
    repository.git("config extensions.partialClone evil");
    repository.git("config protocol.ext.allow always");
    const std::string id = git_blob_id("int a;\n");
    fs::remove(repository.folder() / ".git/objects" / id.substr(0, 2) / id.substr(2));
    CHECK_FALSE(take_in_commit(repository.folder(), "done", order()).has_value());
    CHECK_FALSE(fs::exists(proof));
}

TEST_CASE("intake: links and large files in a repository") {
    const Repository repository;
    fs::create_symlink("/etc/passwd", repository.folder() / "kernel/a.cpp");
    put(repository.folder() / "kernel/deep/b.cpp", std::string((1 << 20) + 1, ' '));
    put(repository.folder() / "x/kernel/a.cpp", "int x;\n");
    repository.git("add -A && git commit -qm four");
    IntakeOrder more = order();
    more.wanted.insert("Makefile");
    const Intake intake = take_in_commit(repository.folder(), "HEAD", more);
    REQUIRE(intake.has_value());
    CHECK(intake->files.size() == 2);
    CHECK(intake->warnings.size() == 2);
}

} // namespace
