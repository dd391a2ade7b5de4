// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Runs the cases that the linker has collected between cases_start and cases_end.

#include "platform/tests/lib/test.hpp"

#include "platform/tests/lib/board.hpp"
#include "platform/tests/lib/console.hpp"
#include "platform/tests/lib/environment.hpp"
#include "platform/tests/lib/paging.hpp"
#include "platform/tests/lib/scene.hpp"

extern "C" const Case cases_start[];
extern "C" const Case cases_end[];

namespace {

struct Report {
    bool failed;
    const char* subject;
    bool subject_has_value;
    uint64_t subject_value;
};
constinit Report report = {};
constinit const Case* current = nullptr;

void print_name(const char* name) {
    for (; *name != 0; name++) {
        const char letter[] = {*name == '_' ? '-' : *name, 0};
        console::write(letter);
    }
}

bool has_hypervisor_mode() {
    const Run run = run_supervisor([](uint64_t) { return csr::read<csr::hstatus>(); });
    return run.traps.order == 0;
}

const char* reason_to_skip(Needs needs) {
    switch (needs) {
    case Needs::nothing:
        return nullptr;
    case Needs::machine_mode:
        return environment::has_machine_mode ? nullptr : "M-mode belongs to the firmware";
    case Needs::firmware:
        return environment::has_machine_mode ? "no firmware" : nullptr;
    case Needs::wake:
        return board.uintc.has_wake() ? nullptr : "no Wake line";
    case Needs::no_wake:
        return board.uintc.has_wake() ? "the machine has a Wake line" : nullptr;
    case Needs::two_harts:
        return board.hart_count >= 2 ? nullptr : "one hart";
    case Needs::four_harts:
        return board.hart_count >= 4 ? nullptr : "less than four harts";
    case Needs::no_paging:
        return paging::is_on() ? "paging is on" : nullptr;
    case Needs::hypervisor:
        return has_hypervisor_mode() ? nullptr : "no H extension";
    case Needs::without_n:
        return board.argument_is("without", "n") ? nullptr : "not started with without=n";
    case Needs::without_uipi:
        return board.argument_is("without", "uipi") ? nullptr : "not started with without=uipi";
    case Needs::without_uintc:
        return board.argument_is("without", "uintc") ? nullptr : "not started with without=uintc";
    }
    return nullptr;
}

const char* reason_to_skip(const Case& test) {
    for (const Needs needs : test.needs) {
        const char* const reason = reason_to_skip(needs);
        if (reason != nullptr)
            return reason;
    }
    return nullptr;
}

/// The case that follows a line of the source: compilers do not keep the order in a section.
const Case* case_after(unsigned line) {
    const Case* next = nullptr;
    for (const Case* test = cases_start; test != cases_end; test++)
        if (test->line > line && (next == nullptr || test->line < next->line))
            next = test;
    return next;
}

/// The beginning of the case's FAIL line; false if it was printed before.
bool begin_failure(const Case& test) {
    if (report.failed)
        return false;
    report.failed = true;
    console::write("FAIL ");
    print_name(test.name);
    console::write(": ");
    if (report.subject != nullptr)
        console::write(report.subject);
    if (report.subject_has_value)
        console::print(" ", console::Hex{report.subject_value});
    if (report.subject != nullptr)
        console::write(": ");
    return true;
}

/// Answers whether the case failed.
bool run(const Case& test) {
    const char* const reason = reason_to_skip(test);
    if (reason != nullptr) {
        console::write("skip ");
        print_name(test.name);
        console::print(": ", reason, "\n");
        return false;
    }
    report = {};
    current = &test;
    reset_user_interrupts();
    test.body();
    if (report.failed)
        return true;
    console::write("ok ");
    print_name(test.name);
    console::write("\n");
    return false;
}

} // namespace

void expect_equal(const char* what, uint64_t expected, uint64_t got) {
    if (expected == got || !begin_failure(*current))
        return;
    console::print(what, ": expected ", console::Hex{expected}, " got ", console::Hex{got}, "\n");
}

void expect(const char* what, bool holds) {
    if (!holds && begin_failure(*current))
        console::print(what, ": expected to hold\n");
}

void concerning(const char* what, uint64_t value) {
    report.subject = what;
    report.subject_has_value = true;
    report.subject_value = value;
}

void concerning(const char* what) {
    report.subject = what;
    report.subject_has_value = false;
}

void run_cases() {
    uint64_t count = 0;
    uint64_t failed = 0;
    for (const Case* test = case_after(0); test != nullptr; test = case_after(test->line)) {
        count++;
        if (run(*test))
            failed++;
    }
    console::print("end ", count, "\n");
    end_machine(failed == 0 ? 0 : 1);
}

void run_user_interrupt_cases() {
    if (board.uintc.present())
        run_cases();
    console::write("FAIL uintc-present: the device tree has no riscv,uintc0\nend 1\n");
    end_machine(1);
}
