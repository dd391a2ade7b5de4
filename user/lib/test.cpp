// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Runs the tests that the linker collected, in the order of their files and lines, and checks
/// after each that the kernel has given back all that it used.
/// The machine's command line chooses: `skip=N` leaves out the first N; after `only=` comes text,
/// to the end of the line, that a name must contain; `tests=a,b` runs those with these ids, the
/// texts before the ':' of their names. Lines `# N name` tell which test runs, so that whoever
/// reads along knows which one stopped the machine, and can start it again with skip=N. Read next:
/// test_report.hpp, user/tests/run.py.
/// @stage{1}
#include "user/lib/test.hpp"

#include "labs/lib/protocol.hpp"
#include "user/lib/boot_info.hpp"
#include "user/lib/program.hpp"
#include "user/lib/spin_lock.hpp"
#include "user/lib/test_report.hpp"

#include <algorithm>

extern "C" const test::Descriptor tests_start[];
extern "C" const test::Descriptor tests_end[];

namespace test {

namespace {

constexpr Word slots = 1000;
constinit user::Allocator::Record records[slots] = {};
constexpr Word first_address = 0x20'0000'0000;
constexpr Word last_address = 0x28'0000'0000;

/// Where the memory and the slots of all tests come from, one after the other.
constinit CPtr memory = 0;
constinit CPtr first_slot = 0;

constexpr unsigned most_tests = 1024;
constinit const Descriptor* tests[most_tests] = {};

/// The result of the current test. Guard: `lock`, because a test may have several threads.
struct Findings {
    static constexpr unsigned most_lines = 4;
    unsigned failures = 0;
    console::Line lines[most_lines] = {};
    const char* skipped = nullptr;
};
constinit Findings findings = {};
constinit const Descriptor* current = nullptr;
constinit user::SpinLock lock;

int compare(const char* first, const char* second) {
    while (*first != '\0' && *first == *second) {
        first++;
        second++;
    }
    return *first - *second;
}

bool comes_before(const Descriptor& first, const Descriptor& second) {
    const int files = compare(first.file, second.file);
    return files != 0 ? files < 0 : first.line < second.line;
}

/// Puts the tests into `tests`, sorted: the linker keeps no order. Answers how many there are.
unsigned sort_tests() {
    unsigned count = 0;
    for (const Descriptor* test = tests_start; test != tests_end && count < most_tests; test++) {
        unsigned at = count++;
        for (; at > 0 && comes_before(*test, *tests[at - 1]); at--)
            tests[at] = tests[at - 1];
        tests[at] = test;
    }
    return count;
}

/// The text behind `name` in the command line; empty if it is not there.
std::string_view argument(std::string_view name) {
    std::string_view all = user::boot_arguments();
    const size_t at = all.find(name);
    if (at == all.npos)
        return {};
    all.remove_prefix(at + name.size());
    return all;
}

unsigned number_in(std::string_view text) {
    unsigned number = 0;
    for (size_t i = 0; i < text.size() && text[i] >= '0' && text[i] <= '9'; i++)
        number = number * 10 + static_cast<unsigned>(text[i] - '0');
    return number;
}

/// Gives the next test all memory and slots. False if some of it is still in use: then the test
/// before has left something that the kernel cannot take back.
bool prepare() {
    sel4::cap_revoke(memory);
    for (CPtr slot = first_slot; slot < first_slot + slots; slot++)
        sel4::cap_delete(slot);
    allocator.reset();
    allocator.take_slots({first_slot, first_slot + slots});
    vspace.take(abi::root_vspace, first_address, last_address);
    return allocator.take_untyped(memory, memory_bits);
}

/// Whether the command line chooses it.
bool is_chosen(const Descriptor& test) {
    const std::string_view ids = argument("tests=");
    return std::string_view(test.name).contains(argument("only=")) &&
           (ids.empty() || lab::is_listed(ids, lab::id_of(test.name)));
}

/// True if the test passed.
bool run(const Descriptor& test, unsigned number) {
    report::begin(test, number);
    findings = {};
    current = &test;
    const Word free_slots = user::allocator.free_slots();
    const Word free_bytes = user::allocator.free_bytes();
    run_body(test);
    expect("all memory and slots can be taken back", prepare());
    expect_equal("free slots after the test", free_slots, user::allocator.free_slots());
    expect_equal("free bytes after the test", free_bytes, user::allocator.free_bytes());
    const bool passed = findings.failures == 0;
    const unsigned lines = std::min(findings.failures, Findings::most_lines);
    report::result(test, number, passed, {findings.lines, lines}, findings.skipped);
    return passed;
}

} // namespace

constinit user::Allocator allocator{records};
constinit user::VSpace vspace{allocator};

console::Line* explanation() {
    const user::SpinGuard guard(lock);
    const unsigned index = findings.failures++;
    return index < Findings::most_lines ? &findings.lines[index] : nullptr;
}

void skip(const char* why) { findings.skipped = why; }

void value(Word number) { report::value(*current, number); }

Word seed() { return user::boot_number("seed=", 1); }

bool expect(const char* what, bool holds, const Place& place) {
    if (!holds)
        fail(place, what, ": expected to hold, but does not");
    return holds;
}

bool expect_equal(const char* what, Word expected, Word got, const Place& place) {
    if (expected != got)
        fail(place, what, ": expected ", shown(expected), ", got ", shown(got));
    return expected == got;
}

bool expect_success(const char* what, const sel4::Result& result, const Place& place) {
    if (!result)
        fail(place, what, ": expected no error, got ", abi::text(result.error));
    return bool(result);
}

bool expect_error(const char* what, abi::Error error, const sel4::Result& result,
                  std::initializer_list<Word> details, const Place& place) {
    if (!expect_equal(what, error, result.error, place))
        return false;
    unsigned i = 0;
    for (const Word detail : details) {
        if (result.words[i] != detail) {
            fail(place, what, ": expected ", shown(detail), " as word ", i, " of the error, got ",
                 shown(result.words[i]));
            return false;
        }
        i++;
    }
    return true;
}

int run_all() {
    const unsigned count = sort_tests();
    const unsigned first = number_in(argument("skip="));
    memory = user::allocator.make(abi::ObjectType::untyped, memory_bits);
    first_slot = user::allocator.slot(slots);
    prepare_runner();
    report::start();
    if (!prepare())
        println("Bail out! no memory for tests");
    unsigned done = 0;
    unsigned passed = 0;
    for (unsigned i = first; i < count; i++) {
        if (!is_chosen(*tests[i]))
            continue;
        done++;
        passed += run(*tests[i], i + 1) ? 1 : 0;
    }
    report::end(done);
    return passed == done ? 0 : 1;
}

} // namespace test
