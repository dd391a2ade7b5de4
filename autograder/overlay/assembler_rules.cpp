// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Rules for assembler.
#include "autograder/overlay/refusals.hpp"
#include "autograder/overlay/spelling.hpp"

namespace grade {

std::optional<Refusal> Refusals::of_assembler(std::string_view text, std::string_view base) const {
    static_cast<void>(base);
    for (const Token& token : lex(text)) {
        if (token.text.contains("incbin") || token.text.contains("include")) {
            return Refusal{token.line, "assembler must not read files"};
        }
    }
    return std::nullopt;
}

} // namespace grade
