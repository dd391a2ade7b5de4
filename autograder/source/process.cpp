// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// posix_spawn, and a memory file for each of the three streams.
#include "autograder/source/process.hpp"

#include "autograder/source/source_tree.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fmt/core.h>
#include <spawn.h>
#include <string_view>
#include <sys/mman.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace grade {

namespace {

class MemoryFile {
public:
    MemoryFile() : descriptor_(memfd_create("rel4-grade", MFD_CLOEXEC)) {
        if (descriptor_ < 0) {
            throw EnvironmentError("no memory for the input and output of a program");
        }
    }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    ~MemoryFile() { close(descriptor_); }

    [[nodiscard]] int descriptor() const { return descriptor_; }

    void fill(std::string_view text) const {
        while (!text.empty()) {
            const ssize_t count = write(descriptor_, text.data(), text.size());
            if (count < 0) {
                throw EnvironmentError("no memory for the input of a program");
            }
            text.remove_prefix(static_cast<std::size_t>(count));
        }
        lseek(descriptor_, 0, SEEK_SET);
    }

    [[nodiscard]] std::string content() const {
        lseek(descriptor_, 0, SEEK_SET);
        std::string result;
        std::array<char, 1 << 16> buffer{};
        for (ssize_t count = 0; (count = read(descriptor_, buffer.data(), buffer.size())) > 0;) {
            result.append(buffer.data(), static_cast<std::size_t>(count));
        }
        return result;
    }

private:
    int descriptor_;
};

class Actions {
public:
    Actions() { posix_spawn_file_actions_init(&actions_); }
    Actions(const Actions&) = delete;
    Actions& operator=(const Actions&) = delete;
    ~Actions() { posix_spawn_file_actions_destroy(&actions_); }

    void stream(int number, const MemoryFile& file) {
        posix_spawn_file_actions_adddup2(&actions_, file.descriptor(), number);
    }
    void enter(const std::filesystem::path& folder) {
        posix_spawn_file_actions_addchdir_np(&actions_, folder.c_str());
    }
    [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

private:
    posix_spawn_file_actions_t actions_{};
};

std::string_view name_of(std::string_view variable) {
    return variable.substr(0, variable.find('='));
}

std::vector<std::string> environment_for(const Program& command) {
    std::vector<std::string> result = command.environment;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string_view text = *variable;
        bool is_set = text.starts_with("GIT_");
        for (const std::string& added : command.environment) {
            is_set = is_set || name_of(added) == name_of(text);
        }
        if (!is_set) {
            result.emplace_back(text);
        }
    }
    return result;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> result;
    result.reserve(texts.size() + 1);
    for (std::string& text : texts) {
        result.push_back(text.data());
    }
    result.push_back(nullptr);
    return result;
}

int wait_for(pid_t child) {
    int status = 0;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            throw EnvironmentError("a program was started, and its end was lost");
        }
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

} // namespace

Finished run(const Program& command) {
    const std::array<MemoryFile, 3> streams;
    streams[0].fill(command.input);
    Actions actions;
    for (int number = 0; number < 3; ++number) {
        actions.stream(number, streams.at(static_cast<std::size_t>(number)));
    }
    if (!command.folder.empty()) {
        actions.enter(command.folder);
    }
    std::vector<std::string> arguments = command.arguments;
    std::vector<std::string> environment = environment_for(command);
    pid_t child = 0;
    const int error = posix_spawnp(&child, arguments.front().c_str(), actions.get(), nullptr,
                                   pointers(arguments).data(), pointers(environment).data());
    if (error != 0) {
        throw EnvironmentError(fmt::format("{} cannot be started: {}", command.arguments.front(),
                                           std::generic_category().message(error)));
    }
    const int status = wait_for(child);
    return {status, streams[1].content(), streams[2].content()};
}

} // namespace grade
