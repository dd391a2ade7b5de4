// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Memory and capabilities that no fuzzer can reach, and whether they are as they were.
/// @stage{none}
#pragma once

#include "user/lib/program.hpp"

namespace fuzz {

using abi::CPtr;
using abi::Word;

class Canary {
public:
    /// False if it cannot be made.
    bool create();

    /// Null, or what has changed.
    [[nodiscard]] const char* changed() const;

private:
    static constexpr unsigned pages = 4;
    static constexpr unsigned caps = 16;

    CPtr frames_[pages] = {};
    Word addresses_[pages] = {};
    Word physical_[pages] = {};
    CPtr notification_ = 0;
    CPtr first_cap_ = 0; ///< capabilities to the notification, each with a badge of its own
};

} // namespace fuzz
