// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The main function of lab 5's judge, which is that of lab 4 with other tests.
/// Read next: labs/4-rings/tests/guest/judge.hpp, calls.hpp.
#include "labs/4-rings/tests/guest/judge.hpp"
#include "user/lib/program.hpp"

int main() {
    if (!judge::prepare()) {
        println("Bail out! no memory for processes");
        return 1;
    }
    return test::run_all();
}
