// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The `main` of every doctest program: runs its test cases and writes TAP 13, one line a case. A
/// failure is followed by lines `  # file:line: CHECK( expression )`, the values that it had, and
/// what INFO and CAPTURE said. Name this file among a host program's sources and the program is a
/// command for a `suite`; the tests themselves include <doctest/doctest.h>. Arguments are
/// doctest's: `--test-case=PATTERN` runs some cases, `--reporters=console` is for people. A case
/// that cannot be run on this machine says MESSAGE("SKIP: reason") and returns.
/// Always holds: the plan comes last and only if the run ended well, so a crash is a failure.
/// Read next: case_reporter.hpp, tools/test/summary.py, which judges what is written here.

#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include "tools/test/case_reporter.hpp"

namespace {

class TapReporter final : public CaseReporter {
public:
    using CaseReporter::CaseReporter;

    void test_run_start() override { out_ << "TAP version 13\n"; }

    void test_run_end(const doctest::TestRunStats& /*stats*/) override {
        if (!crashed_) {
            out_ << "1.." << count_ << '\n' << std::flush;
        }
    }

    void test_case_end(const doctest::CurrentTestCaseStats& stats) override {
        const std::string_view suite{case_->m_test_suite};
        std::string name{suite};
        name += suite.empty() ? "" : ": ";
        name += case_->m_name;
        for (char& letter : name) {
            letter = letter == '#' || letter == '\n' ? ' ' : letter; // TAP's remark, TAP's end
        }
        const bool passed = stats.testCaseSuccess && !crashed_;
        out_ << (passed ? "ok " : "not ok ") << ++count_ << " - " << name
             << (passed && !skipped_.empty() ? " # SKIP " + skipped_ : "") << '\n';
        for (const std::string& line : details_) {
            out_ << "  # " << line << '\n';
        }
        if (!passed && details_.empty()) {
            out_ << "  # " << case_->m_file.c_str() << ':' << case_->m_line
                 << ": failed as a whole (time limit, or a decorator such as should_fail)\n";
        }
        out_.flush();
    }

private:
    int count_ = 0;
};

REGISTER_REPORTER("tap", 0, TapReporter);

} // namespace

int main(int argc, char** argv) {
    doctest::Context context;
    context.setOption("reporters", "tap");
    context.setOption("no-intro", true);
    context.applyCommandLine(argc, argv);
    return context.run();
}
