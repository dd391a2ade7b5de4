// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Fingerprints of source text by winnowing (Schleimer, Wilkerson, Aiken: "Winnowing: local
/// algorithms for document fingerprinting", SIGMOD 2003). Text is read as tokens in which every
/// name is the same symbol and every literal another; comments and layout are gone, keywords and
/// punctuation stay. Each run of `gram` tokens has a hash, and of every `window` hashes in a row
/// the least one is kept, so little is kept and yet: Always holds: a run of gram + window - 1
/// tokens that two texts share gives both a common fingerprint; renaming, comments and layout
/// change none. Read next: similarity.hpp.
#pragma once

#include "autograder/source/language.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace grade {

struct Winnowing {
    std::size_t gram = 9;
    std::size_t window = 6;
};

struct Fingerprint {
    std::uint64_t hash;
    std::size_t token; ///< number of its first token
    std::size_t begin; ///< bytes of the text that it covers
    std::size_t end;
};

/// In order of place. Text of fewer than `gram` tokens has none. In assembler names stay as they
/// are, for instructions are names there.
[[nodiscard]] std::vector<Fingerprint> fingerprints(std::string_view text, Language language,
                                                    const Winnowing& winnowing);

} // namespace grade
