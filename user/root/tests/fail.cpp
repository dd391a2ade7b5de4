// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A program that ends with an exit code other than 0, after it has used memory of its own.
/// Read next: user/root/check.sh.
/// @stage{2}
#include "user/lib/console.hpp"
#include "user/lib/program.hpp"

namespace {

constexpr int exit_code = 3;
constexpr int cannot_run = 4;
constexpr abi::Word bytes = abi::Word{64} * 1024;

} // namespace

int main() {
    const abi::Word address = user::vspace.map_new(bytes);
    if (address == 0)
        return cannot_run;
    volatile abi::Word* const words = reinterpret_cast<volatile abi::Word*>(address);
    for (abi::Word i = 0; i < bytes / sizeof(abi::Word); i++)
        words[i] = i;
    println("fail: wrote ", bytes, " bytes of its own");
    return exit_code;
}
