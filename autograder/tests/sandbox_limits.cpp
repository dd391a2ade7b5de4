// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Commands that would not end, or take too much: each is ended for the right reason, with all that
/// it started, in both kinds of sandbox; and what becomes of it when the grader itself is ended.
#include "autograder/sandbox/cgroup.hpp"
#include "autograder/tests/sandboxes.hpp"

#include <algorithm>
#include <csignal>
#include <sys/resource.h>
#include <sys/wait.h>

namespace {

using namespace sandboxes;
using std::chrono::milliseconds;

/// Once for each kind that this machine can do.
template <class Test>
void in_both_kinds(Test test) {
    for (const Kind kind : {Kind::bubblewrap, Kind::container}) {
        if (!skipped(kind)) {
            const std::string name{Sandbox(kind).name()};
            CAPTURE(name);
            test(kind);
        }
    }
}

/// Runs a script that contains MARK as a sleeper's time; none of these may be left.
grade::Outcome run_marked(Kind kind, std::string script, const grade::Limits& limits,
                          const grade::View& view = {}) {
    const std::string mark = new_mark();
    for (std::size_t at; (at = script.find("MARK")) != std::string::npos;) {
        script.replace(at, 4, mark);
    }
    auto outcome = run(kind, script, view, limits);
    CHECK(processes_with(mark) == 0);
    return outcome;
}

} // namespace

TEST_CASE("sandbox limits: status, signal, both streams and their lines are the command's") {
    in_both_kinds([](Kind kind) {
        std::vector<std::string> lines;
        const grade::Observer observer{
            .line =
                [&](grade::Stream stream, std::string_view line) {
                    lines.push_back(
                        fmt::format("{}{}", stream == grade::Stream::out ? 1 : 2, line));
                },
        };
        const auto outcome =
            run(kind, "echo a; echo b; printf c >&2; exit 7", {}, generous(), observer);
        CHECK(outcome.status == 7);
        CHECK(outcome.limit == Limit::none);
        CHECK(outcome.out == "a\nb\n");
        CHECK(outcome.err == "c");
        std::ranges::sort(lines);
        CHECK(lines == std::vector<std::string>{"1a", "1b", "2c"});
        CHECK(run(kind, "kill -SEGV $$").signal == SIGSEGV);
        CHECK(run(kind, ":").succeeded());
    });
}

TEST_CASE("sandbox limits: a sleeper that ignores signals ends at its wall time") {
    in_both_kinds([](Kind kind) {
        grade::Limits limits = generous();
        limits.wall = milliseconds(300);
        const auto outcome =
            run_marked(kind, "trap '' TERM INT HUP; (trap '' TERM; sleep MARK) & wait", limits);
        CHECK(outcome.limit == Limit::wall);
        CHECK(outcome.wall >= 0.3);
        CHECK(!outcome.succeeded());
    });
}

TEST_CASE("sandbox limits: processor time is that of all processes together") {
    in_both_kinds([](Kind kind) {
        grade::Limits limits = generous();
        limits.cpu = milliseconds(400);
        const auto outcome = run_marked(
            kind, "sleep MARK & for i in 1 2 3; do (while :; do :; done) & done; wait", limits);
        CHECK(outcome.limit == Limit::cpu);
        CHECK(outcome.cpu >= 0.3);
    });
}

TEST_CASE("sandbox limits: memory, of one process or of several") {
    in_both_kinds([](Kind kind) {
        grade::Limits limits = generous();
        limits.memory = 48u << 20;
        CHECK(run_marked(kind, "sleep MARK & tail -n 1 /dev/zero", limits).limit == Limit::memory);
        CHECK(run_marked(kind,
                         "sleep MARK & for i in 1 2 3 4; do (head -c 20M /dev/zero; sleep MARK) | "
                         "tail -n 1 & done; wait",
                         limits)
                  .limit == Limit::memory);
    });
}

TEST_CASE("sandbox limits: a fork bomb") {
    in_both_kinds([](Kind kind) {
        grade::Limits limits = generous();
        limits.processes = 30;
        const auto outcome =
            run_marked(kind, "sleep MARK & b() { b | b & b; }; b 2>/dev/null; sleep MARK", limits);
        CHECK(outcome.limit == Limit::processes);
    });
}

TEST_CASE("sandbox limits: endless output, of either stream, is cut and ends the command") {
    in_both_kinds([](Kind kind) {
        grade::Limits limits = generous();
        limits.output = 100'000;
        const auto out = run_marked(kind, "sleep MARK & yes", limits);
        CHECK(out.limit == Limit::output);
        CHECK(out.out.size() < 100'100);
        CHECK(out.out.find("[cut here: more than 100000 bytes]") != std::string::npos);
        const auto err = run_marked(kind, "sleep MARK & head -c 99999 /dev/zero; yes >&2", limits);
        CHECK(err.limit == Limit::output);
        CHECK(err.out.size() == 99'999);
        CHECK(err.err.size() > 100'000);
    });
}

TEST_CASE("sandbox limits: an endless file, a sparse one, and endlessly many") {
    in_both_kinds([](Kind kind) {
        grade::Limits limits = generous();
        limits.disk = 4u << 20;
        for (const std::string script :
             {"sleep MARK & cat /dev/zero > file", "sleep MARK & exec truncate -s 1T file",
              "sleep MARK & cat /dev/zero > file; true",
              "sleep MARK & while :; do i=x$i; head -c 90000 /dev/zero > $i; [ ${#i} -lt 200 ] || "
              "i=$RANDOM; done"}) {
            CAPTURE(script);
            const Folder folder;
            const auto outcome = run_marked(kind, script, limits,
                                            {.writable = {folder.path()}, .folder = folder.path()});
            CHECK(outcome.limit == Limit::disk);
        }
    });
}

TEST_CASE("sandbox limits: a daemon that left its session and its parent is ended") {
    in_both_kinds([](Kind kind) {
        const auto outcome = run_marked(
            kind,
            "setsid bash -c 'trap \"\" HUP TERM; (setsid sleep MARK & sleep MARK) & sleep MARK & "
            "echo up; exit' > log < /dev/null 2>&1; cat log; echo done",
            generous(), {.folder = "/tmp"});
        CHECK(outcome.out == "up\ndone\n");
        CHECK(outcome.succeeded());
    });
    fs::remove("/tmp/log");
}

TEST_CASE("sandbox limits: a run can be stopped") {
    in_both_kinds([](Kind kind) {
        std::stop_source source;
        const grade::Observer observer{
            .line = [&](grade::Stream, std::string_view) { source.request_stop(); },
            .stop = source.get_token(),
        };
        const std::string mark = new_mark();
        const auto outcome =
            run(kind, "echo up; sleep " + mark + "; echo late", {}, generous(), observer);
        CHECK(outcome.limit == Limit::stopped);
        CHECK(outcome.out == "up\n");
        CHECK(processes_with(mark) == 0);
    });
}

TEST_CASE("sandbox limits: killing the grader ends what it started") {
    in_both_kinds([](Kind kind) {
        const std::string mark = new_mark();
        const pid_t grader = ::fork();
        if (grader == 0) {
            const std::string sleeper = "sleep " + mark;
            (void)run(kind, "(setsid " + sleeper + " &) ; " + sleeper);
            ::_exit(0);
        }
        CHECK(eventually([&] { return processes_with(mark) >= 2; }));
        ::kill(grader, SIGKILL);
        ::waitpid(grader, nullptr, 0);
        CHECK(eventually([&] { return processes_with(mark) == 0; }));
    });
}

TEST_CASE("sandbox limits: several at once do not disturb each other") {
    in_both_kinds([](Kind kind) {
        constexpr int count = 6;
        std::vector<grade::Outcome> outcomes(count);
        std::vector<std::jthread> threads;
        threads.reserve(count);
        for (int number = 0; number < count; ++number) {
            threads.emplace_back([&, number] {
                std::stop_source source;
                const grade::Observer stops{
                    .line = [&](grade::Stream, std::string_view) { source.request_stop(); },
                    .stop = source.get_token(),
                };
                const std::string script = fmt::format("echo {}; sleep ", number);
                outcomes[static_cast<std::size_t>(number)] =
                    number % 2 == 0 ? run(kind, script + "0.5; echo late")
                                    : run(kind, script + "600", {}, generous(), stops);
            });
        }
        threads.clear();
        for (int number = 0; number < count; ++number) {
            const auto& outcome = outcomes[static_cast<std::size_t>(number)];
            const bool ended = number % 2 == 0;
            CHECK(outcome.out == std::to_string(number) + (ended ? "\nlate\n" : "\n"));
            CHECK(outcome.limit == (ended ? Limit::none : Limit::stopped));
        }
    });
}

TEST_CASE("sandbox limits: no zombie, no open file and no control group is left") {
    const auto open_files = [] {
        return std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator());
    };
    in_both_kinds([&](Kind kind) {
        (void)run(kind, ":");
        const auto before = open_files();
        (void)run(kind, ":");
        CHECK(open_files() == before);
        CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
    });
    if (!grade::Cgroup::available()) {
        MESSAGE("SKIP: no control group can be made here, so that none is left is not tested");
        return;
    }
    const grade::Cgroup group(64u << 20, 10);
    for (const fs::path folder : group.folders()) {
        for (const auto& entry : fs::directory_iterator(folder.parent_path())) {
            const std::string name = entry.path().filename();
            CHECK(
                (entry.path() == folder || !name.starts_with(fmt::format("rel4-{}-", ::getpid()))));
        }
    }
}

TEST_CASE("sandbox limits: what this machine has too little of is its fault, not the command's") {
    const pid_t grader = ::fork();
    if (grader == 0) {
        const rlimit few{5, 5};
        ::setrlimit(RLIMIT_NOFILE, &few);
        try {
            (void)run(Kind::container, ":");
        } catch (const grade::EnvironmentError&) {
            ::_exit(0);
        }
        ::_exit(1);
    }
    int status = -1;
    ::waitpid(grader, &status, 0);
    CHECK(status == 0);
}

TEST_CASE("sandbox limits: control groups are found in both versions, inside containers too") {
    const auto legacy = grade::CgroupPlaces::find(
        "5:pids:/\n4:memory:/service/one\n0::/\n",
        "34 30 0:31 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n"
        "38 30 0:35 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids\n");
    CHECK(legacy.memory == "/sys/fs/cgroup/memory/service/one");
    CHECK(legacy.processes.lexically_relative("/sys/fs/cgroup/pids") == ".");
    CHECK(legacy.unified.empty());
    const auto container = grade::CgroupPlaces::find(
        "0::/docker/abc/inner\n",
        "29 23 0:26 /docker/abc /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup rw\n");
    CHECK(container.unified == "/sys/fs/cgroup/inner");
    CHECK(container.memory.empty());
    CHECK(grade::CgroupPlaces::find("0::/../above\n", "1 1 0:1 / /c rw - cgroup2 c rw\n")
              .unified.empty());
}

/// Control groups are rarely his to make, so this is also the test of the limits without them.
TEST_CASE("sandbox limits: all of this holds for an ordinary user") {
    if (::geteuid() != 0) {
        MESSAGE("SKIP: it does, since this is one");
        return;
    }
    const Folder folder;
    fs::permissions(folder.path(),
                    fs::perms::owner_all | fs::perms::others_read | fs::perms::others_exec);
    fs::copy(fs::read_symlink("/proc/self/exe"), folder.path() / "tests");
    fs::create_directory(folder.path() / "tmp");
    fs::permissions(folder.path() / "tmp", fs::perms::all);
    const grade::Command command{.arguments = {"setpriv", "--reuid=65534", "--regid=65534",
                                               "--clear-groups", (folder.path() / "tests").string(),
                                               "--test-case=sandbox*"},
                                 .environment = {"TMPDIR=" + (folder.path() / "tmp").string()}};
    // Without groups a bomb comes far between two looks, the farther the busier the machine is.
    grade::Limits limits = generous();
    limits.processes = 10'000;
    limits.memory = 16ull << 30;
    const auto outcome = Sandbox(Kind::container).run(command, {}, limits);
    CAPTURE(static_cast<int>(outcome.limit));
    CHECK_MESSAGE(outcome.succeeded(), outcome.out << outcome.err);
}
