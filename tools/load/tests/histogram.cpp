// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The histogram against sorted lists of the same values.
/// @stage{none}
#include "tools/load/histogram.hpp"

#include "tools/load/random.hpp"

#include <doctest/doctest.h>
#include <vector>

using load::Histogram;

namespace {

/// What the definition of a percentile gives.
std::uint64_t exact(const std::vector<std::uint64_t>& sorted, double share) {
    const auto rank =
        static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
    return sorted[rank == 0 ? 0 : rank - 1];
}

} // namespace

TEST_CASE("histogram: percentiles are at most 1/64 too large, over all scales") {
    load::Random random(7);
    for (unsigned scale = 1; scale <= 40; scale++) {
        Histogram histogram;
        std::vector<std::uint64_t> values;
        for (unsigned i = 0; i < 500; i++) {
            values.push_back(random.next() >> (64 - scale));
            histogram.record(values.back());
        }
        std::ranges::sort(values);
        for (const double share : {0.0, 0.01, 0.5, 0.9, 0.99, 0.999, 1.0}) {
            const std::uint64_t wanted = exact(values, share);
            const std::uint64_t got = histogram.percentile(share);
            CAPTURE(scale);
            CAPTURE(share);
            CHECK(got >= wanted);
            CHECK(got <= wanted + wanted / 64);
        }
        CHECK(histogram.min() == values.front());
        CHECK(histogram.max() == values.back());
        CHECK(histogram.percentile(1) == values.back());
    }
}

TEST_CASE("histogram: small values are exact, and so is the mean") {
    Histogram histogram;
    for (std::uint64_t value = 0; value < 128; value++)
        histogram.record(value);
    CHECK(histogram.percentile(0.5) == 63);
    CHECK(histogram.percentile(0.25) == 31);
    CHECK(histogram.mean() == doctest::Approx(63.5));
}

TEST_CASE("histogram: what is too long counts in the last bucket") {
    Histogram histogram;
    histogram.record(~std::uint64_t{0});
    histogram.record(std::uint64_t{1} << 40);
    CHECK(histogram.count() == 2);
    CHECK(histogram.max() == ~std::uint64_t{0});
}

TEST_CASE("histogram: two are as one of all values; an empty one changes nothing") {
    Histogram all;
    Histogram low;
    Histogram high;
    for (std::uint64_t value = 1; value <= 1000; value++) {
        all.record(value);
        (value <= 300 ? low : high).record(value);
    }
    high.merge(low);
    high.merge({});
    CHECK(high.count() == 1000);
    CHECK(high.min() == 1);
    CHECK(high.max() == 1000);
    CHECK(high.mean() == all.mean());
    CHECK(high.percentile(0.3) == all.percentile(0.3));
    CHECK(Histogram().percentile(0.5) == 0);
    CHECK(Histogram().min() == 0);
}
