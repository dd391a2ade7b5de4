// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The program as people call it: arguments, exit status, what it prints and writes.
/// @stage{none}
#include "tools/load/options.hpp"
#include "tools/load/report.hpp"
#include "tools/load/tests/server.hpp"

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <sys/wait.h>

using namespace load;
using namespace load::tests;

namespace {

namespace fs = std::filesystem;

struct Ended {
    int status;
    std::string output; ///< both streams
};

/// rel4-load, which is beside this program.
std::string program() {
    const auto path = fs::read_symlink("/proc/self/exe").parent_path() / "rel4-load";
    return "\"" + path.string() + "\"";
}

Ended run(const std::string& command) {
    std::FILE* pipe = popen(("exec 2>&1; " + command).c_str(), "r");
    REQUIRE(pipe != nullptr);
    Ended result{-1, {}};
    std::array<char, 4096> buffer{};
    while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), pipe))
        result.output.append(buffer.data(), count);
    result.status = WEXITSTATUS(pclose(pipe));
    return result;
}

Ended run_load(std::uint16_t port, const std::string& arguments) {
    return run(program() + " 127.0.0.1 " + std::to_string(port) + " " + arguments);
}

/// A folder that is deleted with its files.
class Folder {
public:
    Folder() {
        std::string form = (fs::temp_directory_path() / "load XXXXXX").string();
        path_ = mkdtemp(form.data());
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { fs::remove_all(path_); }
    [[nodiscard]] fs::path file(const std::string& name) const { return path_ / name; }

private:
    fs::path path_;
};

} // namespace

TEST_CASE("program: all was right") {
    const Server server(echo);
    const Ended result = run_load(server.port(), "--connections 4 --requests 100");
    INFO(result.output);
    CHECK(result.status == 0);
    CHECK(result.output.contains("requests       100 in "));
    CHECK(result.output.contains(
        "errors         0: refused 0, reset 0, closed 0, timeout 0, wrong 0"));
    CHECK(result.output.contains("rel4-load: all 100 answers were right\n"));
    CHECK(run_load(server.port(), "--requests 10 --quiet").output.empty());
}

TEST_CASE("program: something was wrong") {
    const ClosedPort nobody;
    const Ended loud = run_load(nobody.port(), "--requests 1");
    CHECK(loud.status == 1);
    CHECK(loud.output.contains("errors         1: refused 1, "));
    const Ended quiet = run_load(nobody.port(), "--requests 1 --quiet");
    CHECK(quiet.status == 1);
    CHECK(quiet.output ==
          "rel4-load: 1 error, such as connection 0, request 0: connecting: Connection refused\n");
}

TEST_CASE("program: wrong arguments") {
    for (const char* wrong :
         {"--connections 0", "--connections 4097", "--requests 1 --seconds 1", "--mode ftp",
          "--size 0", "--depth 0", "--misbehave sleepy", "--misbehave slow:x", "--seconds -1"}) {
        const Ended result = run_load(1, wrong);
        CAPTURE(wrong);
        CHECK(result.status == 2);
        CHECK_FALSE(result.output.empty());
    }
    CHECK(run(program()).status == 2);
    CHECK(run(program() + " localhost 65536").status == 2);
    const Ended help = run(program() + " --help");
    CHECK(help.status == 0);
    CHECK(help.output.contains("Exit status: 0 all was right"));
}

TEST_CASE("program: JSON has all figures") {
    const Server server(echo);
    const Folder folder;
    const fs::path file = folder.file("figures.json");
    const Ended result = run_load(server.port(), "--connections 2 --requests 50 --misbehave half:2 "
                                                 "--json \"" +
                                                     file.string() + "\"");
    REQUIRE(result.status == 0);
    const Ended read = run("python3 -c \"import json, sys; d = json.load(open(sys.argv[1])); "
                           "print(d['good'], d['answers'], d['options']['connections'], "
                           "d['errors']['all'], d['latency_us']['count'], "
                           "d['latency_us']['min'] <= d['latency_us']['p50'] <= "
                           "d['latency_us']['p99_9'] <= d['latency_us']['max'], "
                           "d['bytes_sent'], d['misbehaving']['half']['clients'])\" \"" +
                           file.string() + "\"");
    CHECK(read.output == "True 50 2 0 50 True 3328 2\n");
    CHECK(run_load(server.port(), "--requests 1 --json /nowhere/x")
              .output.contains("rel4-load: /nowhere/x cannot be written"));
}

TEST_CASE("program: JSON stays JSON whatever the server is called") {
    Options options;
    options.host = "a\"b\\c\n";
    CHECK(json(options, {}).contains(R"("host":"a\"b\\c\u000a")"));
}

TEST_CASE("program: a progress line, and SIGINT ends it with what was done") {
    const Server server(echo);
    const Ended result = run(program() + " 127.0.0.1 " + std::to_string(server.port()) +
                             " --seconds 100 --progress & sleep 1.4; kill -INT $!; wait $!");
    INFO(result.output);
    CHECK(result.status == 130);
    CHECK(result.output.contains("   1 s, "));
    CHECK(result.output.contains("rel4-load: interrupted; the "));
}

TEST_CASE("options: bad clients are added up") {
    const std::array<const char*, 6> arguments = {
        "rel4-load", "localhost", "7", "--misbehave", "slow:2,reset", "--misbehave=slow"};
    const auto options = parse(arguments.size(), arguments.data());
    REQUIRE(options);
    CHECK(options->misbehaving == std::array{3U, 0U, 1U, 0U, 0U});
    CHECK(options->seconds == 10);
    CHECK(options->timeout == 10);
    CHECK(options->size == 64);
}
