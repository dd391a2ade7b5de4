// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Numbers are rounded to what people would write; files are changed line by line.
#include "autograder/check/calibration.hpp"

#include "autograder/source/language.hpp"
#include "autograder/source/toml.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/core.h>

namespace grade {

namespace {

constexpr double share = 0.6;      ///< of the points, for the straightforward design
constexpr double tolerance = 0.05; ///< of that share
/// The reference may become this much slower before it costs points, and a band is made tighter
/// only if it has more room than `most_room`.
constexpr double room = 1.1;
constexpr double most_room = 1.3;
constexpr std::uint64_t few = 4; ///< instructions that are no difference
constexpr std::uint64_t usual_reach = 4;

/// Up to two digits that mean something.
std::uint64_t rounded_up(double value) {
    double step = 1;
    while (value / step > 100) {
        step *= 10;
    }
    return static_cast<std::uint64_t>(std::ceil(value / step - 1e-9) * step);
}

struct Table {
    std::size_t begin; ///< of its head's line
    std::size_t end;   ///< where the next table begins
};

std::optional<Table> find_table(const std::vector<std::string>& lines, std::string_view name) {
    const auto is_head = [](const std::string& line) { return trim(line).starts_with('['); };
    const auto head = std::ranges::find_if(
        lines, [&](const std::string& line) { return trim(line) == fmt::format("[{}]", name); });
    if (head == lines.end()) {
        return std::nullopt;
    }
    const auto next = std::find_if(head + 1, lines.end(), is_head);
    return Table{static_cast<std::size_t>(head - lines.begin()),
                 static_cast<std::size_t>(next - lines.begin())};
}

void set(std::vector<std::string>& lines, const Table& table, std::string_view key,
         std::uint64_t value) {
    for (std::size_t at = table.begin + 1; at < table.end; ++at) {
        const std::string_view line = trim(lines[at]);
        const std::size_t comment = line.find('#');
        if (line.starts_with(key) && trim(line.substr(key.size())).starts_with('=')) {
            lines[at] =
                fmt::format("{} = {}{}", key, value,
                            comment == line.npos ? "" : fmt::format(" {}", line.substr(comment)));
            return;
        }
    }
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(table.begin) + 1,
                 fmt::format("{} = {}", key, value));
}

/// How often the text is there.
std::size_t count_of(std::string_view text, std::string_view part) {
    std::size_t count = 0;
    for (std::size_t at = part.empty() ? text.npos : text.find(part); at != text.npos;
         at = text.find(part, at + 1)) {
        ++count;
    }
    return count;
}

} // namespace

bool fits(const Band& band, const Measured& measured) {
    const double most = static_cast<double>(measured.reference) * most_room;
    if (measured.reference > band.full || static_cast<double>(band.full) > most + few) {
        return false;
    }
    return !measured.straightforward ||
           std::abs(band.part(*measured.straightforward) - share) <= tolerance;
}

Band make_band(const Measured& measured, std::optional<Band> other) {
    const std::uint64_t full = rounded_up(static_cast<double>(measured.reference) * room);
    double none = static_cast<double>(full * usual_reach);
    if (measured.straightforward && *measured.straightforward > full) {
        none = static_cast<double>(full) +
               static_cast<double>(*measured.straightforward - full) / (1 - share);
    } else if (other) {
        none = static_cast<double>(full) * static_cast<double>(other->none) /
               static_cast<double>(std::max<std::uint64_t>(other->full, 1));
    }
    return {full, std::max(static_cast<std::uint64_t>(std::llround(none)), full + 1)};
}

std::string with_band(std::string text, std::string_view compiler, std::string_view test,
                      const Band& band) {
    if (text.empty()) {
        text = "# SPDX-License-Identifier: BSD-2-Clause\n#\n# What measured values of the lab are "
               "worth. Read next: autograder/run/bands.hpp.\n";
    }
    const std::string name = fmt::format("{}.{}", compiler, test);
    std::vector<std::string> lines;
    for (const std::string_view line : split_lines(text)) {
        lines.emplace_back(line);
    }
    if (!find_table(lines, name)) {
        lines.insert(lines.end(), {"", fmt::format("[{}]", name), "full = 0", "none = 0"});
    }
    const auto put = [&](const char* key, std::uint64_t value) {
        if (const auto table = find_table(lines, name)) {
            set(lines, *table, key, value);
        }
    };
    put("full", band.full);
    put("none", band.none);
    std::string result;
    for (const std::string& line : lines) {
        result += line + "\n";
    }
    return result;
}

std::optional<Band> any_band(const SourceTree& tree, std::string_view lab_folder,
                             std::string_view test, Problems& problems) {
    const SourceFile* const file = tree.find(fmt::format("{}/bands.toml", lab_folder));
    const auto table = file != nullptr ? parse_toml(*file, problems) : std::nullopt;
    if (table) {
        for (const auto& [compiler, node] : *table) {
            const auto band = Bands::read(tree, lab_folder, compiler.str(), problems).find(test);
            if (band) {
                return band;
            }
        }
    }
    return std::nullopt;
}

std::vector<Mutant> read_straightforward(const SourceTree& source,
                                         std::span<const StageText> solution,
                                         const Manifest& manifest, const TestPlan& plan,
                                         Problems& problems) {
    std::vector<Mutant> all;
    const SourceFile* const file = source.find(plan.folder + "/mutants.toml");
    const auto table = file != nullptr ? parse_toml(*file, problems) : std::nullopt;
    const toml::array* const array = table ? (*table)["straightforward"].as_array() : nullptr;
    for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
        const toml::table* const each = (*array)[i].as_table();
        if (each == nullptr) {
            continue;
        }
        const auto text = [&](const char* key) { return (*each)[key].value_or(std::string()); };
        const auto said =
            std::ranges::find(manifest.exercises, text("exercise"),
                              [](const ManifestExercise& exercise) { return exercise.id.text(); });
        const PlannedTest* const test = plan.find(text("test"));
        const auto place = said != manifest.exercises.end() ? place_of(said->id, solution, manifest)
                                                            : std::nullopt;
        if (!place || test == nullptr || !test->perf ||
            count_of(place->exercise.body(*place->text), text("replace")) != 1) {
            problems.add(file->path, line_of(*each),
                         "a straightforward design names an exercise, a performance test, and what "
                         "stands once in the exercise's body");
            continue;
        }
        Mutant mutant;
        mutant.id = said->id.text() + "-straightforward";
        mutant.exercise = said->id;
        mutant.replace = text("replace");
        mutant.with = text("with");
        mutant.test = test->id;
        mutant.line = line_of(*each);
        all.push_back(std::move(mutant));
    }
    return all;
}

} // namespace grade
