// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A test's process tells its failures through a pipe, a line each: file, number of the line, text
/// (in which a vertical tab stands for the end of a line). What sanitizers say goes to a file in
/// memory, and from there on.
/// The last line is a word that only this test's end can say: whoever ends the process before has
/// not passed.
#include "labs/lib/alone.hpp"

#include "kernel/lib/assert.hpp"
#include "kernel/lib/todo.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <random>
#include <sstream>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr rlim_t seconds = 2;
constexpr unsigned most_failures = 4;
constexpr rlim_t most_errors = 65536; ///< bytes of standard error
constexpr size_t most_of_report = 300;
constexpr int told = 3; ///< status of a test that has said itself why it ends
int pipe_end = -1;      ///< where a test's process writes

void say(const std::string& line) {
    if (write(pipe_end, line.data(), line.size()) < 0)
        std::abort();
}

/// What this process would do at the end of a test must not happen in the test's own.
[[noreturn]] void become_test(int descriptor, int errors, void (*body)(),
                              const std::string& last_word) {
    pipe_end = descriptor;
    if (errors >= 0)
        dup2(errors, STDERR_FILENO);
    const rlimit of_files{most_errors, most_errors};
    setrlimit(RLIMIT_FSIZE, &of_files);
    std::signal(SIGXFSZ, SIG_IGN); // what is more is lost
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
    return "it ended in the middle, with status " + std::to_string(WEXITSTATUS(status));
}

/// The line of a sanitizer's report that says what happened; empty if there is none.
std::string found_by_sanitizer(const std::string& errors) {
    std::istringstream lines(errors);
    for (std::string line; std::getline(lines, line);) {
        const size_t address = line.find("ERROR: AddressSanitizer: ");
        if (address != std::string::npos)
            return line.substr(address + 7, most_of_report);
        if (line.find(": runtime error: ") != std::string::npos)
            return line.substr(0, most_of_report);
    }
    return {};
}

/// Passes on what was written there.
std::string take_errors(int descriptor) {
    if (descriptor < 0 || lseek(descriptor, 0, SEEK_SET) != 0)
        return {};
    const std::string errors = read_all(descriptor);
    std::cerr << errors << std::flush;
    return errors;
}

/// How many there are.
unsigned repeat(const std::string& failures) {
    unsigned count = 0;
    std::istringstream lines(failures);
    std::string file, number, text;
    while (std::getline(lines, file, '\t') && std::getline(lines, number, '\t') &&
           std::getline(lines, text)) {
        std::ranges::replace(text, '\v', '\n');
        ADD_FAIL_CHECK_AT(file.c_str(), std::atoi(number.c_str()), text);
        count++;
    }
    return count;
}

} // namespace

void alone(void (*body)()) {
    int ends[2];
    if (pipe(ends) != 0)
        throw std::runtime_error("no pipe");
    const std::string last_word = drawn_word();
    const int errors = memfd_create("errors", 0);
    const pid_t process = fork();
    if (process == 0)
        become_test(ends[1], errors, body, last_word);
    close(ends[1]);
    std::string said = read_all(ends[0]);
    int status = 0;
    waitpid(process, &status, 0);
    const bool ended = said.ends_with(last_word);
    if (ended)
        said.resize(said.size() - last_word.size());
    const unsigned failures = repeat(said);
    const std::string report = found_by_sanitizer(take_errors(errors));
    const bool has_told = failures != 0 && WIFEXITED(status) && WEXITSTATUS(status) == told;
    if (!ended && !has_told)
        FAIL_CHECK((report.empty() ? ending(status) : "it was stopped: " + report));
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
    _exit(told);
}

void lab::todo(const char* exercise) {
    fail(std::string("not implemented: exercise ") + exercise);
    _exit(told);
}
