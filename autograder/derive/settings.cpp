// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Reads TOML by hand-made rules: a key that nobody knows is a problem, so that slips are seen.
#include "autograder/derive/settings.hpp"

#include "autograder/source/toml.hpp"

#include <algorithm>

namespace grade {

class SettingsReader {
public:
    SettingsReader(Settings& settings, Problems& problems)
        : settings_(settings), problems_(problems) {}

    void read(const toml::table& table) {
        for (const auto& [key, node] : table) {
            if (key == "stages" && node.is_table()) {
                read_stages(*node.as_table());
            } else if (key == "includes" && node.is_table()) {
                read_includes(*node.as_table());
            } else if (key == "allow" && node.is_array_of_tables()) {
                read_allowances(*node.as_array());
            } else {
                report(node, "write tables [stages], [includes] and [[allow]]");
            }
        }
    }

private:
    void read_stages(const toml::table& table) {
        for (const auto& [key, node] : table) {
            const auto number = node.value<int>();
            const auto text = number ? std::to_string(*number) : node.value_or(std::string());
            if (const auto stage = Stage::parse(text)) {
                settings_.stages_.emplace(key.str(), *stage);
            } else {
                report(node, "a stage is 1 to 7, \"none\" or \"staff\"");
            }
        }
    }

    void read_includes(const toml::table& table) {
        for (const auto& [key, node] : table) {
            settings_.includes_.emplace_back(key.str());
            if (node.value_or(std::string()).empty()) {
                report(node, "say where the headers come from: \"prefix/\" = \"from ...\"");
            }
        }
    }

    void read_allowances(const toml::array& array) {
        for (const toml::node& node : array) {
            const toml::table& table = *node.as_table();
            const auto name = table["name"].value_or(std::string());
            if (name.empty() || table["reason"].value_or(std::string()).empty()) {
                report(node, "an [[allow]] has a name and a reason, and perhaps `in`, a path's "
                             "beginning");
            }
            settings_.allowances_.push_back({name, table["in"].value_or(std::string())});
        }
    }

    void report(const toml::node& node, std::string text) {
        problems_.add(Settings::path, line_of(node), std::move(text));
    }

    Settings& settings_;
    Problems& problems_;
};

Settings Settings::read(const SourceTree& tree, Problems& problems) {
    Settings settings;
    const SourceFile* file = tree.find(path);
    if (file == nullptr) {
        throw EnvironmentError(std::string(path) +
                               " is missing: say --root DIR, the top folder of "
                               "the source tree; if it is a checkout, git must know the file");
    }
    if (const auto table = parse_toml(*file, problems)) {
        SettingsReader(settings, problems).read(*table);
    }
    return settings;
}

std::optional<Stage> Settings::stage_of(std::string_view file) const {
    std::optional<Stage> found;
    std::size_t longest = 0;
    for (const auto& [prefix, stage] : stages_) {
        if (file.starts_with(prefix) && prefix.size() >= longest) {
            found = stage;
            longest = prefix.size();
        }
    }
    return found;
}

bool Settings::is_from_elsewhere(std::string_view file) const {
    return std::ranges::any_of(includes_,
                               [&](const std::string& prefix) { return file.starts_with(prefix); });
}

bool Settings::allows(std::string_view name, std::string_view file) const {
    return std::ranges::any_of(allowances_, [&](const Allowance& allowance) {
        return allowance.name == name && file.starts_with(allowance.in);
    });
}

} // namespace grade
