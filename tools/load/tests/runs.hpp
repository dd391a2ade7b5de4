// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Whole runs against a server inside this program, with options that a busy machine can keep.
/// @stage{none}
#pragma once

#include "tools/load/session.hpp"
#include "tools/load/tests/server.hpp"

namespace load::tests {

inline Options options_for(std::uint16_t port, unsigned connections = 1,
                           std::uint64_t requests = 10) {
    Options options;
    options.host = "127.0.0.1";
    options.port = port;
    options.connections = connections;
    options.requests = requests;
    options.timeout = 20;
    return options;
}

inline Result run(const Options& options) {
    const Event never;
    return perform(options, never, {});
}

inline Result run_against(const Server::Serve& serve, Options options) {
    const Server server(serve);
    options.port = server.port();
    return run(options);
}

} // namespace load::tests
