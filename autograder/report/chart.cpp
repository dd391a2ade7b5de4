// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A chart is 400 units wide, about the width of a phone, so that its text is readable there.
#include "autograder/report/chart.hpp"

#include "autograder/report/html.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/core.h>

namespace grade {

namespace {

constexpr double width = 400;
constexpr double top = 18;
constexpr double floor_line = 150;
constexpr double height = 192;

std::string column_of(const ChartColumn& column, double left, double step, std::size_t most) {
    const double share =
        most == 0 ? 0 : static_cast<double>(column.count) / static_cast<double>(most);
    const double rise = share * (floor_line - top);
    std::string out;
    if (column.count > 0) {
        out += fmt::format("<rect class=\"bar\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" "
                           "height=\"{:.1f}\" rx=\"1.5\"/>",
                           left + step * 0.1, floor_line - rise, step * 0.8, rise);
        out += fmt::format("<text class=\"count\" x=\"{:.1f}\" y=\"{:.1f}\" "
                           "text-anchor=\"middle\">{}</text>",
                           left + step / 2, floor_line - rise - 4, column.count);
    }
    out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n",
                       left + step / 2, floor_line + 15, escape(column.label));
    return out;
}

} // namespace

std::string histogram(std::span<const ChartColumn> columns, std::string_view axis,
                      std::string_view description) {
    const auto most = std::ranges::max_element(columns, {}, &ChartColumn::count);
    const double step = width / static_cast<double>(std::max<std::size_t>(columns.size(), 1));
    std::string out =
        fmt::format("<svg class=\"chart\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n",
                    width, height, escape(description));
    for (std::size_t index = 0; index < columns.size(); ++index) {
        out += column_of(columns[index], step * static_cast<double>(index), step, most->count);
    }
    out += fmt::format("<line x1=\"0\" y1=\"{0}\" x2=\"{1}\" y2=\"{0}\"/>\n", floor_line, width);
    out += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n</svg>\n",
                       width / 2, height - 8, escape(axis));
    return out;
}

std::string percent(double share) { return fmt::format("{:.0f} %", 100 * share); }

std::string meter(double share) {
    const double filled = std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : 0;
    const std::string_view kind = filled >= 0.8 ? "full" : filled >= 0.5 ? "some" : "none";
    return fmt::format("<svg class=\"meter\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" "
                       "role=\"img\" aria-label=\"{0}\"><rect class=\"rest\" width=\"100\" "
                       "height=\"10\"/><rect class=\"{1}\" width=\"{2:.1f}\" height=\"10\"/></svg>",
                       percent(filled), kind, 100 * filled);
}

} // namespace grade
