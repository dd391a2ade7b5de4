// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// rel4-grade: the host program of the course. Its exit status is a grade::Status.
/// Read next: command.hpp.
#include "autograder/command.hpp"
#include "autograder/source/source_tree.hpp"

#include <fmt/core.h>

namespace {

grade::Status run(int argc, char** argv) {
    CLI::App app("Grades labs of ReL4.", "rel4-grade");
    app.require_subcommand(1);
    grade::Run chosen;
    grade::add_next_lab(app, chosen);
    grade::add_submit(app, chosen);
    grade::add_grade(app, chosen);
    grade::add_debug(app, chosen);
    /// @cond NONE
    grade::add_check(app, chosen);
    grade::add_branches(app, chosen);
    grade::add_calibrate(app, chosen);
    grade::add_catch_up(app, chosen);
    grade::add_convert(app, chosen);
    grade::add_derive(app, chosen);
    grade::add_parity(app, chosen);
    grade::add_regrade(app, chosen);
    grade::add_report(app, chosen);
    grade::add_run(app, chosen);
    /// @endcond
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? grade::full : grade::environment_error;
    }
    return chosen();
}

} // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const grade::EnvironmentError& error) {
        fmt::print(stderr, "rel4-grade: {}\n", error.what());
        return grade::environment_error;
    } catch (const std::filesystem::filesystem_error& error) {
        fmt::print(stderr, "rel4-grade: {}\n", error.what());
        return grade::environment_error;
    } catch (const std::exception& error) {
        fmt::print(stderr, "rel4-grade: fault of this program: {}\n", error.what());
        return grade::internal_error;
    }
}
