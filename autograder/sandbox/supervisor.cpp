// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// This program may have several threads, so between a fork and execve(2) there are only calls that
/// are safe in a signal handler: all memory is prepared before the fork.
#include "autograder/sandbox/supervisor.hpp"

#include "autograder/sandbox/processes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <csignal>
#include <linux/close_range.h>
#include <linux/keyctl.h>
#include <memory>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

namespace grade {

namespace {

constexpr std::size_t most_descriptors = 16;
constexpr rlim_t open_files = 1024;

/// What execve(2) takes.
std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (const std::string& text : texts) {
        pointers.push_back(const_cast<char*>(text.c_str()));
    }
    pointers.push_back(nullptr);
    return pointers;
}

/// All that is needed after the fork, which must not allocate.
struct Prepared {
    explicit Prepared(const Launch& launch, int socket)
        : launch(launch), socket(socket), arguments(pointers_to(launch.arguments)),
          environment(pointers_to(launch.environment)), kept(launch.descriptors) {
        kept.insert(kept.end(), launch.entrances.begin(), launch.entrances.end());
        kept.push_back(socket);
        std::ranges::sort(kept);
    }

    const Launch& launch;
    int socket; ///< to this program
    std::vector<char*> arguments, environment;
    std::vector<int> kept; ///< descriptors that the supervisor needs to start it, sorted
    std::unique_ptr<ProcessTree> tree = std::make_unique<ProcessTree>();
};

/// Closes a range of descriptors, both ends included, or has them closed by execve(2).
void close_descriptors(unsigned first, unsigned last, unsigned flags) {
    if (first > last || ::syscall(SYS_close_range, first, last, flags) == 0) {
        return;
    }
    rlimit most{}; // a kernel older than 5.9, or 5.11 for the flag
    ::getrlimit(RLIMIT_NOFILE, &most);
    for (unsigned number = first; number <= last && number < most.rlim_cur; ++number) {
        if (flags == 0) {
            ::close(static_cast<int>(number));
        } else {
            ::fcntl(static_cast<int>(number), F_SETFD, FD_CLOEXEC);
        }
    }
}

/// Others' pipes would never end if a supervisor kept them open.
void close_all_but(const int* kept, std::size_t count) {
    unsigned next = 0;
    for (std::size_t at = 0; at < count; ++at) {
        const auto number = static_cast<unsigned>(kept[at]);
        if (number > next) {
            close_descriptors(next, number - 1, 0);
        }
        next = std::max(next, number + 1);
    }
    close_descriptors(next, ~0u, 0);
}

void report(int socket, Report::What what, int status, double cpu = 0) {
    const Report text{what, status, cpu};
    (void)::send(socket, &text, sizeof text, MSG_NOSIGNAL);
}

void limit(__rlimit_resource resource, rlim_t value) {
    rlimit now{};
    ::getrlimit(resource, &now);
    const rlimit wanted{std::min(value, now.rlim_max), std::min(value, now.rlim_max)};
    ::setrlimit(resource, &wanted);
}

void set_limits(const Launch& launch) {
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_NOFILE, open_files);
    limit(RLIMIT_FSIZE, launch.file_size);
    limit(RLIMIT_CPU, launch.cpu);
    if (launch.tasks != 0) {
        limit(RLIMIT_NPROC, launch.tasks);
    }
}

bool join_groups(const Launch& launch) {
    return std::ranges::all_of(launch.entrances,
                               [](int entrance) { return ::write(entrance, "0", 1) == 1; });
}

/// Puts the descriptors to 0, 1, 2, ... by way of copies above all of them, since a source may be
/// another's destination. Everything else is closed by execve(2).
bool place_descriptors(const std::vector<int>& sources) {
    std::array<int, most_descriptors> copies{};
    for (std::size_t at = 0; at < sources.size(); ++at) {
        copies[at] = ::fcntl(sources[at], F_DUPFD_CLOEXEC, static_cast<int>(most_descriptors));
        if (copies[at] < 0) {
            return false;
        }
    }
    for (std::size_t at = 0; at < sources.size(); ++at) {
        if (::dup2(copies[at], static_cast<int>(at)) < 0) {
            return false;
        }
    }
    return true;
}

void reset_signals() {
    struct sigaction standard{};
    standard.sa_handler = SIG_DFL;
    for (int signal = 1; signal < NSIG; ++signal) {
        ::sigaction(signal, &standard, nullptr);
    }
    sigset_t none;
    sigemptyset(&none);
    ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
}

/// In the command's process. It ends with the supervisor even if that is killed.
[[noreturn]] void become_command(const Prepared& prepared, pid_t supervisor) {
    const Launch& launch = prepared.launch;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::setsid(); // kill 0 must not mean the supervisor
    ::syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, nullptr); // nor our keys be its keys
    const int socket =
        ::fcntl(prepared.socket, F_DUPFD_CLOEXEC, static_cast<int>(most_descriptors));
    if (::getppid() == supervisor && join_groups(launch) &&
        (launch.folder.empty() || ::chdir(launch.folder.c_str()) == 0) &&
        place_descriptors(launch.descriptors)) {
        close_descriptors(static_cast<unsigned>(launch.descriptors.size()), ~0u,
                          CLOSE_RANGE_CLOEXEC);
        set_limits(launch);
        reset_signals();
        ::execve(launch.program.c_str(), prepared.arguments.data(), prepared.environment.data());
    }
    report(socket, Report::What::not_started, errno);
    ::_exit(127);
}

/// Until the command has ended or the end was ordered.
void wait_for(pid_t command, int socket, int& status) {
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    const int signals = ::signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
    std::array<pollfd, 2> events{pollfd{socket, POLLIN, 0}, pollfd{signals, POLLIN, 0}};
    for (;;) {
        signalfd_siginfo ignored;
        while (::read(signals, &ignored, sizeof ignored) > 0) {
        }
        int one = 0;
        while (const pid_t ended = ::waitpid(-1, &one, WNOHANG)) {
            if (ended == command) {
                status = one;
                return;
            }
            if (ended < 0) {
                return;
            }
        }
        if (::poll(events.data(), events.size(), -1) > 0 && events[0].revents != 0) {
            return;
        }
    }
}

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

void remove_groups(const std::vector<std::string>& folders) {
    const timespec pause{0, 5'000'000};
    for (const std::string& folder : folders) { // busy until the kernel is done with the last task
        for (int attempt = 0; attempt < 200 && ::rmdir(folder.c_str()) != 0 && errno == EBUSY;
             ++attempt) {
            ::nanosleep(&pause, nullptr);
        }
    }
}

[[noreturn]] void supervise(const Prepared& prepared) {
    ::setsid(); // a terminal's signals go to this program only, which then ends this one
    ::prctl(PR_SET_NAME, "rel4-sandbox");
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    close_all_but(prepared.kept.data(), prepared.kept.size());
    const pid_t self = ::getpid();
    const pid_t command = ::fork();
    if (command == 0) {
        become_command(prepared, self);
    }
    if (command < 0) {
        report(prepared.socket, Report::What::not_started, errno);
    }
    close_all_but(&prepared.socket, 1);
    int status = W_EXITCODE(0, SIGKILL);
    wait_for(command, prepared.socket, status);
    prepared.tree->end_all();
    rusage used{};
    ::getrusage(RUSAGE_CHILDREN, &used);
    report(prepared.socket, Report::What::ended, status,
           seconds(used.ru_utime) + seconds(used.ru_stime));
    char order = 0;
    while (::recv(prepared.socket, &order, 1, 0) > 0) {
    }
    remove_groups(prepared.launch.groups);
    ::_exit(0);
}

} // namespace

Supervisor::Supervisor(const Launch& launch) {
    int ends[2];
    if (launch.descriptors.size() > most_descriptors) {
        throw EnvironmentError("a command can have 16 descriptors");
    }
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        throw system_error("no socket can be made");
    }
    socket_ = Descriptor(ends[0]);
    const Descriptor theirs(ends[1]);
    const Prepared prepared(launch, theirs.number());
    sigset_t all, before;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before); // no handler of this program runs there
    process_ = ::fork();
    if (process_ == 0) {
        supervise(prepared);
    }
    const int error = errno;
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (process_ < 0) {
        errno = error;
        throw system_error("no process can be started (ulimit -u says how many there may be)");
    }
}

Supervisor::~Supervisor() { finish(); }

void Supervisor::end() { (void)::send(socket_.number(), "", 1, MSG_NOSIGNAL); }

void Supervisor::finish() {
    socket_.close();
    while (process_ > 0 && ::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
    }
    process_ = -1;
}

} // namespace grade
