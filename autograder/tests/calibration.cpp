// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What bands are made of measurements, which are left as they are, and how they are written.
#include "autograder/check/calibration.hpp"

#include "autograder/run/compiler.hpp"

#include <doctest/doctest.h>

namespace {

using namespace grade;

const std::string bands_file =
    "# Head.\n\n[llvm-19.speed]\nfull = 4000 # counted\nnone = 15500\n\n# Of "
    "another.\n[gnu-13.speed]\nfull = 10\nnone = 20\n";

} // namespace

TEST_CASE("calibrate: the reference has all points, the straightforward design 60 %") {
    for (const Measured& measured :
         {Measured{3641, 8600}, Measured{11, 70}, Measured{500000, 722200}}) {
        const Band band = make_band(measured, {});
        CHECK(band.part(measured.reference) == 1);
        CHECK(band.part(*measured.straightforward) == doctest::Approx(0.6).epsilon(0.02));
        CHECK(fits(band, measured));
    }
}

TEST_CASE("calibrate: without a straightforward design points reach as far as with the other one") {
    CHECK(make_band({100, {}}, Band{10, 40}).none == 440);
    CHECK(make_band({100, {}}, {}).none == 440);
    CHECK(make_band({100, 90}, Band{10, 20}).none == 220); // as fast as the reference
}

TEST_CASE("calibrate: a band is left alone while it gives what it should") {
    CHECK(fits({4000, 15500}, {3700, 8600}));
    CHECK(fits({4000, 15500}, {3700, {}}));
    CHECK_FALSE(fits({4000, 15500}, {4001, 8600}));
    CHECK_FALSE(fits({4000, 15500}, {2000, {}}));
    CHECK_FALSE(fits({4000, 15500}, {3700, 12000}));
    CHECK(fits({12, 160}, {9, {}}));
}

TEST_CASE("calibrate: one band is changed in its file, and nothing else") {
    const std::string changed = with_band(bands_file, "llvm-19", "speed", {5, 6});
    std::string expected = bands_file;
    expected.replace(expected.find("4000"), 4, "5");
    expected.replace(expected.find("15500"), 5, "6");
    CHECK(changed == expected);
    CHECK(with_band(bands_file, "gnu-14", "speed", {7, 8}) ==
          bands_file + "\n[gnu-14.speed]\nfull = 7\nnone = 8\n");
    const std::string fresh = with_band("", "llvm-19", "speed", {1, 2});
    CHECK(fresh.starts_with("# SPDX"));
    Problems problems;
    const SourceTree tree({{"labs/1-a/bands.toml", fresh, false}});
    const auto read = Bands::read(tree, "labs/1-a", "llvm-19", problems).find("speed");
    REQUIRE(read.has_value());
    CHECK(read->full == 1);
    CHECK(read->none == 2);
    CHECK(any_band(tree, "labs/1-a", "speed", problems)->none == 2);
    CHECK_FALSE(any_band(tree, "labs/1-a", "other", problems).has_value());
    CHECK(problems.empty());
}

TEST_CASE("calibrate: bands are called by the compiler's first number") {
    CHECK(Compiler{"llvm", "19.1.7"}.bands() == "llvm-19");
    CHECK(Compiler{"gnu", "13.2.0"}.text() == "gnu 13.2.0");
    CHECK(Compiler{"gnu", ""}.bands() == "gnu-"); // of which there are none
    CHECK(find_compiler("llvm").bands() == "llvm-19");
}
