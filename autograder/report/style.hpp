// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The style and the script of all pages, and their SHA-256 in base 64, by which the policy in a
/// page's head lets them through and nothing else. A test compares digests and texts.
/// Read next: html.hpp.
#pragma once

#include <string_view>

namespace grade {

extern const std::string_view page_style;
extern const std::string_view page_script;
inline constexpr std::string_view page_style_digest =
    "IIsVmdJtkFeGqRltbpGr0zrkPIt2QnsBv624IQldfYk=";
inline constexpr std::string_view page_script_digest =
    "KJ+WdX8pWtDnqnfgUpd/MPuV/GDFZfBPo4bNqx2gWmI=";

} // namespace grade
