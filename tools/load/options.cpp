// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See options.hpp.
/// @stage{none}
#include "tools/load/options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <map>
#include <vector>

namespace load {

namespace {

constexpr unsigned most_connections = 4096;

void add_what(CLI::App& app, Options& options) {
    static const std::map<std::string, Mode> modes = {{"echo", Mode::echo}, {"http", Mode::http}};
    app.add_option("host", options.host, "the server's name or address")->required();
    app.add_option("port", options.port, "its port")->required()->check(CLI::Range(1, 65535));
    app.add_option("--mode", options.mode, "echo (default) or http")
        ->transform(CLI::CheckedTransformer(modes));
    app.add_option("--size", options.size, "bytes of an echo request (default: 64)")
        ->check(CLI::Range(1, 1 << 20));
    app.add_option("--path", options.path, "what HTTP asks for (default: /)");
    app.add_option("--status", options.status, "what HTTP must answer (default: 200)")
        ->check(CLI::Range(100, 599));
    app.add_flag("!--any-body", options.same_body, "HTTP answers may differ from the first one");
    app.add_option("--seed", options.seed, "of payloads and bad clients (default: 1)");
}

void add_how_much(CLI::App& app, Options& options) {
    app.add_option("--connections", options.connections, "how many (default: 1)")
        ->check(CLI::Range(1U, most_connections));
    auto* requests = app.add_option("--requests", options.requests, "of all connections together")
                         ->check(CLI::PositiveNumber);
    app.add_option("--seconds", options.seconds, "how long (default: 10)")
        ->check(CLI::PositiveNumber)
        ->excludes(requests);
    app.add_option("--depth", options.depth, "requests in flight on a connection (default: 1)")
        ->check(CLI::Range(1, 1024));
    app.add_option("--reconnect", options.reconnect, "requests before a new connection (0: never)")
        ->check(CLI::NonNegativeNumber);
    app.add_option("--threads", options.threads, "that drive connections (default: 1)")
        ->check(CLI::Range(1, 64));
    app.add_option("--ramp", options.ramp, "connections opened at the same time (default: 1)")
        ->check(CLI::Range(1U, most_connections));
    app.add_option("--timeout", options.timeout, "seconds that an answer may take (default: 10)")
        ->check(CLI::PositiveNumber);
}

void add_output(CLI::App& app, Options& options) {
    app.add_option("--json", options.json, "writes all figures to this file");
    app.add_flag("--quiet", options.quiet, "says nothing unless something is wrong");
    app.add_flag("--progress", options.progress, "a line a second, even without a terminal");
}

/// KIND or KIND:N, which adds N bad clients. Gives what is wrong with the text.
std::string add_misbehaving(const std::string& text, Options& options) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    const auto* const found =
        std::ranges::find(kind_names, std::string_view(text).substr(0, colon));
    if (found == kind_names.end())
        return text + ": one of slow, half, reset, garbage, flood, and a number behind a colon";
    unsigned count = 1;
    if (colon < text.size()) {
        const char* const end = text.data() + text.size();
        const auto read = std::from_chars(text.data() + colon + 1, end, count);
        if (read.ec != std::errc{} || read.ptr != end || count > most_connections)
            return text + ": the number is not one from 0 to 4096";
    }
    options.misbehaving.at(static_cast<std::size_t>(found - kind_names.begin())) += count;
    return {};
}

} // namespace

std::expected<Options, NoOptions> parse(int argc, const char* const* argv) {
    Options options;
    std::vector<std::string> misbehaving;
    CLI::App app("Loads a TCP server and verifies every byte of every answer.", "rel4-load");
    app.footer("Exit status: 0 all was right, 1 something was not, 2 wrong arguments, "
               "130 interrupted.");
    add_what(app, options);
    add_how_much(app, options);
    app.add_option("--misbehave", misbehaving,
                   "KIND[:N],... adds bad clients: slow, half, reset, garbage, flood")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->each([&](const std::string& text) {
            const std::string problem = add_misbehaving(text, options);
            if (!problem.empty())
                throw CLI::ValidationError("--misbehave", problem);
        });
    add_output(app, options);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return std::unexpected(NoOptions{app.exit(error) == 0 ? 0 : 2});
    }
    options.threads = std::min(options.threads, options.connections);
    return options;
}

} // namespace load
