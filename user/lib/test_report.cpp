// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The two ways to tell results.
/// @stage{1}
#include "user/lib/test_report.hpp"

#include "labs/lib/protocol.hpp"
#include "user/lib/boot_info.hpp"

#include <optional>

namespace test::report {

namespace {

constinit std::optional<lab::Transcript> transcript;

void tap_result(const Descriptor& test, unsigned number, bool passed,
                std::span<const console::Line> failures, const char* skipped) {
    if (skipped != nullptr)
        println("ok ", number, " - ", test.name, " # SKIP ", skipped);
    else
        println(passed ? "ok " : "not ok ", number, " - ", test.name);
    for (const console::Line& line : failures)
        console::write(line.text());
}

} // namespace

void start() {
    constexpr std::string_view name = "nonce=";
    std::string_view arguments = user::boot_arguments();
    if (const size_t at = arguments.find(name); at != arguments.npos) {
        arguments.remove_prefix(at + name.size());
        if (const auto nonce = lab::read_nonce(arguments))
            transcript.emplace(*nonce, console::write);
    }
    if (!transcript)
        println("TAP version 13");
}

void begin(const Descriptor& test, unsigned number) {
    if (transcript)
        transcript->begin(lab::id_of(test.name));
    else
        println("# ", number, ' ', test.name);
}

void result(const Descriptor& test, unsigned number, bool passed,
            std::span<const console::Line> failures, const char* skipped) {
    if (!transcript)
        return tap_result(test, number, passed, failures, skipped);
    constexpr std::string_view mark = "  # ";
    for (const console::Line& line : failures) {
        std::string_view text = line.text();
        text.remove_prefix(mark.size());
        if (text.ends_with('\n'))
            text.remove_suffix(1);
        transcript->message(text);
    }
    if (skipped != nullptr)
        transcript->message(skipped);
    transcript->verdict(lab::id_of(test.name), passed && skipped == nullptr);
}

void value(const Descriptor& test, Word number) {
    if (transcript)
        transcript->value(lab::id_of(test.name), number);
    else
        println("# value ", number);
}

void end(unsigned count) {
    if (transcript)
        transcript->end();
    else
        println("1..", count);
}

} // namespace test::report
