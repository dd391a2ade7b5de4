// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What a student may not write between the braces of an exercise or among helpers: all that would
/// reach beyond them. A body must be one block for the compiler exactly if it is one for us, so
/// whatever the two could read differently is refused (lines that are joined, other spellings of
/// brackets, preprocessor lines), and so is what speaks to the linker, the assembler, the
/// preprocessor, or the protocol of tests. Each refusal is one plain sentence.
/// Always holds: what is accepted has brackets that nest, tokens that end where they seem to, and
/// no directive but an include of what is allowed. Read next: splice.hpp.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace grade {

struct Refusal {
    int line; ///< in the text that was looked at, from 1
    std::string text;
};

class Refusals {
public:
    using Paths = std::set<std::string, std::less<>>;

    /// @param paths of the course's tree: what may be included with quotes
    explicit Refusals(Paths paths) : paths_(std::move(paths)) {}

    /// Of a function or a type: `text` begins with { and ends with }.
    [[nodiscard]] std::optional<Refusal> of_body(std::string_view text) const;
    /// Between the two lines of the region.
    [[nodiscard]] std::optional<Refusal> of_helpers(std::string_view text) const;
    /// A whole file of C++.
    [[nodiscard]] std::optional<Refusal> of_file(std::string_view text) const;
    /// A whole file of assembler. @param base the course's, whose includes are allowed
    [[nodiscard]] std::optional<Refusal> of_assembler(std::string_view text,
                                                      std::string_view base) const;
    /// A preprocessor line that is not one of these is refused.
    /// @return what is wrong with it, nothing if it is an include that is allowed
    [[nodiscard]] std::optional<std::string> of_include(std::string_view directive) const;

private:
    /// Of what may hold includes.
    [[nodiscard]] std::optional<Refusal> of_text(std::string_view text) const;

    Paths paths_;
};

} // namespace grade
