// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// An address for the machine as people write it on its command line:
///
///     net=10.0.2.15/24,10.0.2.2
///         address / bits of the network's part , way out, which may be left out
///
/// Nothing half right is accepted. Read next: start.cpp.
/// @stage{7}
#pragma once

#include <optional>
#include <stdint.h>
#include <string_view>

namespace netsrv {

struct FixedAddress {
    uint32_t address = 0;
    uint32_t mask = 0;
    uint32_t gateway = 0; ///< 0: there is none
    bool operator==(const FixedAddress&) const = default;
};

/// What stands behind `net=`; empty if there is nothing.
std::string_view address_in(std::string_view command_line);

/// Null if that is no such text.
std::optional<FixedAddress> parse_address(std::string_view text);

} // namespace netsrv
