// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// rel4-grade convert: one result in the form of another system.
/// Read next: ../report/convert.hpp.
#include "autograder/report/convert.hpp"
#include "autograder/command.hpp"
#include "autograder/results/atomic_file.hpp"
#include "autograder/source/source_tree.hpp"

#include <fmt/core.h>
#include <map>
#include <memory>

namespace grade {

namespace {

struct Options {
    Format format = Format::gradescope;
    std::string result;
    std::string out;
};

Status convert_file(const Options& options) {
    const auto result = read_result(options.result);
    if (!result) {
        throw EnvironmentError(result.error());
    }
    const auto converted = convert(*result, options.format);
    if (!converted) {
        throw EnvironmentError(converted.error());
    }
    if (options.out.empty()) {
        fmt::print("{}", *converted);
    } else {
        write_file(options.out, *converted);
    }
    return full;
}

} // namespace

void add_convert(CLI::App& app, Run& run) {
    static const std::map<std::string, Format> formats = {{"gradescope", Format::gradescope},
                                                          {"autolab", Format::autolab},
                                                          {"github", Format::github},
                                                          {"junit", Format::junit},
                                                          {"csv", Format::csv}};
    CLI::App* command = app.add_subcommand("convert", "Write one result as other systems read it");
    const auto options = std::make_shared<Options>();
    command->add_option("--to", options->format, "gradescope, autolab, github, junit or csv")
        ->required()
        ->transform(CLI::CheckedTransformer(formats));
    command->add_option("result", options->result, "a result, <id>.json")->required();
    command->add_option("--out", options->out, "file to write (default: standard output)");
    command->callback([&run, options] { run = [options] { return convert_file(*options); }; });
}

} // namespace grade
