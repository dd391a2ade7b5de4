// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Numbers that look drawn by chance, the same for the same seed.
#pragma once

#include "kernel/abi/types.hpp"
#include "labs/lib/host.hpp"

#include <random>
#include <string_view>

class Draw {
public:
    /// Less than `end`.
    abi::Word below(abi::Word end) { return engine_() % end; }
    /// Text of so many bytes, of any kind.
    std::string bytes(size_t length) {
        std::string text;
        while (text.size() < length)
            text += static_cast<char>(engine_());
        return text;
    }

private:
    std::mt19937_64 engine_{lab::seed()};
};
