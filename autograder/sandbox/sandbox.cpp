// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Which kinds this machine can do, found out by doing it.
#include "autograder/sandbox/sandbox.hpp"

#include "autograder/sandbox/run.hpp"

namespace grade {

namespace {

constexpr std::string_view other_kinds =
    "or grade inside a container that is thrown away, and say --sandbox container";

std::optional<std::string> obstacle_of_bubblewrap() {
    if (bubblewrap_program().empty()) {
        return fmt::format("bubblewrap is not installed: apt-get install bubblewrap, {}",
                           other_kinds);
    }
    try {
        const Command command{.arguments = {"/usr/bin/true"}};
        const Outcome outcome =
            SandboxRun(Sandbox::Kind::bubblewrap, command, {}, Limits{}, {}).finish();
        return outcome.succeeded() ? std::nullopt
                                   : std::optional("a sandbox cannot even run /usr/bin/true");
    } catch (const EnvironmentError& error) {
        return fmt::format(
            "{}\nUser namespaces may be switched off. As root, sysctl -w what exists "
            "of: user.max_user_namespaces=10000 kernel.unprivileged_userns_clone=1 "
            "kernel.apparmor_restrict_unprivileged_userns=0, {}",
            error.what(), other_kinds);
    }
}

std::optional<std::string> obstacle_of(Sandbox::Kind kind) {
    if (!process_trees_can_be_found()) {
        return "this kernel has no /proc/PID/task/TID/children, without which nothing can be ended "
               "for sure: use a Linux kernel with CONFIG_PROC_CHILDREN";
    }
    return kind == Sandbox::Kind::bubblewrap ? obstacle_of_bubblewrap() : std::nullopt;
}

} // namespace

std::string_view to_string(Limit limit) {
    switch (limit) {
    case Limit::none:
        return "none";
    case Limit::wall:
        return "wall time";
    case Limit::cpu:
        return "processor time";
    case Limit::memory:
        return "memory";
    case Limit::processes:
        return "processes";
    case Limit::output:
        return "output";
    case Limit::disk:
        return "disk space";
    case Limit::stopped:
        return "stopped";
    }
    return {};
}

std::optional<std::string> Sandbox::obstacle(Kind kind) {
    static const auto bubblewrap = obstacle_of(Kind::bubblewrap);
    static const auto others = obstacle_of(Kind::container);
    return kind == Kind::bubblewrap ? bubblewrap : others;
}

Sandbox::Sandbox(Kind kind) : kind_(kind) {
    if (const auto why_not = obstacle(kind)) {
        throw EnvironmentError(*why_not);
    }
}

Outcome Sandbox::run(const Command& command, const View& view, const Limits& limits,
                     const Observer& observer) const {
    return SandboxRun(kind_, command, view, limits, observer).finish();
}

std::string_view Sandbox::name() const {
    switch (kind_) {
    case Kind::bubblewrap:
        return "bwrap";
    case Kind::container:
        return "container";
    case Kind::none:
        return "none";
    }
    return {};
}

std::string_view Sandbox::limits_by() { return Cgroup::available() ? "cgroup" : "watch"; }

} // namespace grade
