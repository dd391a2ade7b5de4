// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// An index from fingerprint to submissions gives the pairs that have any in common; only pairs
/// that are told are then laid side by side.
#include "autograder/similarity/similarity.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

namespace grade {

namespace {

struct Print : Fingerprint {
    std::size_t body;
};

using Prints = std::vector<Print>;
using Index = std::unordered_map<std::uint64_t, std::vector<std::size_t>>;

Prints prints_of(std::span<const SourceBody> bodies, const Winnowing& winnowing) {
    Prints prints;
    for (std::size_t body = 0; body < bodies.size(); ++body) {
        for (const Fingerprint& print :
             fingerprints(bodies[body].text, bodies[body].language, winnowing)) {
            prints.push_back({print, body});
        }
    }
    return prints;
}

/// Submissions in order, each once.
Index index_of(std::span<const Prints> all) {
    Index index;
    for (std::size_t submission = 0; submission < all.size(); ++submission) {
        for (const Print& print : all[submission]) {
            auto& owners = index[print.hash];
            if (owners.empty() || owners.back() != submission) {
                owners.push_back(submission);
            }
        }
    }
    return index;
}

void leave_out_common(std::vector<Prints>& all, std::span<const SourceBody> known,
                      const SimilarityOptions& options) {
    std::unordered_set<std::uint64_t> common;
    // Not winnowed: a fingerprint of a submission may be any gram of what is known.
    for (const Print& print : prints_of(known, {options.winnowing.gram, 1})) {
        common.insert(print.hash);
    }
    const auto many = static_cast<std::size_t>(options.common * static_cast<double>(all.size()));
    for (const auto& [hash, owners] : index_of(all)) {
        if (owners.size() > std::max(many, options.common_least)) {
            common.insert(hash);
        }
    }
    for (Prints& prints : all) {
        std::erase_if(prints, [&](const Print& print) { return common.contains(print.hash); });
    }
}

std::size_t count_common(const Prints& prints, const Prints& others) {
    std::unordered_set<std::uint64_t> hashes;
    for (const Print& print : others) {
        hashes.insert(print.hash);
    }
    return static_cast<std::size_t>(std::ranges::count_if(
        prints, [&](const Print& print) { return hashes.contains(print.hash); }));
}

/// A common fingerprint, or several that follow each other on both sides.
struct Stretch {
    Print first;
    Print first_other;
    Print last;
    Print last_other;
};

/// Pairs of equal fingerprints, those together that lie on one diagonal of the two texts. What is
/// there over and over is paired with its first few places only, or a text made for it would take
/// for ever.
std::vector<Stretch> seeds_of(const Prints& one, const Prints& other) {
    constexpr std::size_t most_places = 8;
    std::unordered_map<std::uint64_t, std::vector<const Print*>> places;
    for (const Print& print : other) {
        auto& list = places[print.hash];
        if (list.size() < most_places) {
            list.push_back(&print);
        }
    }
    std::vector<Stretch> seeds;
    for (const Print& print : one) {
        for (const Print* const place : places[print.hash]) {
            seeds.push_back({print, *place, print, *place});
        }
    }
    std::ranges::sort(seeds, {}, [](const Stretch& seed) {
        return std::tuple(seed.first.body, seed.first_other.body,
                          seed.first.token - seed.first_other.token, seed.first.token);
    });
    return seeds;
}

bool follows(const Stretch& stretch, const Stretch& seed, std::size_t reach) {
    return stretch.last.body == seed.first.body &&
           stretch.last_other.body == seed.first_other.body &&
           seed.first.token - stretch.last.token ==
               seed.first_other.token - stretch.last_other.token &&
           seed.first.token - stretch.last.token <= reach;
}

bool overlap(const CommonText::Place& one, const CommonText::Place& other) {
    return one.body == other.body && one.begin < other.end && other.begin < one.end;
}

std::vector<Stretch> stretches_of(const Prints& one, const Prints& other,
                                  const Winnowing& winnowing) {
    std::vector<Stretch> stretches;
    for (const Stretch& seed : seeds_of(one, other)) {
        if (!stretches.empty() &&
            follows(stretches.back(), seed, winnowing.gram + winnowing.window)) {
            stretches.back().last = seed.last;
            stretches.back().last_other = seed.last_other;
        } else {
            stretches.push_back(seed);
        }
    }
    std::ranges::sort(stretches, [](const Stretch& a, const Stretch& b) {
        const std::size_t length_a = a.last.token - a.first.token;
        const std::size_t length_b = b.last.token - b.first.token;
        return std::tie(length_b, a.first.body, a.first.token, a.first_other.token) <
               std::tie(length_a, b.first.body, b.first.token, b.first_other.token);
    });
    return stretches;
}

/// The longest stretches that do not overlap on either side, as many as anybody looks at.
std::vector<CommonText> matches_of(const Prints& one, const Prints& other,
                                   const Winnowing& winnowing) {
    constexpr std::size_t most_matches = 500;
    std::vector<CommonText> matches;
    for (const Stretch& stretch : stretches_of(one, other, winnowing)) {
        const CommonText match{
            {stretch.first.body, stretch.first.begin, stretch.last.end},
            {stretch.first_other.body, stretch.first_other.begin, stretch.last_other.end}};
        const bool is_free = std::ranges::none_of(matches, [&](const CommonText& taken) {
            return overlap(taken.one, match.one) || overlap(taken.other, match.other);
        });
        if (is_free && matches.size() < most_matches) {
            matches.push_back(match);
        }
    }
    std::ranges::sort(matches, {}, [](const CommonText& match) {
        return std::tuple(match.one.body, match.one.begin);
    });
    return matches;
}

std::map<std::pair<std::size_t, std::size_t>, std::size_t> pairs_in(const Index& index) {
    std::map<std::pair<std::size_t, std::size_t>, std::size_t> pairs;
    for (const auto& [hash, owners] : index) {
        for (std::size_t one = 0; one < owners.size(); ++one) {
            for (std::size_t other = one + 1; other < owners.size(); ++other) {
                pairs[{owners[one], owners[other]}] += 1;
            }
        }
    }
    return pairs;
}

} // namespace

Similarity compare_sources(std::vector<SubmissionSources> sources,
                           std::span<const SourceBody> known, const SimilarityOptions& options) {
    Similarity similarity{std::move(sources), {}, {}, options};
    std::vector<Prints> all;
    all.reserve(similarity.sources.size());
    for (const SubmissionSources& one : similarity.sources) {
        all.push_back(prints_of(one.bodies, options.winnowing));
    }
    leave_out_common(all, known, options);
    for (const Prints& prints : all) {
        similarity.sizes.push_back(prints.size());
    }
    for (const auto& [owners, count] : pairs_in(index_of(all))) {
        if (count < options.fewest) {
            continue;
        }
        const auto& [one, other] = owners;
        SimilarPair pair{
            one, other, count_common(all[one], all[other]), count_common(all[other], all[one]), 0,
            0,   {}};
        pair.share_one =
            static_cast<double>(pair.common_one) / static_cast<double>(all[one].size());
        pair.share_other =
            static_cast<double>(pair.common_other) / static_cast<double>(all[other].size());
        if (pair.share() >= options.threshold) {
            pair.matches = matches_of(all[one], all[other], options.winnowing);
            similarity.pairs.push_back(std::move(pair));
        }
    }
    std::ranges::sort(similarity.pairs, [](const SimilarPair& a, const SimilarPair& b) {
        return std::tuple(b.share(), a.one, a.other) < std::tuple(a.share(), b.one, b.other);
    });
    return similarity;
}

} // namespace grade
