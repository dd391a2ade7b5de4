// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A mount hides what was mounted there before, so parents come before what lies in them.
#include "autograder/sandbox/bubblewrap.hpp"

#include <array>
#include <charconv>
#include <fmt/core.h>
#include <map>
#include <unistd.h>

namespace grade {

namespace {

namespace fs = std::filesystem;
using Arguments = std::vector<std::string>;

void add(Arguments& to, std::initializer_list<std::string> arguments) {
    to.insert(to.end(), arguments);
}

/// /usr, the names that lead into it, and the few files of /etc that compilers need.
void add_system(Arguments& to) {
    add(to, {"--ro-bind", "/usr", "/usr"});
    for (const char* name : {"/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"}) {
        if (fs::is_symlink(name)) {
            add(to, {"--symlink", fs::read_symlink(name).string(), name});
        } else {
            add(to, {"--ro-bind-try", name, name});
        }
    }
    for (const char* name : {"/etc/alternatives", "/etc/ld.so.cache"}) {
        add(to, {"--ro-bind-try", name, name});
    }
}

/// Root's files of /proc are root's without any capability, too; bwrap covers only some of them.
void add_kernel_files(Arguments& to) {
    add(to, {"--proc", "/proc"});
    for (const char* name :
         {"/proc/sys", "/proc/sysrq-trigger", "/proc/irq", "/proc/bus", "/proc/fs", "/proc/acpi",
          "/proc/scsi", "/proc/mtrr", "/proc/pressure"}) {
        if (fs::exists(name)) {
            add(to, {"--ro-bind", name, name});
        }
    }
    add(to, {"--dev", "/dev"});
}

/// A link that a submission could have put there must not lead bwrap elsewhere.
void check_path(const fs::path& path) {
    std::error_code error;
    const fs::path real = fs::canonical(path, error);
    if (error || real != path) {
        throw EnvironmentError(
            fmt::format("{} cannot be shown to a sandbox: it {}", path.string(),
                        error ? "is not there" : "is not absolute or leads through a link"));
    }
}

void add_view(Arguments& to, const View& view) {
    std::map<fs::path, const char*> binds; // by path: parents first
    for (const fs::path& path : view.readonly) {
        binds[path] = "--ro-bind";
    }
    for (const fs::path& path : view.writable) {
        binds[path] = "--bind";
    }
    for (const auto& [path, how] : binds) {
        check_path(path);
        add(to, {how, path.string(), path.string()});
    }
}

} // namespace

std::string bubblewrap_program() {
    for (const char* path : {"/usr/bin/bwrap", "/usr/local/bin/bwrap", "/bin/bwrap"}) {
        if (::access(path, X_OK) == 0) {
            return path;
        }
    }
    return {};
}

Arguments bubblewrap_arguments(const View& view, const Limits& limits, int status) {
    const std::string size = std::to_string(limits.temporary);
    Arguments result{bubblewrap_program()};
    add(result, {"--json-status-fd", std::to_string(status)});
    add(result, {"--unshare-user", "--disable-userns", "--uid", "1000", "--gid", "1000"});
    add(result, {"--unshare-ipc", "--unshare-pid", "--unshare-uts", "--unshare-cgroup-try"});
    if (!view.network) {
        add(result, {"--unshare-net"});
    }
    add(result, {"--die-with-parent", "--new-session", "--cap-drop", "ALL"});
    add_system(result);
    add_kernel_files(result);
    add(result, {"--perms", "1777", "--size", size, "--tmpfs", "/dev/shm"});
    add(result, {"--perms", "1777", "--size", size, "--tmpfs", "/tmp"});
    add_view(result, view);
    add(result, {"--remount-ro", "/dev", "--remount-ro", "/"});
    add(result, {"--chdir", view.folder.string(), "--"});
    return result;
}

/// bwrap writes { "exit-code": N } only for a command that it could start.
std::optional<int> bubblewrap_status(std::string_view report) {
    constexpr std::string_view name = "\"exit-code\": ";
    const std::size_t at = report.find(name);
    int status = 0;
    if (at == std::string_view::npos ||
        std::from_chars(report.data() + at + name.size(), report.data() + report.size(), status)
                .ec != std::errc{}) {
        return std::nullopt;
    }
    return status;
}

} // namespace grade
