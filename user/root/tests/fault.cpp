// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A program that reads where nothing is mapped.
/// Read next: user/root/check.sh.
/// @stage{2}
#include "user/lib/console.hpp"
#include "user/lib/program.hpp"

namespace {

constexpr abi::Word nowhere = 0x1230;

} // namespace

int main() {
    println("fault: about to read from ", console::Hex{nowhere});
    return static_cast<int>(*reinterpret_cast<volatile abi::Word*>(nowhere));
}
