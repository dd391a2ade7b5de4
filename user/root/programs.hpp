// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The programs that the root task has started, each in a process of its own; they all tell the
/// same FaultWatch of their faults and their ends. The badge of a program has two bits, so that 32
/// are enough for 256 programs. Signals are or-ed: they name all programs whose two bits are there,
/// and each is looked at. A fault has the badge as a word, which names one.
///
///     31                16 15                 0
///     | 1 << (index / 16) | 1 << (index % 16) |
///
/// The upper 32 bits are for whoever else signals the root task.
/// The exit code of the whole is the largest of theirs, in whatever order they end; a program that
/// faults counts as 1.
/// Read next: user/lib/process.hpp.
/// @stage{2}
#pragma once

#include "user/lib/fault.hpp"
#include "user/lib/process.hpp"
#include "user/root/archive.hpp"

namespace root {

using abi::Word;

constexpr unsigned most_programs = 256;

constexpr Word badge_of_program(unsigned index) {
    return Word{1} << (16 + index / 16) | Word{1} << index % 16;
}

/// A program that was started.
struct Program {
    std::string_view name;
    user::Process process;
    bool runs = false;
    unsigned exit_code = 0; ///< of the last that has ended here
};

class Programs {
public:
    /// Who wants to know of the programs, and can act.
    struct Listener {
        void* context = nullptr;
        /// Made, but not started; false: it cannot be.
        bool (*made)(void* context, unsigned index) = nullptr;
        /// It will be destroyed. With which code has it ended?
        void (*ends)(void* context, unsigned index, unsigned code) = nullptr;
        /// Can it go on after this fault?
        bool (*mend)(void* context, unsigned index, const user::Event& fault) = nullptr;
        /// @cond NONE
        /// It was destroyed: nothing of it is left.
        void (*gone)(void* context, unsigned index) = nullptr;
        /// @endcond
    };

    /// Called once, first. What `options` says is the same for all.
    bool create(const user::Process::Options& options, const Listener& listener);
    [[nodiscard]] user::FaultWatch& watch() { return watch_; }

    /// Starts a program. False, and the exit code says so, if that is not possible.
    bool start(const File& file);

    /// A signal says that some program has ended; a fault ends one, unless it can be mended.
    void take(const user::Event& event);
    /// Takes all that are there, without waiting.
    void take_pending();

    [[nodiscard]] Program& program(unsigned index) { return programs_[index]; }
    [[nodiscard]] unsigned running() const { return running_; }
    [[nodiscard]] unsigned exit_code() const { return exit_code_; }
    void note(unsigned code);

    /// Ends a program wherever it is.
    void end(unsigned index, unsigned code);

private:
    [[nodiscard]] unsigned free_index() const;
    void take_fault(unsigned index, const user::Event& fault);

    Program programs_[most_programs];
    user::FaultWatch watch_;
    user::Process::Options options_;
    Listener listener_;
    unsigned running_ = 0;
    unsigned exit_code_ = 0;
};

} // namespace root
