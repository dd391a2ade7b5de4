// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the tests of sandboxes share: a folder to play in, shell scripts as commands, and a mark by
/// which whatever a script left behind is found.
#pragma once

#include "autograder/sandbox/sandbox.hpp"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <doctest/doctest.h>
#include <fmt/core.h>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <unistd.h>

namespace sandboxes {

namespace fs = std::filesystem;
using grade::Limit;
using grade::Sandbox;
using Kind = grade::Sandbox::Kind;

/// True, and said, if this machine cannot do it.
inline bool skipped(Kind kind) {
    const auto obstacle = Sandbox::obstacle(kind);
    if (obstacle) {
        MESSAGE("SKIP: " << obstacle->substr(0, obstacle->find('\n')));
    }
    return obstacle.has_value();
}

class Folder {
public:
    Folder() {
        std::string form = (fs::canonical(fs::temp_directory_path()) / "sandbox-XXXXXX").string();
        path_ = mkdtemp(form.data());
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { fs::remove_all(path_); }

    [[nodiscard]] const fs::path& path() const { return path_; }
    [[nodiscard]] fs::path folder(const std::string& name) const {
        fs::create_directories(path_ / name);
        return path_ / name;
    }
    [[nodiscard]] fs::path file(const std::string& name, const std::string& text) const {
        std::ofstream(path_ / name) << text;
        return path_ / name;
    }

private:
    fs::path path_;
};

inline std::string text_of(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// An argument of sleep(1) that no other process has: very long, and different each time.
inline std::string new_mark() {
    static std::atomic<int> count = 0;
    return fmt::format("{}.{:07}{:03}", 600, ::getpid(), ++count);
}

/// Processes with the mark in their command lines.
inline int processes_with(const std::string& mark) {
    int count = 0;
    std::error_code error;
    for (auto at = fs::directory_iterator("/proc", error); !error && at != fs::end(at);
         at.increment(error)) {
        const std::string line = text_of(at->path() / "cmdline");
        count += line.find(mark) != std::string::npos && at->path().filename() != "self" &&
                         at->path().filename() != "thread-self" &&
                         at->path().filename() != std::to_string(::getpid())
                     ? 1
                     : 0;
    }
    return count;
}

/// Waits until it is so; false if it never is.
template <class Condition>
bool eventually(Condition condition) {
    for (int attempt = 0; attempt < 2000; ++attempt) {
        if (condition()) {
            return true;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
}

/// Far more than any of these scripts needs, so that the limit that a test is about comes first.
inline grade::Limits generous() {
    grade::Limits limits;
    limits.wall = limits.cpu = std::chrono::seconds(60);
    limits.memory = 1u << 30;
    limits.processes = 100;
    limits.output = 1u << 20;
    limits.disk = 64u << 20;
    limits.temporary = 128u << 20;
    return limits;
}

inline grade::Command bash(const std::string& script) {
    return {.arguments = {"bash", "-c", script}};
}

inline grade::Outcome run(Kind kind, const std::string& script, const grade::View& view = {},
                          const grade::Limits& limits = generous(),
                          const grade::Observer& observer = {}) {
    return Sandbox(kind).run(bash(script), view, limits, observer);
}

} // namespace sandboxes
