// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A control group holds memory and processes by itself and only has to be asked; without one, and
/// for processor time and files, the run is looked at every few milliseconds.
#include "autograder/sandbox/run.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <csignal>
#include <fstream>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>

namespace grade {

namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr milliseconds look_with_group{50}, look_without_group{15};
constexpr std::size_t longest_nonce = 4096;
constexpr int highest_signal = 31;
/// How far a bomb may come between two looks. Others of the same user must not run dry before.
constexpr std::uint64_t tasks_between_looks = 4096;

std::vector<std::string> environment_of(const Command& command) {
    std::vector<std::string> result = command.environment;
    for (const std::string text :
         {"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/tmp", "TMPDIR=/tmp", "LANG=C.UTF-8"}) {
        const std::string name = text.substr(0, text.find('=') + 1);
        if (std::ranges::none_of(command.environment, [&](const std::string& given) {
                return given.starts_with(name);
            })) {
            result.push_back(text);
        }
    }
    return result;
}

/// Where execve(2) finds it: bwrap does this itself.
std::string found_in_path(const std::string& program, const std::vector<std::string>& environment) {
    if (program.contains('/')) {
        return program;
    }
    for (const std::string& text : environment) {
        if (!text.starts_with("PATH=")) {
            continue;
        }
        for (std::size_t at = 5; at <= text.size();) {
            const std::size_t end = std::min(text.find(':', at), text.size());
            const std::string candidate = text.substr(at, end - at) + "/" + program;
            if (::access(candidate.c_str(), X_OK) == 0) {
                return candidate;
            }
            at = end + 1;
        }
    }
    throw EnvironmentError(fmt::format("{} is not installed: make doctor", program));
}

/// All threads of this user, for RLIMIT_NPROC, which counts them.
std::uint64_t tasks_of_user() {
    std::uint64_t count = 0;
    std::error_code error;
    for (auto at = fs::directory_iterator("/proc", error); !error && at != fs::end(at);
         at.increment(error)) {
        std::ifstream status(at->path() / "status");
        std::uint64_t threads = 0;
        bool ours = false;
        for (std::string line; std::getline(status, line);) {
            ours = ours || line.starts_with(fmt::format("Uid:\t{}\t", ::getuid()));
            if (line.starts_with("Threads:")) {
                threads = std::stoull(line.substr(8));
            }
        }
        count += ours ? threads : 0;
    }
    return count;
}

} // namespace

SandboxRun::SandboxRun(Sandbox::Kind kind, const Command& command, const View& view,
                       const Limits& limits, const Observer& observer)
    : kind_(kind), command_(command), view_(view), limits_(limits), observer_(observer),
      out_(Stream::out, limits.output, observer), err_(Stream::err, limits.output, observer),
      disk_(view.writable, limits.disk) {
    if (command.arguments.empty() || command.nonce.size() > longest_nonce) {
        throw EnvironmentError("a command needs a program, and a nonce of at most 4096 bytes");
    }
    if (Cgroup::available()) {
        group_.emplace(limits.memory, limits.processes + 2); // bwrap needs two
    }
    supervisor_ = std::make_unique<Supervisor>(launch());
    start_ = Clock::now();
    out_.close_input();
    err_.close_input();
    nonce_.close();
    bwrap_input_.close();
}

void SandboxRun::give_nonce(std::vector<int>& descriptors) {
    Pipe pipe = Pipe::make(); // has room for it
    if (::write(pipe.write.number(), command_.nonce.data(), command_.nonce.size()) < 0) {
        throw system_error("a nonce cannot be written");
    }
    nonce_ = std::move(pipe.read);
    descriptors.push_back(nonce_.number());
}

Launch SandboxRun::launch() {
    Launch launch;
    nothing_ = Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    launch.descriptors = {command_.input >= 0 ? command_.input : nothing_.number(), out_.input(),
                          err_.input()};
    launch.descriptors.insert(launch.descriptors.end(), command_.descriptors.begin(),
                              command_.descriptors.end());
    launch.environment = environment_of(command_);
    if (!command_.nonce.empty()) {
        launch.environment.push_back(fmt::format("REL4_NONCE_FD={}", launch.descriptors.size()));
        give_nonce(launch.descriptors);
    }
    if (kind_ == Sandbox::Kind::bubblewrap) {
        Pipe pipe = Pipe::make();
        launch.arguments =
            bubblewrap_arguments(view_, limits_, static_cast<int>(launch.descriptors.size()));
        launch.program = launch.arguments.front();
        launch.descriptors.push_back(pipe.write.number());
        bwrap_report_ = std::move(pipe.read);
        bwrap_input_ = std::move(pipe.write);
    } else {
        launch.folder = view_.folder.string();
        launch.program = found_in_path(command_.arguments.front(), launch.environment);
    }
    launch.arguments.insert(launch.arguments.end(), command_.arguments.begin(),
                            command_.arguments.end());
    launch.file_size = limits_.disk;
    launch.cpu = static_cast<std::uint64_t>(limits_.cpu / std::chrono::seconds(1)) + 1;
    if (group_) {
        launch.entrances = group_->entrances();
        launch.groups = group_->folders();
    } else {
        launch.tasks = tasks_of_user() + limits_.processes + tasks_between_looks;
    }
    return launch;
}

Limit SandboxRun::limit_of_processes() {
    tree_->scan(supervisor_->process());
    const Usage usage = tree_->usage();
    const unsigned own = kind_ == Sandbox::Kind::bubblewrap ? 2 : 0;
    cpu_seen_ = std::max(cpu_seen_, usage.cpu);
    if (usage.cpu >= std::chrono::duration<double>(limits_.cpu).count()) {
        return Limit::cpu;
    }
    if (!group_ && usage.tasks > limits_.processes + own) {
        return Limit::processes;
    }
    return !group_ && usage.memory > limits_.memory ? Limit::memory : Limit::none;
}

Limit SandboxRun::limit_reached() {
    if (out_.full() || err_.full()) {
        return Limit::output;
    }
    if (observer_.stop.stop_requested()) {
        return Limit::stopped;
    }
    const Clock::time_point now = Clock::now();
    if (now - start_ >= limits_.wall) {
        return Limit::wall;
    }
    if (now < next_look_) {
        return Limit::none;
    }
    next_look_ = now + (group_ ? look_with_group : look_without_group);
    if (group_ && group_->memory_exhausted()) {
        return Limit::memory;
    }
    if (group_ && group_->processes_exhausted()) {
        return Limit::processes;
    }
    return disk_.exceeded() ? Limit::disk : limit_of_processes();
}

void SandboxRun::take_reports() {
    Report report{};
    while (::recv(supervisor_->reports(), &report, sizeof report, MSG_DONTWAIT) ==
           static_cast<ssize_t>(sizeof report)) {
        if (report.what == Report::What::ended) {
            end_ = report;
            ended_ = true;
        } else {
            refusal_ = report;
        }
    }
}

/// Until everything is gone. Whoever kills the supervisor is outside: its end is an end, too.
void SandboxRun::wait() {
    for (bool gone = false; !ended_ && !gone;) {
        std::array<pollfd, 3> events{pollfd{supervisor_->reports(), POLLIN, 0},
                                     pollfd{out_.output(), POLLIN, 0},
                                     pollfd{err_.output(), POLLIN, 0}};
        const milliseconds pause = group_ ? look_with_group : look_without_group;
        ::poll(events.data(), events.size(), static_cast<int>(pause.count()));
        out_.read();
        err_.read();
        take_reports();
        gone = (events[0].revents & POLLHUP) != 0;
        if (!ended_ && limit_ == Limit::none) {
            limit_ = limit_reached();
            if (limit_ != Limit::none) {
                supervisor_->end();
            }
        }
    }
    out_.read();
    err_.read();
}

int SandboxRun::status() {
    std::string report(4096, '\0');
    if (kind_ != Sandbox::Kind::bubblewrap) {
        const int ended = end_.status;
        return WIFSIGNALED(ended) ? 128 + WTERMSIG(ended) : WEXITSTATUS(ended);
    }
    ::fcntl(bwrap_report_.number(), F_SETFL, O_NONBLOCK);
    const ssize_t count = ::read(bwrap_report_.number(), report.data(), report.size());
    const auto status = bubblewrap_status(
        std::string_view(report).substr(0, count > 0 ? static_cast<std::size_t>(count) : 0));
    if (!status && limit_ == Limit::none) {
        throw EnvironmentError(fmt::format("the sandbox could not run {}: {}",
                                           command_.arguments.front(), err_.text()));
    }
    return status.value_or(128 + SIGKILL);
}

/// A limit may have ended a process of the command rather than the command.
Limit SandboxRun::limit_seen_afterwards(int signal) {
    cpu_seen_ = std::max(cpu_seen_, end_.cpu); // the kernel forgets whom nobody waited for
    const bool disk_exceeded = disk_.exceeded_in_the_end();
    if (limit_ != Limit::none) {
        return limit_;
    }
    if (out_.full() || err_.full()) {
        return Limit::output;
    }
    if (group_ && group_->memory_exhausted()) {
        return Limit::memory;
    }
    if (group_ && group_->processes_exhausted()) {
        return Limit::processes;
    }
    if (signal == SIGXCPU || cpu_seen_ >= std::chrono::duration<double>(limits_.cpu).count()) {
        return Limit::cpu;
    }
    return signal == SIGXFSZ || disk_exceeded ? Limit::disk : Limit::none;
}

Outcome SandboxRun::finish() {
    wait();
    Outcome outcome;
    outcome.wall = std::chrono::duration<double>(Clock::now() - start_).count();
    if (refusal_) {
        errno = refusal_->status;
        throw system_error(fmt::format("{} cannot be started", command_.arguments.front()));
    }
    if (!ended_) { // only where the command could see its supervisor it can have ended it
        if (kind_ == Sandbox::Kind::bubblewrap) {
            throw EnvironmentError("the supervisor of a sandbox was ended from outside");
        }
        end_ = Report{Report::What::ended, W_EXITCODE(0, SIGKILL), 0};
        if (group_) {
            group_->end_all();
        }
    }
    if (limit_ == Limit::none && group_ && group_->memory_exhausted()) {
        limit_ = Limit::memory; // maybe of bwrap itself, which then reports nothing
    }
    outcome.status = status();
    const int signal = outcome.status - 128;
    outcome.signal = signal >= 1 && signal <= highest_signal ? signal : 0;
    outcome.limit = limit_seen_afterwards(outcome.signal);
    outcome.cpu = cpu_seen_;
    outcome.out = out_.text();
    outcome.err = err_.text();
    supervisor_->finish();
    return outcome;
}

} // namespace grade
