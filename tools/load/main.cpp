// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// rel4-load: loads a TCP server from outside, verifies every byte of every answer, and measures.
///
///     rel4-load localhost 8007 --connections 64 --seconds 10
///     rel4-load localhost 8080 --mode http --path / --misbehave slow:4,reset:8
///
/// Exit status: 0 all was right, 1 something was not, 2 wrong arguments or a machine that does not
/// allow it, 130 interrupted (what was done until then was right).
/// Read next: session.hpp, connection.hpp.
/// @stage{none}
#include "tools/load/report.hpp"

#include <csignal>
#include <cstdio>
#include <fmt/core.h>
#include <unistd.h>

namespace {

enum Status : int { good = 0, bad = 1, impossible = 2, interrupted = 128 + SIGINT };

/// Set before the handler is installed.
constinit const load::Event* interrupt_event = nullptr;

/// The first signal ends the run in good order, the second one the program.
void handle_signals(const load::Event& event) {
    interrupt_event = &event;
    struct sigaction action = {};
    action.sa_handler = [](int) { interrupt_event->set(); };
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

void show(const load::Progress& progress) {
    const bool is_terminal = isatty(STDERR_FILENO) != 0;
    if (progress.seconds == 0)
        fmt::print(stderr, "{}opening connections", is_terminal ? "\r" : "");
    else
        fmt::print(stderr, "{}{:4.0f} s, {} answers, {:.0f} a second, {} errors",
                   is_terminal ? "\r" : "", progress.seconds, progress.answers,
                   static_cast<double>(progress.answers) / progress.seconds, progress.errors);
    fmt::print(stderr, "{}", is_terminal ? "\033[K" : "\n");
}

void write_json(const load::Options& options, const load::Result& result) {
    if (options.json.empty())
        return;
    std::FILE* const file = std::fopen(options.json.c_str(), "w");
    if (file == nullptr)
        throw std::runtime_error(fmt::format("{} cannot be written", options.json));
    fmt::print(file, "{}", load::json(options, result));
    if (std::fclose(file) != 0)
        throw std::runtime_error(fmt::format("{} cannot be written", options.json));
}

Status run(const load::Options& options) {
    const load::Event event;
    handle_signals(event);
    const bool shows = options.progress || (!options.quiet && isatty(STDERR_FILENO) != 0);
    const load::Result result =
        load::perform(options, event, shows ? show : std::function<void(const load::Progress&)>());
    if (shows && isatty(STDERR_FILENO) != 0)
        fmt::print(stderr, "\r\033[K");
    write_json(options, result);
    if (!options.quiet)
        fmt::print("{}", load::table(options, result));
    if (!options.quiet || !result.is_good())
        fmt::print(result.is_good() ? stdout : stderr, "rel4-load: {}\n", load::sentence(result));
    if (result.is_good())
        return good;
    return result.interrupted && result.statistics.error_count() == 0 ? interrupted : bad;
}

} // namespace

int main(int argc, char** argv) {
    const auto options = load::parse(argc, argv);
    if (!options)
        return options.error().status;
    try {
        return run(*options);
    } catch (const std::exception& error) {
        fmt::print(stderr, "rel4-load: {}\n", error.what());
        return impossible;
    }
}
