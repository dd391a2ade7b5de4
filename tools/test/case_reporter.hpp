// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A reporter of doctest that collects why each case failed; a class that derives from it tells it.
/// A failure is lines of text: `file:line: CHECK( expression )`, the values that it had, and,
/// indented, what INFO and CAPTURE said.
/// Read next: doctest_tap.cpp.
#pragma once

#include <doctest/doctest.h>
#include <mutex>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

class CaseReporter : public doctest::IReporter {
public:
    explicit CaseReporter(const doctest::ContextOptions& options) : out_(*options.cout) {}

    void report_query(const doctest::QueryData& /*data*/) override {}

    void test_case_start(const doctest::TestCaseData& data) override {
        case_ = &data;
        details_.clear();
        skipped_.clear();
        subcases_.clear();
    }

    void test_case_reenter(const doctest::TestCaseData& /*data*/) override { subcases_.clear(); }

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
            skipped_ = text.substr(skip.size());
            return;
        }
        explain(data.m_file, data.m_line, data.m_string.c_str());
    }

    void test_case_skipped(const doctest::TestCaseData& /*data*/) override {}

protected:
    std::ostream& out_;
    const doctest::TestCaseData* case_ = nullptr; ///< from a case's start to its end
    std::vector<std::string> details_;            ///< guarded by mutex_ while a case runs
    std::string skipped_; ///< why the case cannot be run here; guarded likewise
    bool crashed_ = false;

private:
    /// Several threads may fail at once.
    void explain(const char* file, long line, const std::string& text) {
        const std::scoped_lock hold{mutex_};
        detail(std::string{file} + ':' + std::to_string(line) + ": " + text);
        if (!subcases_.empty()) {
            detail("    in" + subcases_);
        }
        const auto* const* contexts = get_active_contexts();
        for (int index = 0; index < get_num_active_contexts(); ++index) {
            std::ostringstream said;
            contexts[index]->stringify(&said);
            detail("    " + said.str());
        }
    }

    /// All lines of a text but the first are indented.
    void detail(std::string_view text) {
        std::string line;
        for (const char letter : text) {
            if (letter == '\n') {
                details_.push_back(std::exchange(line, "    "));
            } else {
                line += letter;
            }
        }
        details_.push_back(line);
    }

    std::mutex mutex_;
    std::string subcases_;
};
