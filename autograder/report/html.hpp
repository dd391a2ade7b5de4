// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Pages that need nothing but themselves: style and script are in them, and a policy in their head
/// forbids every other, so that nothing a submission smuggles in could run or load anything.
/// Always holds: text becomes part of a page only through `escape`; pages have no style attributes
/// and no event attributes, which the policy would block.
/// Read next: style.hpp, then class_page.hpp.
#pragma once

#include <string>
#include <string_view>

namespace grade {

/// Safe text, with & < > and quotes as references: for content and for attributes in quotes, of
/// HTML and XML.
[[nodiscard]] std::string escape(std::string_view text);

struct HtmlPage {
    std::string title;
    std::string body;
    bool has_tables_to_sort = false; ///< the script is in it
};

[[nodiscard]] std::string html(const HtmlPage& page);

/// A link within the report; `address` is made of file names of ours.
[[nodiscard]] std::string link(std::string_view address, std::string_view text);

} // namespace grade
