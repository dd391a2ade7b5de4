// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The smallest program: says where it is, and ends.
/// Read next: user/lib/program.hpp.
/// @stage{2}
#include "user/lib/console.hpp"
#include "user/lib/program.hpp"
#include "user/lib/start_block.hpp"

namespace {

/// In the program's own memory: another program has something else at this address.
constinit abi::Word greetings = 0;

} // namespace

int main() {
    greetings++;
    println("hello: this is ", user::start_block().name, " at ",
            console::Hex{reinterpret_cast<abi::Word>(&greetings)}, ", greeting ", greetings);
    return 0;
}
