// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Version 2 needs a group whose children may have the controllers: our own, or the one above it
/// (a process may be in no group that has such children). Version 1 has a tree for each controller.
#include "autograder/sandbox/cgroup.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <fstream>
#include <optional>
#include <ranges>
#include <sstream>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>

namespace grade {

namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
    std::ifstream stream(path);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// The number behind a word of a file such as memory.events; 0 if there is none.
std::uint64_t count_in(const fs::path& path, std::string_view word) {
    std::ifstream stream(path);
    std::string name;
    std::uint64_t number = 0;
    while (stream >> name >> number) {
        if (name == word) {
            return number;
        }
    }
    return 0;
}

bool write_to(const fs::path& path, const std::string& text) {
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    return file.is_open() &&
           ::write(file.number(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    for (const auto part : std::views::split(text, separator)) {
        parts.emplace_back(part.begin(), part.end());
    }
    return parts;
}

bool has_word(std::string_view text, char separator, std::string_view word) {
    const std::vector<std::string> words = split(text, separator);
    return std::ranges::find(words, word) != words.end();
}

/// Where the group `path` is seen, if the mount shows the tree from `root` on.
fs::path seen(const fs::path& mount, const std::string& root, const std::string& path) {
    const fs::path below = fs::path(path).lexically_relative(root);
    return below.empty() || *below.begin() == ".." ? fs::path()
                                                   : (mount / below).lexically_normal();
}

/// True if the children of a group have both controllers. Nothing is switched on: that would
/// change the groups of others.
bool gives_controllers(const fs::path& group) {
    std::string given = text_of(group / "cgroup.subtree_control");
    std::ranges::replace(given, '\n', ' ');
    return has_word(given, ' ', "memory") && has_word(given, ' ', "pids");
}

const CgroupPlaces& places() {
    static const CgroupPlaces found = [] {
        CgroupPlaces all =
            CgroupPlaces::find(text_of("/proc/self/cgroup"), text_of("/proc/self/mountinfo"));
        const fs::path own = all.unified;
        if (!own.empty() && !gives_controllers(own)) {
            all.unified = gives_controllers(own.parent_path()) ? own.parent_path() : fs::path();
        }
        return all;
    }();
    return found;
}

} // namespace

CgroupPlaces CgroupPlaces::find(std::string_view cgroups, std::string_view mounts) {
    CgroupPlaces places;
    for (const std::string& line : split(mounts, '\n')) {
        const std::vector<std::string> words = split(line, ' ');
        const auto dash = std::ranges::find(words, "-"); // then: type, device, options
        if (words.size() < 5 || words.end() - dash < 4) {
            continue;
        }
        for (const std::string& group : split(cgroups, '\n')) { // number:controllers:path
            const std::size_t first = group.find(':');
            const std::size_t second = group.find(':', first + 1);
            if (second == std::string::npos) {
                continue;
            }
            const std::string controllers = group.substr(first + 1, second - first - 1);
            const fs::path folder = seen(words[4], words[3], group.substr(second + 1));
            if (dash[1] == "cgroup2" && controllers.empty()) {
                places.unified = folder;
            }
            for (const auto& [name, place] :
                 {std::pair("memory", &places.memory), std::pair("pids", &places.processes)}) {
                if (dash[1] == "cgroup" && has_word(controllers, ',', name) &&
                    has_word(dash[3], ',', name)) {
                    *place = folder;
                }
            }
        }
    }
    return places;
}

bool Cgroup::available() {
    static const bool possible = [] {
        try {
            const Cgroup trial(64u << 20, 16);
            return trial.can_be_joined();
        } catch (const EnvironmentError&) {
            return false;
        }
    }();
    return possible;
}

Cgroup::Cgroup(std::uint64_t memory, unsigned processes) {
    static std::atomic<unsigned> count = 0;
    const std::string name = fmt::format("rel4-{}-{}", ::getpid(), ++count);
    const bool unified = !places().unified.empty();
    const fs::path for_memory = (unified ? places().unified : places().memory) / name;
    const fs::path for_processes = (unified ? places().unified : places().processes) / name;
    const std::string bytes = std::to_string(memory);
    bool good = true;
    for (const fs::path& folder :
         unified ? std::vector{for_memory} : std::vector{for_memory, for_processes}) {
        good = good && folder.is_absolute() && ::mkdir(folder.c_str(), 0755) == 0;
        if (good) {
            folders_.push_back(folder);
            entrances_.emplace_back(
                ::open((folder / "cgroup.procs").c_str(), O_WRONLY | O_CLOEXEC));
            good = entrances_.back().is_open();
        }
    }
    good = good && write_to(for_memory / (unified ? "memory.max" : "memory.limit_in_bytes"), bytes);
    good = good && write_to(for_processes / "pids.max", std::to_string(processes));
    if (!good) {
        const EnvironmentError error =
            system_error(fmt::format("no control group can be made in {}", for_memory.string()));
        remove();
        throw error;
    }
    // Not every kernel counts swap; where it does, a program must not go on there.
    (void)write_to(for_memory / (unified ? "memory.swap.max" : "memory.memsw.limit_in_bytes"),
                   unified ? "0" : bytes);
    memory_events_ = for_memory / (unified ? "memory.events" : "memory.oom_control");
    processes_events_ = for_processes / "pids.events";
}

Cgroup::~Cgroup() { remove(); }

void Cgroup::remove() const {
    for (const std::string& folder : folders_) {
        ::rmdir(folder.c_str());
    }
}

/// To make a group and to put a process into it are different rights.
bool Cgroup::can_be_joined() const {
    const pid_t child = ::fork();
    if (child == 0) {
        const bool joined = std::ranges::all_of(entrances_, [](const Descriptor& entrance) {
            return ::write(entrance.number(), "0", 1) == 1;
        });
        ::_exit(joined ? 0 : 1);
    }
    int status = 1;
    while (child > 0 && ::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return child > 0 && status == 0;
}

std::vector<int> Cgroup::entrances() const {
    std::vector<int> numbers;
    numbers.reserve(entrances_.size());
    for (const Descriptor& entrance : entrances_) {
        numbers.push_back(entrance.number());
    }
    return numbers;
}

/// No process can be started meanwhile, so a few passes do.
void Cgroup::end_all() const {
    (void)write_to(fs::path(folders_.back()) / "pids.max", "0");
    for (int pass = 0; pass < 100; ++pass) {
        std::ifstream processes(fs::path(folders_.back()) / "cgroup.procs");
        bool any = false;
        for (pid_t process = 0; processes >> process;) {
            any = ::kill(process, SIGKILL) == 0 || any;
        }
        if (!any) {
            return;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
}

bool Cgroup::memory_exhausted() const { return count_in(memory_events_, "oom_kill") > 0; }

bool Cgroup::processes_exhausted() const { return count_in(processes_events_, "max") > 0; }

} // namespace grade
