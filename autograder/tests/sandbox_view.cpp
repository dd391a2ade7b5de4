// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What a command in bubblewrap can see and reach, and that compilers find what they need.
#include "autograder/tests/sandboxes.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace {

using namespace sandboxes;
using grade::EnvironmentError;

grade::Outcome in_bubblewrap(const std::string& script, const grade::View& view = {}) {
    return run(Kind::bubblewrap, script, view);
}

/// Accepts connections to 127.0.0.1 at a port that the system chose.
class Listener {
public:
    Listener() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        auto* const plain = reinterpret_cast<sockaddr*>(&address);
        socklen_t size = sizeof address;
        const bool bound = socket_ >= 0 && ::bind(socket_, plain, size) == 0;
        REQUIRE(bound);
        REQUIRE(::listen(socket_, 4) == 0);
        REQUIRE(::getsockname(socket_, plain, &size) == 0);
        port_ = ntohs(address.sin_port);
    }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    ~Listener() { ::close(socket_); }
    [[nodiscard]] int port() const { return port_; }

private:
    int socket_;
    int port_ = 0;
};

} // namespace

TEST_CASE("sandbox view: what is not named does not exist, be it home or another submission") {
    if (skipped(Kind::bubblewrap)) {
        return;
    }
    const Folder folder;
    const fs::path mine = folder.folder("mine");
    (void)folder.file("mine/own", "my own text");
    (void)folder.folder("other");
    const fs::path other = folder.file("other/kernel.cpp", "somebody else's text");
    const auto outcome = in_bubblewrap(
        fmt::format("cat own; cat {0}; ls {1}; ls {2}; ls /home /root /etc/passwd; ls -A /tmp",
                    other.string(), folder.path().string(), "/root"),
        {.readonly = {mine}, .folder = mine});
    CHECK(outcome.out.starts_with("my own text"));
    CHECK(outcome.out.find("somebody") == std::string::npos);
    CHECK(outcome.out.find("other") == std::string::npos);
    for (const std::string name : {"/home'", "/root'", "/etc/passwd'", "kernel.cpp"}) {
        CHECK_MESSAGE(outcome.err.find(name) != std::string::npos, name << " in " << outcome.err);
    }
}

TEST_CASE("sandbox view: only writable folders can be written, and what is written stays") {
    if (skipped(Kind::bubblewrap)) {
        return;
    }
    const Folder folder;
    const fs::path tree = folder.folder("tree");
    const fs::path build = folder.folder("tree/build");
    const auto outcome = in_bubblewrap(
        "echo good > build/written; for f in ./x /x /dev/x /usr/x /etc/x /proc/sys/kernel/panic; "
        "do if echo 1 2>/dev/null >$f; then echo $f; fi; done; "
        "find /proc/sys /sys -writable 2>/dev/null; cp build/written build/suid; "
        "chmod 6755 build/suid",
        {.readonly = {tree}, .writable = {build}, .folder = tree});
    CHECK(outcome.out == "");
    CHECK(outcome.succeeded());
    CHECK(text_of(build / "written") == "good\n");
    CHECK(!fs::exists(tree / "x"));
    CHECK((fs::status(build / "suid").permissions() & (fs::perms::set_uid | fs::perms::set_gid)) ==
          fs::perms::none);
}

TEST_CASE("sandbox view: no connection leads to this machine unless that is allowed") {
    if (skipped(Kind::bubblewrap)) {
        return;
    }
    const Listener listener;
    const std::string connect =
        fmt::format("exec 3<>/dev/tcp/127.0.0.1/{} && echo connected", listener.port());
    CHECK(in_bubblewrap(connect, {.network = true}).out == "connected\n");
    const auto outcome = in_bubblewrap(connect);
    CHECK(outcome.out == "");
    CHECK(outcome.err.find("Connection refused") != std::string::npos);
}

TEST_CASE("sandbox view: there are no other processes, no capabilities and no way to get some") {
    if (skipped(Kind::bubblewrap)) {
        return;
    }
    const auto outcome = in_bubblewrap(
        fmt::format("for p in /proc/[0-9]*; do echo process; done; "
                    "grep -E 'CapPrm|CapEff|CapBnd|CapAmb|NoNewPrivs' /proc/self/status; "
                    "findmnt -n -o OPTIONS /usr | grep -o nosuid; "
                    "unshare -Ur id && echo root again; kill -0 {} && echo reached; hostname x",
                    ::getpid()));
    std::string wanted = "process\nprocess\n"; // bwrap as process 1, and bash
    for (const char* name : {"CapPrm", "CapEff", "CapBnd", "CapAmb"}) {
        wanted += fmt::format("{}:\t0000000000000000\n", name);
    }
    CHECK(outcome.out == wanted + "NoNewPrivs:\t1\nnosuid\n");
}

TEST_CASE("sandbox view: the environment and open files of this program stay here") {
    if (skipped(Kind::bubblewrap)) {
        return;
    }
    const int leak = ::open("/dev/null", O_RDONLY); // without close-on-exec
    // NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread runs
    ::setenv("REL4_TEST_SECRET", "inherited", 1);
    for (const Kind kind : {Kind::bubblewrap, Kind::container}) {
        const Sandbox sandbox(kind);
        const auto files =
            sandbox.run({.arguments = {"ls", "/proc/self/fd"}}, {.folder = "/"}, generous());
        CHECK(files.out == "0\n1\n2\n3\n"); // 3: ls reads the folder
        const auto environment = sandbox.run(
            {.arguments = {"env"}, .environment = {"LANG=C", "SEED=7"}}, {}, generous());
        const std::string wanted = "LANG=C\nSEED=7\nPATH=/usr/local/bin:/usr/bin:/bin\n"
                                   "HOME=/tmp\nTMPDIR=/tmp\n";
        CHECK(environment.out == wanted + (kind == Kind::bubblewrap ? "PWD=/\n" : ""));
    }
    // NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread runs
    ::unsetenv("REL4_TEST_SECRET");
    ::close(leak);
}

TEST_CASE("sandbox view: a nonce comes through a descriptor and nowhere else; others as named") {
    const Folder folder;
    const int given = ::open(folder.file("given", "handed over").c_str(), O_RDONLY | O_CLOEXEC);
    REQUIRE(given >= 0);
    for (const Kind kind : {Kind::bubblewrap, Kind::container}) {
        if (skipped(kind)) {
            return;
        }
        CHECK(::lseek(given, 0, SEEK_SET) == 0);
        const std::string script = "cat <&3; echo; echo $REL4_NONCE_FD; cat <&$REL4_NONCE_FD; echo;"
                                   "cat <&$REL4_NONCE_FD; cat /proc/[0-9]*/cmdline | grep -ac "
                                   "dead[b]eef; env | grep -c dead[b]eef";
        const auto outcome = Sandbox(kind).run(
            {.arguments = {"bash", "-c", script}, .descriptors = {given}, .nonce = "deadbeef"}, {},
            generous());
        CHECK(outcome.out == "handed over\n4\ndeadbeef\n0\n0\n");
    }
    ::close(given);
}

TEST_CASE("sandbox view: /tmp is its own and has a size") {
    if (skipped(Kind::bubblewrap)) {
        return;
    }
    grade::Limits limits = generous();
    limits.temporary = 1u << 20;
    const auto outcome = run(Kind::bubblewrap,
                             "touch /tmp/mine; head -c 3000000 /dev/zero > /tmp/large; "
                             "head -c 3000000 /dev/zero > /dev/shm/large; ls /tmp",
                             {}, limits);
    CHECK(outcome.out == "large\nmine\n");
    const std::string full = "No space left on device";
    const std::size_t first = outcome.err.find(full);
    REQUIRE(first != std::string::npos);
    CHECK(outcome.err.find(full, first + 1) != std::string::npos);
}

TEST_CASE("sandbox view: compilers, make and Python work, and read standard input") {
    if (skipped(Kind::bubblewrap)) {
        return;
    }
    const Folder folder;
    const fs::path build = folder.folder("build");
    const fs::path source =
        folder.file("source.cpp", "#include <cstdio>\nint main(){puts(\"ran\");}");
    const int input = ::open(source.c_str(), O_RDONLY | O_CLOEXEC);
    (void)folder.file("build/Makefile", "all: a.out\n\t./a.out\na.out:\n\tclang++-19 -x c++ -\n");
    const auto outcome =
        Sandbox(Kind::bubblewrap)
            .run(
                {.arguments = {"bash", "-c", "make -s && python3 -c 'print(6*7)'"}, .input = input},
                {.writable = {build}, .folder = build}, generous());
    ::close(input);
    CHECK(outcome.out == "ran\n42\n");
    CHECK_MESSAGE(outcome.succeeded(), outcome.err);
}

TEST_CASE("sandbox view: what cannot be started is the environment's fault, and is named") {
    const Folder folder;
    const fs::path link = folder.path() / "link";
    fs::create_symlink("/root", link);
    for (const Kind kind : {Kind::bubblewrap, Kind::container}) {
        if (skipped(kind)) {
            return;
        }
        const Sandbox sandbox(kind);
        const grade::Limits limits = generous();
        CHECK_THROWS_WITH_AS((void)sandbox.run({.arguments = {"no-such-program"}}, {}, limits),
                             doctest::Contains("no-such-program"), EnvironmentError);
        CHECK_THROWS_WITH_AS((void)sandbox.run({.arguments = {"/no/such"}}, {}, limits),
                             doctest::Contains("/no/such"), EnvironmentError);
        CHECK_THROWS_AS((void)sandbox.run({}, {}, limits), EnvironmentError);
        CHECK_THROWS_AS((void)sandbox.run(bash(":"), {.folder = "/no/such"}, limits),
                        EnvironmentError);
    }
    for (const fs::path& path : {link, fs::path("relative"), folder.path() / "missing"}) {
        CHECK_THROWS_WITH_AS(in_bubblewrap(":", {.writable = {path}}),
                             doctest::Contains(path.c_str()), EnvironmentError);
    }
}
