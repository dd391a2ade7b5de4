// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Compilers say themselves. Their names are those of tools/make/detect.sh.
#include "autograder/run/compiler.hpp"

#include "autograder/source/process.hpp"

namespace grade {

std::string Compiler::text() const {
    return version.empty() ? toolchain : toolchain + " " + version;
}

std::string Compiler::bands() const {
    return toolchain + "-" + version.substr(0, version.find('.'));
}

Compiler find_compiler(const std::string& toolchain) {
    const bool is_gnu = toolchain == "gnu";
    const Finished said = run({{is_gnu ? "riscv64-unknown-elf-g++" : "clang++-19",
                                is_gnu ? "-dumpfullversion" : "-dumpversion"}});
    std::string version = said.status == 0 ? said.output.substr(0, said.output.find('\n')) : "";
    if (version.find_first_not_of("0123456789.") != std::string::npos) {
        version.clear();
    }
    return {toolchain, std::move(version)};
}

} // namespace grade
