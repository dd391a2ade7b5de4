// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Numbers with decimals, as text.
/// @stage{none}
#include "user/bench/async.hpp"

namespace bench {

namespace {

/// A number of `scale` parts of one.
class Decimal {
public:
    explicit Decimal(Word value) {
        length_ = sizeof text_;
        for (Word rest = value, unit = 1; unit <= scale || rest != 0; unit *= 10, rest /= 10) {
            if (unit == scale)
                text_[--length_] = '.';
            text_[--length_] = static_cast<char>('0' + rest % 10);
        }
    }
    [[nodiscard]] std::string_view text() const {
        return {text_ + length_, sizeof text_ - length_};
    }

private:
    char text_[32];
    size_t length_; ///< of what is not used, before the text
};

} // namespace

unsigned next_interval() {
    static constinit unsigned next = 0;
    return next++;
}

void tell(const Told& what, const Machine& machine, Series& series) {
    console::Line config;
    if (what.concurrency != 0) {
        config.add(" concurrency=");
        config.add(what.concurrency);
    }
    if (what.load >= 0) {
        config.add(" load=");
        config.add(what.load);
    }
    if (what.where != nullptr) {
        config.add(" server=");
        config.add(what.where);
    }
    Samples& samples = series.samples;
    println("figure ", what.name, " value=", Decimal(samples.median()).text(),
            " least=", Decimal(samples.least()).text(),
            " greatest=", Decimal(samples.greatest()).text(), " samples=", samples.count(),
            " unit=", machine.several() ? "twins" : "instructions",
            " operations=", series.operations, " interval=", series.interval,
            " harts=", machine.harts, config.text());
}

} // namespace bench
