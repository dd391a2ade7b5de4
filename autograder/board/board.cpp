// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Reset, upload, boot, listen.
#include "autograder/board/board.hpp"

#include "autograder/board/device_tree.hpp"
#include "autograder/board/image.hpp"
#include "autograder/source/process.hpp"

#include <cmath>

namespace grade {

namespace {

using namespace std::chrono_literals;

constexpr unsigned most_resets = 3;
constexpr std::size_t most_output = 1 << 20;
constexpr std::uint64_t page = 4096;
/// A minute on the slowest line, and more than any lab's.
constexpr std::uint64_t most_program = 4 << 20;

/// Where things go that have no place of their own: right below the loader, which lies high.
struct Places {
    std::uint64_t tree;
    std::uint64_t root_task;
};

Places places_of(const Image& kernel, std::size_t root_task_size, std::size_t arguments_size,
                 const Greeting& greeting) {
    const std::uint64_t tree_size = greeting.tree_size + arguments_size + room_for_chosen;
    const std::uint64_t size = tree_size + root_task_size + 2 * page;
    if (kernel.end > greeting.begin || greeting.begin - kernel.end < size) {
        throw UnfitProgram("the program takes more memory than the board has");
    }
    const std::uint64_t tree = (greeting.begin - tree_size) / page * page;
    return {tree, (tree - root_task_size) / page * page};
}

void upload(Link& link, const Greeting& greeting, const BoardProgram& program,
            const std::string& arguments) {
    const Image kernel = image_of(program.kernel);
    const Bytes root_task = stripped(program.root_task);
    std::uint64_t size = root_task.size();
    for (const Segment& segment : kernel.segments) {
        size += segment.bytes.size();
    }
    if (size > most_program) {
        throw UnfitProgram(
            fmt::format("the program has {} bytes; boards take {}", size, most_program));
    }
    const Places places = places_of(kernel, root_task.size(), arguments.size(), greeting);
    const Bytes tree = with_chosen(link.read(greeting.tree, greeting.tree_size),
                                   {.arguments = arguments,
                                    .initrd = places.root_task,
                                    .initrd_end = places.root_task + root_task.size(),
                                    .reserved = greeting.begin,
                                    .reserved_end = greeting.end});
    for (const Segment& segment : kernel.segments) {
        link.write(segment.address, segment.bytes);
    }
    link.write(places.root_task, root_task);
    link.write(places.tree, tree);
    link.boot(kernel.entry, places.tree);
}

void reset(const BoardSettings& settings) {
    const auto limit = std::to_string(settings.start.count());
    const Finished finished = run({.arguments = {"timeout", limit, "/bin/sh", "-c", settings.reset},
                                   .environment = {"BOARD=" + settings.device.string()}});
    if (finished.status != 0) {
        throw EnvironmentError(fmt::format("the reset command ended with status {}: {}",
                                           finished.status, settings.reset));
    }
}

/// The loader's first word. A program that says it ends only itself.
bool is_loader(std::string_view line) { return line.contains("@rel4 ready "); }
bool is_end(std::string_view line) { return line.contains("@rel4 end "); }

BoardRun listen(SerialLine& line, Deadline deadline, const std::stop_token& stop) {
    BoardRun run;
    while (const auto text = line.read_line(deadline, stop)) {
        if (is_loader(*text)) {
            run.restarted = true;
            return run;
        }
        run.output += *text + "\n";
        if (is_end(*text) || run.output.size() > most_output) {
            return run;
        }
    }
    run.timed_out = !stop.stop_requested();
    return run;
}

} // namespace

BoardRun run_on_board(const BoardSettings& settings, SerialLine& line, const BoardProgram& program,
                      const std::stop_token& stop) {
    const auto start = std::chrono::steady_clock::now();
    const auto limit = std::chrono::milliseconds(
        std::llround(std::ceil(static_cast<double>(program.limit) / settings.pace / 1000)));
    // Programs measure their patience by it, too.
    const std::string arguments =
        fmt::format("pace={:.0f} {}", std::max(settings.pace, 1.0), program.arguments);
    for (unsigned tries = 1;; ++tries) {
        reset(settings);
        line.discard();
        try {
            Link link(line);
            upload(link, link.greet(in(settings.start)), program, arguments);
        } catch (const BoardError& error) {
            if (tries < most_resets && !stop.stop_requested()) {
                continue;
            }
            throw BoardError(fmt::format("{}: {} (after {} resets)", settings.device.string(),
                                         error.what(), tries));
        }
        BoardRun run = listen(line, in(limit), stop);
        run.seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        return run;
    }
}

} // namespace grade
