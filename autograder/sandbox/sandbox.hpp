// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Runs commands that nobody vouches for: the compiler on a student's code, test programs that
/// contain it, the emulator. A command sees what its View names, uses what its Limits allow, and
/// when run() returns or this program ends, everything that the command started is gone.
/// Always holds: what this machine cannot do is an EnvironmentError with a remedy, never an
/// Outcome. Read next: supervisor.hpp (how it is started and ended), bubblewrap.hpp (what it sees).
#pragma once

#include "autograder/source/source_tree.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace grade {

/// Sizes are bytes. A limit ends the command and everything it started.
struct Limits {
    std::chrono::milliseconds wall{60'000};
    std::chrono::milliseconds cpu{60'000};  ///< of all processes together
    std::uint64_t memory = 2ull << 30;      ///< of all processes together, files in /tmp too
    unsigned processes = 128;               ///< processes and threads at a time
    std::uint64_t output = 1ull << 20;      ///< of standard output, and as much of standard error
    std::uint64_t disk = 512ull << 20;      ///< growth of the writable folders; also one file
    std::uint64_t temporary = 256ull << 20; ///< of /tmp (bubblewrap only)
};

/// What a command sees. All paths are canonical (std::filesystem::canonical) and exist; they have
/// the same names inside. Kinds without bubblewrap hide nothing: there only the folder counts, and
/// where growth is watched.
struct View {
    std::vector<std::filesystem::path> readonly{}; ///< beside /usr and what belongs to it
    /// May lie inside readonly ones. Nobody else should be able to enter them: mode 0700.
    std::vector<std::filesystem::path> writable{};
    std::filesystem::path folder = "/"; ///< where the command starts
    bool network = false;               ///< otherwise it has a loopback of its own
};

struct Command {
    /// The program, then its arguments. A program without slash is looked up in PATH.
    std::vector<std::string> arguments{};
    /// "NAME=value". The whole environment but for PATH, HOME, TMPDIR and LANG, which have fixed
    /// values unless they are named here.
    std::vector<std::string> environment{};
    int input = -1;                 ///< standard input; -1: nothing to be read
    std::vector<int> descriptors{}; ///< become descriptors 3, 4, ... of the command
    /// If not empty: what can be read, once, from the descriptor whose number is in REL4_NONCE_FD.
    /// At most 4096 bytes. It is in no command line and in no environment.
    std::string nonce{};
};

enum class Stream { out, err };

/// How a run can be followed. Both are used by the thread that called run().
struct Observer {
    /// Each line as it comes, without its end.
    std::function<void(Stream, std::string_view)> line{};
    std::stop_token stop{};
};

/// What ended the command before it ended itself.
enum class Limit { none, wall, cpu, memory, processes, output, disk, stopped };

/// "wall time", "memory"..., as messages call it.
std::string_view to_string(Limit limit);

struct Outcome {
    int status = 0; ///< exit status, 0..255; 128 + signal if a signal ended it
    int signal = 0; ///< 0: it ended by itself. A status of 128 + n, n a signal, is taken for one
    Limit limit = Limit::none;
    std::string out, err; ///< at most Limits::output each, then a line that says so
    double wall = 0;      ///< seconds
    double cpu = 0;       ///< seconds of all processes that were waited for
    [[nodiscard]] bool succeeded() const { return status == 0 && limit == Limit::none; }
};

/// Any number may run at once, in any number of threads and processes.
class Sandbox {
public:
    enum class Kind {
        bubblewrap, ///< namespaces: no other files, processes or network
        /// This machine is thrown away afterwards: limits only. A command can do what this program
        /// can, so also end it, or end its supervisor and be left over.
        container,
        none, ///< limits only, and the machine is not thrown away
    };

    /// Why this machine cannot do it, and what mends that; nothing if it can: it was tried. The
    /// first answer is kept.
    static std::optional<std::string> obstacle(Kind kind);

    /// @throws EnvironmentError with the obstacle
    explicit Sandbox(Kind kind);

    /// Returns when the command and everything it started is gone. Files in writable folders have
    /// then lost their set-user-ID and set-group-ID bits; links there can lead anywhere.
    /// @throws EnvironmentError if the command cannot be started
    [[nodiscard]] Outcome run(const Command& command, const View& view, const Limits& limits,
                              const Observer& observer = {}) const;

    [[nodiscard]] Kind kind() const { return kind_; }
    /// "bwrap", "container" or "none", as results have it.
    [[nodiscard]] std::string_view name() const;
    /// How memory and processes are limited: "cgroup" or "watch".
    [[nodiscard]] static std::string_view limits_by();

private:
    Kind kind_;
};

} // namespace grade
