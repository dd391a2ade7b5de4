// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The root task: starts every program of the archive that is part of it, each in a process of
/// its own, all at once, and waits until the last has ended. Its exit code, which becomes the
/// machine's, is the first that is not 0; a program that faults counts as 1.
/// Read next: user/lib/process.hpp, user/hello/main.cpp.
/// @stage{2}
#include "user/lib/console.hpp"
#include "user/lib/fault.hpp"
#include "user/lib/process.hpp"
#include "user/root/archive.hpp"

extern "C" const uint8_t archive_start[];
extern "C" const uint8_t archive_end[];

namespace {

using abi::Word;

/// A program that was started; its badge is its index as a bit.
struct Program {
    std::string_view name;
    user::Process process;
    bool runs = false;
};

constexpr unsigned most_programs = 6;
constinit Program programs[most_programs];
constinit unsigned count = 0;
constinit unsigned running = 0;
constinit unsigned exit_code = 0;

void note(unsigned code) {
    if (exit_code == 0)
        exit_code = code;
}

void start(const root::File& file, user::FaultWatch& watch) {
    if (count == most_programs) {
        println("root: no room for ", file.name);
        note(1);
        return;
    }
    Program& program = programs[count];
    program.name = file.name;
    const user::Process::Options options{
        .watch = &watch, .badge = Word{1} << count, .uart = user::uart_frame};
    if (!program.process.create(user::Elf(file.contents), file.name, options)) {
        println("root: cannot start ", file.name);
        note(1);
        return;
    }
    println("root: starting ", file.name);
    program.runs = true;
    program.process.start();
    count++;
    running++;
}

void end(Program& program, unsigned code) {
    println("root: ", program.name, " ended with ", code);
    note(code);
    program.process.destroy();
    program.runs = false;
    running--;
}

/// A signal says that some program has ended; a fault ends one.
void take(const user::Event& event) {
    for (unsigned i = 0; i < count; i++) {
        Program& program = programs[i];
        if (!program.runs || (event.badge >> i & 1) == 0)
            continue;
        if (event.fault != abi::Fault::none) {
            println("root: ", program.name, " was stopped by ", user::text(event.fault), ", pc ",
                    console::Hex{event.pc}, ", detail ", console::Hex{event.detail});
            end(program, 1);
        } else if (program.process.exited()) {
            end(program, program.process.exit_code());
        }
    }
}

} // namespace

int main() {
    user::FaultWatch watch;
    if (!watch.create(user::allocator, user::vspace))
        return 1;
    root::Archive archive({archive_start, archive_end});
    for (root::File file; archive.next(file);)
        start(file, watch);
    while (running > 0)
        take(watch.wait());
    println("root: all programs have ended");
    return static_cast<int>(exit_code);
}
