// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See protocol.hpp.
/// @stage{none}
#include "tools/load/protocol.hpp"

#include "tools/load/echo.hpp"
#include "tools/load/http.hpp"

namespace load {

std::unique_ptr<Protocol> make_protocol(const Options& options, unsigned connection,
                                        Reference* reference) {
    if (options.mode == Mode::http)
        return std::make_unique<Http>(options, reference);
    return std::make_unique<Echo>(options.size, options.seed, connection);
}

} // namespace load
