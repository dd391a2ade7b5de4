// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Tells results of tests on this machine: as TAP, or, with `--reporters=graded`, in the lines of
/// protocol.hpp. The nonce is read from the file descriptor that REL4_NONCE_FD names, once, before
/// the first test; REL4_TESTS chooses tests by their ids.
#include "labs/lib/host.hpp"
#include "labs/lib/protocol.hpp"
#include "tools/test/case_reporter.hpp"

#include <cstdlib>
#include <unistd.h>

namespace {

/// A whole line at once, past all buffers: a test that crashes loses nothing.
void write_line(std::string_view line) {
    while (!line.empty()) {
        const ssize_t written = ::write(STDOUT_FILENO, line.data(), line.size());
        if (written <= 0)
            std::abort();
        line.remove_prefix(static_cast<size_t>(written));
    }
}

/// @throws std::runtime_error if nobody gives one
user::SipKey take_nonce() {
    // There is one thread yet. NOLINTNEXTLINE(concurrency-mt-unsafe)
    const char* const name = std::getenv("REL4_NONCE_FD");
    const int descriptor = name != nullptr ? std::atoi(name) : -1;
    char digits[32] = {};
    size_t length = 0;
    for (ssize_t got = 1; got > 0 && length < sizeof digits; length += static_cast<size_t>(got))
        got = std::max<ssize_t>(::read(descriptor, digits + length, sizeof digits - length), 0);
    ::close(descriptor);
    const auto nonce = lab::read_nonce({digits, length});
    if (!nonce)
        throw std::runtime_error("REL4_NONCE_FD names no descriptor with 32 hexadecimal digits");
    return *nonce;
}

/// What an expectation says of itself names no test: its place says nothing.
std::string_view without_place_of_expectations(std::string_view line) {
    constexpr std::string_view file = "labs/lib/host.hpp:";
    const size_t end = line.find(": ");
    return line.starts_with(file) && end != line.npos ? line.substr(end + 2) : line;
}

class GradedReporter* reporter = nullptr;

class GradedReporter final : public CaseReporter {
public:
    explicit GradedReporter(const doctest::ContextOptions& options)
        : CaseReporter(options), transcript_(take_nonce(), write_line) {
        reporter = this;
    }

    void test_run_start() override {}

    void test_case_start(const doctest::TestCaseData& data) override {
        CaseReporter::test_case_start(data);
        transcript_.begin(id());
    }

    void test_case_end(const doctest::CurrentTestCaseStats& stats) override {
        for (const std::string& line : details_)
            transcript_.message(without_place_of_expectations(line));
        transcript_.verdict(id(), stats.testCaseSuccess && !crashed_);
    }

    void test_run_end(const doctest::TestRunStats& /*stats*/) override {
        if (!crashed_)
            transcript_.end();
    }

    void value(uint64_t number) { transcript_.value(id(), number); }

private:
    [[nodiscard]] std::string_view id() const { return lab::id_of(case_->m_name); }

    lab::Transcript transcript_;
};

REGISTER_REPORTER("graded", 0, GradedReporter);

} // namespace

void lab::value(uint64_t number) {
    if (reporter != nullptr)
        reporter->value(number);
}

uint64_t lab::seed() {
    // Nobody changes the environment. NOLINTNEXTLINE(concurrency-mt-unsafe)
    const char* const text = std::getenv("REL4_SEED");
    return text != nullptr ? std::strtoull(text, nullptr, 10) : 1;
}
