// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A test's process tells its failures through a pipe, a line each: file, number of the line, text
/// (in which a vertical tab stands for the end of a line).
/// The last line is a word that only this test's end can say: whoever ends the process before has
/// not passed.
#include "labs/lib/alone.hpp"

#include "kernel/lib/assert.hpp"
#include "kernel/lib/todo.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <random>
#include <sstream>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr rlim_t seconds = 2;
constexpr unsigned most_failures = 4;
int pipe_end = -1; ///< where a test's process writes

void say(const std::string& line) {
    if (write(pipe_end, line.data(), line.size()) < 0)
        std::abort();
}

/// What this process would do at the end of a test must not happen in the test's own.
[[noreturn]] void become_test(int descriptor, void (*body)(), const std::string& last_word) {
    pipe_end = descriptor;
    for (const int number : {SIGSEGV, SIGABRT, SIGFPE, SIGILL, SIGBUS, SIGTERM, SIGINT})
        std::signal(number, SIG_DFL);
    const rlimit limit{seconds, seconds};
    setrlimit(RLIMIT_CPU, &limit);
    body();
    say(last_word);
    _exit(0);
}

std::string read_all(int descriptor) {
    std::string text;
    char part[4096];
    for (ssize_t got; (got = read(descriptor, part, sizeof part)) > 0;)
        text.append(part, static_cast<size_t>(got));
    close(descriptor);
    return text;
}

std::string drawn_word() {
    std::random_device device;
    return std::to_string(device()) + '-' + std::to_string(device()) + '\n';
}

/// How a process ended that did not come to its end.
std::string ending(int status) {
    if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL))
        return "it did not come to an end";
    if (WIFSIGNALED(status))
        return "it was stopped by signal " + std::to_string(WTERMSIG(status));
    return "it was stopped";
}

void repeat(const std::string& failures) {
    std::istringstream lines(failures);
    std::string file, number, text;
    while (std::getline(lines, file, '\t') && std::getline(lines, number, '\t') &&
           std::getline(lines, text)) {
        std::ranges::replace(text, '\v', '\n');
        ADD_FAIL_CHECK_AT(file.c_str(), std::atoi(number.c_str()), text);
    }
}

} // namespace

void alone(void (*body)()) {
    int ends[2];
    if (pipe(ends) != 0)
        throw std::runtime_error("no pipe");
    const std::string last_word = drawn_word();
    const pid_t process = fork();
    if (process == 0)
        become_test(ends[1], body, last_word);
    close(ends[1]);
    std::string said = read_all(ends[0]);
    int status = 0;
    waitpid(process, &status, 0);
    const bool ended = said.ends_with(last_word);
    if (ended)
        said.resize(said.size() - last_word.size());
    repeat(said);
    if (!ended)
        FAIL_CHECK(ending(status));
}

void fail(const std::string& text, const Place& place) {
    static unsigned failures = 0;
    if (++failures > most_failures)
        return; // the first ones say enough
    std::string line = text;
    std::ranges::replace(line, '\n', '\v');
    say(std::string(place.file_name()) + '\t' + std::to_string(place.line()) + '\t' + line + '\n');
}

void panic(const char* message, std::source_location place) {
    fail(std::string("the kernel stopped: ") + message, place);
    _exit(1);
}

void lab::todo(const char* exercise) {
    fail(std::string("not implemented: exercise ") + exercise);
    _exit(1);
}
