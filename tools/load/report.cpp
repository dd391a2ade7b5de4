// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See report.hpp.
/// @stage{none}
#include "tools/load/report.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

namespace load {

namespace {

struct Share {
    std::string_view title;
    std::string_view key;
    double share;
};
constexpr Share shares[] = {
    {"50%", "p50", 0.5}, {"90%", "p90", 0.9}, {"99%", "p99", 0.99}, {"99.9%", "p99_9", 0.999}};

std::string_view mode_name(Mode mode) { return mode == Mode::echo ? "echo" : "http"; }

double microseconds(std::uint64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1e3; }

double per_second(const Result& result) {
    return result.seconds == 0 ? 0
                               : static_cast<double>(result.statistics.answers) / result.seconds;
}

std::string latency_text(const Histogram& times) {
    std::string text =
        fmt::format("min {:.1f}, mean {:.1f}", microseconds(times.min()), times.mean() / 1e3);
    for (const Share& share : shares)
        text +=
            fmt::format(", {} {:.1f}", share.title, microseconds(times.percentile(share.share)));
    return text + fmt::format(", max {:.1f}", microseconds(times.max()));
}

std::string latency_json(const Histogram& times) {
    std::string text = fmt::format(R"({{"count":{},"min":{:.3f},"mean":{:.3f})", times.count(),
                                   microseconds(times.min()), times.mean() / 1e3);
    for (const Share& share : shares)
        text +=
            fmt::format(R"(,"{}":{:.3f})", share.key, microseconds(times.percentile(share.share)));
    return text + fmt::format(R"(,"max":{:.3f}}})", microseconds(times.max()));
}

std::string errors_text(const Statistics& statistics) {
    std::string text = fmt::format("{}", statistics.error_count());
    for (std::size_t i = 0; i < error_names.size(); i++)
        text += fmt::format("{}{} {}", i == 0 ? ": " : ", ", error_names.at(i),
                            statistics.errors.at(i));
    return text;
}

std::string misbehaved_text(const Misbehaved& counts) {
    return fmt::format(
        "opened {}, not opened {}, ended by the server {}, bytes sent {}, received {}",
        counts.opened, counts.failed, counts.ended, counts.sent, counts.received);
}

/// As JSON writes it.
std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            result += fmt::format("\\{}", c);
        else if (static_cast<unsigned char>(c) < ' ')
            result += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        else
            result += c;
    }
    return result + '"';
}

std::string options_json(const Options& options) {
    return fmt::format(R"({{"host":{},"port":{},"mode":"{}","connections":{},"requests":{},)"
                       R"("seconds":{},"size":{},"path":{},"depth":{},"reconnect":{},)"
                       R"("threads":{},"ramp":{},"timeout":{},"seed":{}}})",
                       quoted(options.host), options.port, mode_name(options.mode),
                       options.connections, options.requests, options.seconds, options.size,
                       quoted(options.path), options.depth, options.reconnect, options.threads,
                       options.ramp, options.timeout, options.seed);
}

std::string errors_json(const Statistics& statistics) {
    std::string text = fmt::format(R"({{"all":{})", statistics.error_count());
    for (std::size_t i = 0; i < error_names.size(); i++)
        text += fmt::format(R"(,"{}":{})", error_names.at(i), statistics.errors.at(i));
    text += R"(,"first":{)";
    std::string_view separator;
    for (std::size_t i = 0; i < error_names.size(); i++) {
        if (statistics.first.at(i).empty())
            continue;
        text += fmt::format(R"({}"{}":{})", separator, error_names.at(i),
                            quoted(statistics.first.at(i)));
        separator = ",";
    }
    return text + "}}";
}

std::string misbehaved_json(const Options& options, const Statistics& statistics) {
    std::string text = "{";
    std::string_view separator;
    for (std::size_t i = 0; i < kind_names.size(); i++) {
        if (options.misbehaving.at(i) == 0)
            continue;
        const Misbehaved& counts = statistics.misbehaved.at(i);
        text += fmt::format(R"({}"{}":{{"clients":{},"opened":{},"failed":{},"ended":{},)"
                            R"("sent":{},"received":{}}})",
                            separator, kind_names.at(i), options.misbehaving.at(i), counts.opened,
                            counts.failed, counts.ended, counts.sent, counts.received);
        separator = ",";
    }
    return text + "}";
}

} // namespace

std::string table(const Options& options, const Result& result) {
    const Statistics& statistics = result.statistics;
    std::string text;
    const auto line = [&](std::string_view name, std::string_view value) {
        fmt::format_to(std::back_inserter(text), "{:<14} {}\n", name, value);
    };
    const std::string what = options.mode == Mode::echo
                                 ? fmt::format("echo of {} bytes", options.size)
                                 : fmt::format("HTTP, {}", options.path);
    line("server", fmt::format("{} port {}, {}", options.host, options.port, what));
    line("connections", fmt::format("{} at a time, {} in all, depth {}", options.connections,
                                    statistics.opening.count(), options.depth));
    line("requests", fmt::format("{} in {:.2f} s, {} answered", statistics.requests, result.seconds,
                                 statistics.answers));
    line("rate", fmt::format("{:.0f} requests/s", per_second(result)));
    line("errors", errors_text(statistics));
    line("latency, us", latency_text(statistics.latency));
    line("opening, us", latency_text(statistics.opening));
    line("bytes", fmt::format("{} sent, {} received", statistics.sent, statistics.received));
    for (std::size_t i = 0; i < kind_names.size(); i++)
        if (options.misbehaving.at(i) != 0)
            line(fmt::format("{} clients", kind_names.at(i)),
                 misbehaved_text(statistics.misbehaved.at(i)));
    return text;
}

std::string json(const Options& options, const Result& result) {
    const Statistics& statistics = result.statistics;
    return fmt::format(R"({{"options":{},)"
                       "\n"
                       R"("good":{},"interrupted":{},"seconds":{:.6f},)"
                       "\n"
                       R"("requests":{},"answers":{},"requests_per_second":{:.1f},)"
                       "\n"
                       R"("errors":{},)"
                       "\n"
                       R"("latency_us":{},)"
                       "\n"
                       R"("opening_us":{},)"
                       "\n"
                       R"("bytes_sent":{},"bytes_received":{},)"
                       "\n"
                       R"("misbehaving":{}}})"
                       "\n",
                       options_json(options), result.is_good(), result.interrupted, result.seconds,
                       statistics.requests, statistics.answers, per_second(result),
                       errors_json(statistics), latency_json(statistics.latency),
                       latency_json(statistics.opening), statistics.sent, statistics.received,
                       misbehaved_json(options, statistics));
}

std::string sentence(const Result& result) {
    const Statistics& statistics = result.statistics;
    if (const std::uint64_t count = statistics.error_count(); count != 0) {
        const auto* const first =
            std::ranges::find_if(statistics.first, [](const auto& text) { return !text.empty(); });
        return fmt::format("{} {}, such as {}", count, count == 1 ? "error" : "errors", *first);
    }
    if (result.interrupted)
        return fmt::format("interrupted; the {} answers so far were right", statistics.answers);
    if (statistics.answers == 0)
        return "no request was answered";
    return fmt::format("all {} answers were right", statistics.answers);
}

} // namespace load
