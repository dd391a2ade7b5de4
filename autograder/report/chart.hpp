// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Charts as SVG inside a page. Colours come from the page's style, so that they follow light and
/// dark.
/// Always holds: a chart says its numbers in text, too.
/// Read next: class_page.hpp.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace grade {

struct ChartColumn {
    std::string label; ///< below it; empty for none
    std::size_t count;
};

/// Columns side by side, with their counts on top.
/// @param axis what the labels are, below all of them
[[nodiscard]] std::string histogram(std::span<const ChartColumn> columns, std::string_view axis,
                                    std::string_view description);

/// A bar that is filled by a share from 0 to 1, green, amber or red.
[[nodiscard]] std::string meter(double share);

/// "73 %"
[[nodiscard]] std::string percent(double share);

} // namespace grade
