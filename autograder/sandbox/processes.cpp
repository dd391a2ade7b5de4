// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Reads /proc with system calls only: opendir and streams would allocate.
#include "autograder/sandbox/processes.hpp"

#include "autograder/sandbox/descriptor.hpp"

#include <charconv>
#include <csignal>
#include <cstring>
#include <dirent.h>
#include <string_view>
#include <sys/syscall.h>
#include <sys/wait.h>

namespace grade {

namespace {

/// "/proc/1/task/2/children" from its parts, in place.
class ProcPath {
public:
    template <class... Parts>
    explicit ProcPath(Parts... parts) {
        (add(parts), ...);
    }
    [[nodiscard]] Descriptor open(int flags = 0) const {
        return Descriptor(::open(text_.data(), O_RDONLY | O_CLOEXEC | flags));
    }

private:
    void add(pid_t number) {
        end_ = std::to_chars(end_, text_.data() + text_.size() - 1, number).ptr;
    }
    void add(const char* text) {
        while (*text != '\0') {
            *end_++ = *text++;
        }
    }

    std::array<char, 80> text_{};
    char* end_ = text_.data();
};

/// The beginning of a file: all that is needed of stat and status.
class ProcText {
public:
    explicit ProcText(const ProcPath& path) {
        const Descriptor file = path.open();
        const ssize_t count =
            file.is_open() ? ::read(file.number(), text_.data(), text_.size()) : 0;
        size_ = count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    [[nodiscard]] std::string_view text() const { return {text_.data(), size_}; }

    /// The number behind `name`; 0 if there is none.
    [[nodiscard]] std::uint64_t named(std::string_view name) const {
        const std::size_t at = text().find(name);
        return at == std::string_view::npos ? 0 : number_at(at + name.size());
    }

    /// Of /proc/PID/stat: fields are counted from 1 as proc(5) does; only those behind the name.
    [[nodiscard]] std::uint64_t field(int index) const {
        std::size_t at = text().rfind(')');
        for (int here = 2; here < index && at != std::string_view::npos; ++here) {
            at = text().find(' ', at + 1);
        }
        return at == std::string_view::npos ? 0 : number_at(at + 1);
    }

private:
    [[nodiscard]] std::uint64_t number_at(std::size_t at) const {
        while (at < size_ && (text_[at] == ' ' || text_[at] == '\t')) {
            ++at;
        }
        std::uint64_t number = 0;
        std::from_chars(text_.data() + at, text_.data() + size_, number);
        return number;
    }

    std::array<char, 4096> text_;
    std::size_t size_ = 0;
};

pid_t parent_of(pid_t process) {
    return static_cast<pid_t>(ProcText(ProcPath("/proc/", process, "/stat")).field(4));
}

/// Calls `each` with the numbers that are names in a folder of /proc.
template <class Each>
void for_numbers_in(const ProcPath& path, Each each) {
    const Descriptor folder = path.open(O_DIRECTORY);
    alignas(dirent64) std::array<char, 4096> buffer;
    for (;;) {
        const long count = folder.is_open() ? ::syscall(SYS_getdents64, folder.number(),
                                                        buffer.data(), buffer.size())
                                            : 0;
        if (count <= 0) {
            return;
        }
        for (long at = 0; at < count;) {
            dirent64 entry;
            std::memcpy(&entry, buffer.data() + at, offsetof(dirent64, d_name));
            const char* name = buffer.data() + at + offsetof(dirent64, d_name);
            pid_t number = 0;
            if (std::from_chars(name, name + std::strlen(name), number).ec == std::errc{}) {
                each(number);
            }
            at += entry.d_reclen;
        }
    }
}

} // namespace

void ProcessTree::scan(pid_t root) {
    size_ = 0;
    add_children(root);
    for (std::size_t at = 0; at < size_; ++at) {
        add_children(entries_[at].process);
    }
}

void ProcessTree::add_children(pid_t process) {
    for_numbers_in(ProcPath("/proc/", process, "/task"),
                   [&](pid_t thread) { add_children_of_thread(process, thread); });
}

void ProcessTree::add_children_of_thread(pid_t process, pid_t thread) {
    const Descriptor file = ProcPath("/proc/", process, "/task/", thread, "/children").open();
    std::array<char, 1024> buffer;
    pid_t number = 0;
    while (file.is_open()) {
        const ssize_t count = ::read(file.number(), buffer.data(), buffer.size());
        if (count <= 0) {
            return;
        }
        for (ssize_t at = 0; at < count; ++at) { // each number has a space behind it
            const char letter = buffer[static_cast<std::size_t>(at)];
            if (letter != ' ') {
                number = number * 10 + (letter - '0');
            } else if (size_ < entries_.size()) {
                entries_[size_++] = {number, process};
                number = 0;
            }
        }
    }
}

Usage ProcessTree::usage() const {
    static const double ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    Usage sum;
    for (const Entry& entry : std::span(entries_).first(size_)) {
        const ProcText stat(ProcPath("/proc/", entry.process, "/stat"));
        const ProcText status(ProcPath("/proc/", entry.process, "/status"));
        for (const int time : {14, 15, 16, 17}) { // utime, stime, cutime, cstime
            sum.cpu += static_cast<double>(stat.field(time)) / ticks;
        }
        sum.memory += (status.named("\nRssAnon:") + status.named("\nRssShmem:")) * 1024;
        sum.tasks += static_cast<unsigned>(status.named("\nThreads:"));
    }
    return sum;
}

/// A number may have been given to another process since it was found. The descriptor stays with
/// one process, whose parent then shows that it is the one that was found.
void ProcessTree::signal_all(int signal) const {
    for (const Entry& entry : std::span(entries_).first(size_)) {
        const Descriptor process(static_cast<int>(::syscall(SYS_pidfd_open, entry.process, 0)));
        if (parent_of(entry.process) != entry.parent) {
            continue;
        }
        if (process.is_open()) {
            ::syscall(SYS_pidfd_send_signal, process.number(), signal, nullptr, 0);
        } else if (errno == ENOSYS) {
            ::kill(entry.process, signal);
        }
    }
}

/// Stopped processes start no others, so the tree is complete once it no longer grows. Whoever
/// loses its parent becomes a child of the calling process.
void ProcessTree::end_all() {
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    const timespec pause{0, 5'000'000};
    for (;;) {
        const pid_t ended = ::waitpid(-1, nullptr, WNOHANG);
        if (ended < 0 && errno == ECHILD) {
            return;
        }
        if (ended != 0) {
            continue;
        }
        std::size_t before = 0;
        scan(::getpid());
        while (before != size_) {
            before = size_;
            signal_all(SIGSTOP);
            scan(::getpid());
        }
        signal_all(SIGKILL);
        sigtimedwait(&child, nullptr, &pause);
    }
}

bool process_trees_can_be_found() {
    const pid_t self = ::getpid();
    return ProcPath("/proc/", self, "/task/", self, "/children").open().is_open();
}

} // namespace grade
