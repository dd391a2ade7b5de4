// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Looking for what names tests.
#include "autograder/source/test_finder.hpp"

#include "autograder/source/language.hpp"
#include "autograder/source/lexer.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>

namespace grade {

namespace {

constexpr std::array tiers = {std::pair{"host", Tier::host}, std::pair{"kernel", Tier::kernel},
                              std::pair{"guest", Tier::guest}, std::pair{"peer", Tier::peer}};

class Finder {
public:
    explicit Finder(Problems& problems) : problems_(problems) {}

    FoundTests run(const SourceTree& tree, std::string_view folder) {
        for (const SourceFile& file : tree.files()) {
            for (const auto& [name, tier] : tiers) {
                if (file.path.starts_with(fmt::format("{}/tests/{}/", folder, name))) {
                    find(file, tier);
                }
            }
        }
        return std::move(found_);
    }

private:
    void find(const SourceFile& file, Tier tier) {
        if (tier == Tier::peer && file.path.ends_with(".py")) {
            find_in_python(file, tier);
        } else if (tier != Tier::peer && file.path.ends_with(".cpp")) {
            find_in_cpp(file, tier);
        }
    }

    void find_in_cpp(const SourceFile& file, Tier tier) {
        const std::vector<Token> tokens = lex(file.content);
        for (std::size_t i = 0; i + 2 < tokens.size(); ++i) {
            const std::string_view macro = tokens[i].text;
            const std::string_view name = tokens[i + 2].text;
            if ((macro == "TEST" || macro == "TEST_CASE" || macro == "KERNEL_TEST") &&
                tokens[i + 1].text == "(" && name.starts_with('"')) {
                add(name.substr(1, name.size() - 2), file, tokens[i].line, tier);
            }
        }
    }

    void find_in_python(const SourceFile& file, Tier tier) {
        constexpr std::string_view begin = "@test(\"";
        constexpr std::string_view end = "\")";
        int number = 0;
        for (std::string_view line : split_lines(file.content)) {
            ++number;
            if (line.starts_with(begin) && line.ends_with(end)) {
                line.remove_prefix(begin.size());
                line.remove_suffix(end.size());
                add(line, file, number, tier);
            }
        }
    }

    void add(std::string_view name, const SourceFile& file, int line, Tier tier) {
        const std::size_t colon = std::min(name.find(':'), name.size());
        const std::string id(name.substr(0, colon));
        FoundTest test{std::string(trim(name.substr(std::min(colon + 1, name.size())))), file.path,
                       line, tier};
        if (name.contains('`')) {
            problems_.add(file.path, line, "a test's title is shown as it is: it has no backticks");
        }
        if (!found_.emplace(id, std::move(test)).second) {
            problems_.add(file.path, line,
                          fmt::format("there is a test {} already in this lab", id));
        }
    }

    Problems& problems_;
    FoundTests found_;
};

} // namespace

std::string_view text(Tier tier) {
    return std::ranges::find(tiers, tier, [](const auto& each) { return each.second; })->first;
}

std::optional<Tier> read_tier(std::string_view text) {
    const auto* const found =
        std::ranges::find(tiers, text, [](const auto& each) { return each.first; });
    return found == tiers.end() ? std::nullopt : std::optional(found->second);
}

FoundTests find_tests(const SourceTree& tree, std::string_view folder, Problems& problems) {
    return Finder(problems).run(tree, folder);
}

} // namespace grade
