// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Which submissions of a class have more in common than the task explains. What the starter or the
/// reference has is left out, and so is what many of the class have.
/// Always holds: it says what is alike, never why. Two people who solve the same small exercise
/// well write the same few tokens; a pair is a reason to look and nothing more.
/// Read next: fingerprints.hpp.
#pragma once

#include "autograder/similarity/fingerprints.hpp"

#include <span>
#include <string>
#include <vector>

namespace grade {

/// What one wrote in one place: the body of an exercise, or the helpers of a file.
struct SourceBody {
    std::string name; ///< "kernel/cap/mdb.cpp: mdb::insert"
    std::string text;
    Language language = Language::c_like;
};

struct SubmissionSources {
    std::string id;
    std::vector<SourceBody> bodies;
};

struct SimilarityOptions {
    Winnowing winnowing;
    double common = 0.25;         ///< what more than this share of the class has is left out,
    std::size_t common_least = 3; ///< but only if so many have it
    double threshold = 0.5;       ///< of the greater share: pairs below it are not told
    std::size_t fewest = 4;       ///< common fingerprints of a pair
    std::size_t short_text = 20;  ///< fingerprints below which little can be said
};

/// A stretch of text that both have.
struct CommonText {
    struct Place {
        std::size_t body;
        std::size_t begin; ///< bytes of its text
        std::size_t end;
    };
    Place one;
    Place other;
};

struct SimilarPair {
    std::size_t one; ///< index of `Similarity::sources`, less than `other`
    std::size_t other;
    std::size_t common_one; ///< fingerprints of it that the other has, too
    std::size_t common_other;
    double share_one; ///< of its fingerprints
    double share_other;
    std::vector<CommonText> matches;

    [[nodiscard]] double share() const { return share_one > share_other ? share_one : share_other; }
};

struct Similarity {
    std::vector<SubmissionSources> sources;
    std::vector<std::size_t> sizes; ///< fingerprints of each that are its own
    std::vector<SimilarPair> pairs; ///< greatest share first
    SimilarityOptions options;

    /// One of the two has too little text for its share to say much.
    [[nodiscard]] bool is_short(const SimilarPair& pair) const {
        return sizes[pair.one] < options.short_text || sizes[pair.other] < options.short_text;
    }
};

/// @param known bodies of the starter and of the reference
[[nodiscard]] Similarity compare_sources(std::vector<SubmissionSources> sources,
                                         std::span<const SourceBody> known,
                                         const SimilarityOptions& options = {});

} // namespace grade
