// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// One run of some tests on a board.
#include "autograder/board/serial_target.hpp"

#include "autograder/run/machine_command.hpp"

#include <fstream>
#include <iterator>

namespace grade {

namespace {

Bytes bytes_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        throw EnvironmentError(file.string() + " cannot be read");
    }
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::string reason_of(const BoardRun& run, const Statements& statements) {
    if (run.timed_out) {
        return fmt::format("it does not come to an end: the board was reset after {:.0f} s",
                           run.seconds);
    }
    return last_words(statements)
        .value_or(run.restarted ? "the board started anew" : "it wrote too much");
}

} // namespace

Ending SerialTarget::run(const MachineRun& what, const std::stop_token& stop) const {
    const Nonce nonce = Nonce::draw();
    const std::string kernel = fmt::format("lab{}-kernel.elf", what.plan.lab);
    const std::string root_task = fmt::format("user/lab{}.elf", what.plan.lab);
    const BoardProgram program{
        .kernel = bytes_of(what.programs / kernel),
        .root_task = bytes_of(what.programs / root_task),
        .arguments = boot_arguments(what.machine, what.seed, what.ids, nonce.digits()),
        .limit = instruction_limit(what.plan, what.ids)};
    Ending ending;
    try {
        const BoardRun run = boards_.run(program, stop);
        ending.statements = read_statements(run.output, nonce, what.ids);
        ending.seconds = run.seconds;
        ending.timed_out = run.timed_out;
        ending.reason = reason_of(run, ending.statements);
    } catch (const UnfitProgram& error) {
        ending.reason = error.what();
    }
    return ending;
}

std::optional<std::filesystem::path> device_of(std::string_view target) {
    constexpr std::string_view serial = "serial:";
    if (target == "qemu") {
        return std::nullopt;
    }
    if (!target.starts_with(serial) || target.size() == serial.size()) {
        throw EnvironmentError(fmt::format(
            "--target {}: it is qemu or serial:DEVICE, such as serial:/dev/ttyUSB0", target));
    }
    return target.substr(serial.size());
}

} // namespace grade
