// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The `main` of every doctest program: runs its test cases and writes TAP 13, one line a case. A
/// failure is followed by lines `  # file:line: CHECK( expression )`, the values that it had, and
/// what INFO and CAPTURE said. Name this file among a host program's sources and the program is a
/// command for a `suite`; the tests themselves include <doctest/doctest.h>. Arguments are
/// doctest's: `--test-case=PATTERN` runs some cases, `--reporters=console` is for people. A case
/// that cannot be run on this machine says MESSAGE("SKIP: reason") and returns.
/// Always holds: the plan comes last and only if the run ended well, so a crash is a failure.
/// Read next: tools/test/summary.py, which judges what is written here.

#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <mutex>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>

namespace {

class TapReporter final : public doctest::IReporter {
public:
    explicit TapReporter(const doctest::ContextOptions& options) : out_(*options.cout) {}

    void report_query(const doctest::QueryData& /*data*/) override {}

    void test_run_start() override { out_ << "TAP version 13\n"; }

    void test_run_end(const doctest::TestRunStats& /*stats*/) override {
        if (!crashed_) {
            out_ << "1.." << count_ << '\n' << std::flush;
        }
    }

    void test_case_start(const doctest::TestCaseData& data) override {
        case_ = &data;
        details_.clear();
        skipped_.clear();
        subcases_.clear();
    }

    void test_case_reenter(const doctest::TestCaseData& /*data*/) override { subcases_.clear(); }

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
             << (passed ? skipped_ : "") << '\n'
             << details_;
        if (!passed && details_.empty()) {
            out_ << "  # " << case_->m_file.c_str() << ':' << case_->m_line
                 << ": failed as a whole (time limit, or a decorator such as should_fail)\n";
        }
        out_.flush();
    }

    void test_case_exception(const doctest::TestCaseException& exception) override {
        crashed_ = crashed_ || exception.is_crash;
        explain(case_->m_file.c_str(), case_->m_line,
                (exception.is_crash ? "crashed: " : "threw: ") +
                    std::string{exception.error_string.c_str()});
    }

    void subcase_start(const doctest::SubcaseSignature& subcase) override {
        subcases_ += std::string{" / "} + subcase.m_name.c_str();
    }

    void subcase_end() override {}

    void log_assert(const doctest::AssertData& data) override {
        if (!data.m_failed) {
            return;
        }
        std::string text = doctest::assertString(data.m_at);
        text += std::string{"( "} + data.m_expr + " )";
        if (data.m_threw) {
            text += std::string{" threw "} + data.m_exception.c_str();
        } else if ((data.m_at & doctest::assertType::is_throws) != 0) {
            text += " did not throw what it should";
        } else {
            text += std::string{"\nis false: "} + data.m_decomp.c_str();
        }
        explain(data.m_file, data.m_line, text);
    }

    void log_message(const doctest::MessageData& data) override {
        constexpr std::string_view skip{"SKIP: "};
        const std::string_view text{data.m_string.c_str()};
        if (text.starts_with(skip)) {
            const std::scoped_lock hold{mutex_};
            skipped_ = " # SKIP " + std::string{text.substr(skip.size())};
            return;
        }
        explain(data.m_file, data.m_line, data.m_string.c_str());
    }

    void test_case_skipped(const doctest::TestCaseData& /*data*/) override {}

private:
    /// Several threads may fail at once.
    void explain(const char* file, long line, const std::string& text) {
        const std::scoped_lock hold{mutex_};
        detail(std::string{file} + ':' + std::to_string(line) + ": " + text, "  # ");
        if (!subcases_.empty()) {
            detail("in" + subcases_, "  #     ");
        }
        const auto* const* contexts = get_active_contexts();
        for (int index = 0; index < get_num_active_contexts(); ++index) {
            std::ostringstream said;
            contexts[index]->stringify(&said);
            detail(said.str(), "  #     ");
        }
    }

    /// Text of several lines stays TAP: each has a prefix, all but the first are indented.
    void detail(std::string_view text, std::string_view prefix) {
        details_ += prefix;
        for (const char letter : text) {
            details_ += letter;
            details_ += letter == '\n' ? "  #     " : "";
        }
        details_ += '\n';
    }

    std::ostream& out_;
    std::mutex mutex_;
    const doctest::TestCaseData* case_ = nullptr; ///< from a case's start to its end
    std::string subcases_;
    std::string details_; ///< guarded by mutex_ while a case runs
    std::string skipped_; ///< the same
    int count_ = 0;
    bool crashed_ = false;
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
