// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The judge's main function: what processes take for good is taken before the first test, because
/// each is checked for memory that it does not give back.
/// Read next: judge.hpp.
#include "labs/lib/judge/judge.hpp"
#include "user/lib/program.hpp"

int main() {
    if (!judge::prepare()) {
        println("Bail out! no memory for processes");
        return 1;
    }
    return test::run_all();
}
