// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Runs the tests that the linker collected if the machine's command line says `kernel-tests=a,b`
/// or `kernel-tests=all`, and stops the machine behind them: exit status 0 if all passed, else 1.
/// A test that stops the machine is told by what the console has last. Without a nonce the lines
/// of protocol.hpp have sums that nobody can check.
#include "labs/lib/kernel_test.hpp"

#include "kernel/boot/before_root_task.hpp"
#include "kernel/boot/device_tree.hpp"
#include "kernel/lib/print.hpp"
#include "kernel/lib/window.hpp"
#include "kernel/riscv/sbi.hpp"
/// @cond LAB2
#include "kernel/sched/hart.hpp"
/// @endcond
#include "labs/lib/protocol.hpp"

extern "C" const kernel_test::Descriptor kernel_tests_start[];
extern "C" const kernel_test::Descriptor kernel_tests_end[];

namespace kernel_test {

namespace {

constinit std::string_view arguments;
constinit const Descriptor* current = nullptr;
constinit unsigned failures = 0; ///< of the current test
constexpr unsigned most_told = 4;

void write(std::string_view line) {
    for (const char letter : line)
        print::put(letter);
}

constinit lab::Transcript transcript({}, write);

/// The machine's command line, a string of the device tree.
std::string_view read_arguments(PAddr device_tree) {
    constexpr Word longest = Word{1} << 21;
    const auto tree = device_tree::open({window<const uint8_t>(device_tree), longest});
    if (!tree)
        return {};
    device_tree::Walk walk(*tree);
    while (walk.next()) {
        if (walk.node().name == "chosen") {
            const device_tree::Bytes bytes = walk.property(walk.node(), "bootargs").bytes;
            return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
        }
    }
    return {};
}

/// What stands behind `name`; empty if it is not there.
std::string_view argument(std::string_view name) {
    const size_t at = arguments.find(name);
    std::string_view text = arguments;
    text.remove_prefix(at == arguments.npos ? text.size() : at + name.size());
    return text;
}

/// True if the test passed.
bool run(const Descriptor& test) {
    current = &test;
    failures = 0;
    transcript.begin(lab::id_of(test.name));
    test.body();
    transcript.verdict(lab::id_of(test.name), failures == 0);
    return failures == 0;
}

void fail(const lab::Line& line) {
    if (++failures <= most_told)
        transcript.message(line.text());
}

} // namespace

bool expect(const char* what, bool holds) {
    if (!holds)
        fail(lab::Line().add(what).add(": expected to hold, but does not"));
    return holds;
}

bool expect_equal(const char* what, Word expected, Word got) {
    if (expected != got)
        fail(lab::Line()
                 .add(what)
                 .add(": expected ")
                 .add_shown(expected)
                 .add(", got ")
                 .add_shown(got));
    return expected == got;
}

void value(Word number) { transcript.value(lab::id_of(current->name), number); }

Word seed() {
    const std::string_view text = argument("seed=");
    Word number = text.empty() ? 1 : 0;
    for (size_t i = 0; i < text.size() && text[i] >= '0' && text[i] <= '9'; i++)
        number = number * 10 + static_cast<Word>(text[i] - '0');
    return number;
}

} // namespace kernel_test

void before_root_task(PAddr device_tree) {
    using namespace kernel_test;
    arguments = read_arguments(device_tree);
    const std::string_view chosen = argument("kernel-tests=");
    if (chosen.empty())
        return;
    if (const auto nonce = lab::read_nonce(argument("nonce=")))
        transcript = lab::Transcript(*nonce, write);
    /// @cond LAB2
    hart_count = 1; // of a machine that has more the others do nothing yet, and answer nobody
    /// @endcond
    bool all_passed = true;
    for (const Descriptor* test = kernel_tests_start; test != kernel_tests_end; test++) {
        if (lab::is_listed(chosen, "all") || lab::is_listed(chosen, lab::id_of(test->name)))
            all_passed = run(*test) && all_passed;
    }
    transcript.end();
    sbi::stop_machine(all_passed ? sbi::Stop::success : sbi::Stop::failure);
}
