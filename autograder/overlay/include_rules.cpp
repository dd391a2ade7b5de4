// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Rules for includes: headers of the tree, and of the standard library what needs no system below.
#include "autograder/overlay/refusals.hpp"
#include "autograder/source/language.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>

namespace grade {

namespace {

constexpr auto standard_headers = std::to_array<std::string_view>(
    {"algorithm", "array",      "atomic",           "bit",      "charconv",    "climits",
     "compare",   "concepts",   "coroutine",        "cstddef",  "cstdint",     "cstring",
     "expected",  "functional", "initializer_list", "iterator", "limits",      "memory",
     "new",       "numeric",    "optional",         "ranges",   "span",        "stddef.h",
     "stdint.h",  "string.h",   "string_view",      "tuple",    "type_traits", "utility",
     "variant"});

/// Of what runs on the machine.
bool is_of_the_system(std::string_view path) {
    /// @cond LAB3
    if (path.starts_with("runtime/")) {
        return true;
    }
    /// @endcond
    return path.starts_with("kernel/") || path.starts_with("user/");
}

/// What an include names, with its quotes or brackets; empty if it is no include.
std::string_view included(std::string_view directive) {
    constexpr std::string_view word = "include";
    directive.remove_prefix(1);
    directive = trim(directive);
    if (!directive.starts_with(word)) {
        return {};
    }
    return trim(directive.substr(word.size()));
}

} // namespace

std::optional<std::string> Refusals::of_include(std::string_view directive) const {
    const std::string_view name = included(directive);
    const bool has_form = name.size() > 2 && ((name.starts_with('"') && name.ends_with('"')) ||
                                              (name.starts_with('<') && name.ends_with('>')));
    if (!has_form) {
        return "no preprocessor lines are allowed here but includes";
    }
    const std::string_view path = name.substr(1, name.size() - 2);
    if (name.starts_with('<')) {
        return std::ranges::find(standard_headers, path) != standard_headers.end()
                   ? std::nullopt
                   : std::optional(fmt::format("<{}> cannot be included here", path));
    }
    const bool is_of_tests = path.contains("/tests/") || path.ends_with("test.hpp");
    if (!is_of_the_system(path) || is_of_tests || path.contains("..") || !path.ends_with(".hpp") ||
        !paths_.contains(path)) {
        return fmt::format("\"{}\" cannot be included here: only headers of the kernel and of user "
                           "programs of this tree can",
                           path);
    }
    return std::nullopt;
}

} // namespace grade
