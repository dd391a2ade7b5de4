// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The frame of a page.
#include "autograder/report/html.hpp"

#include "autograder/report/style.hpp"
#include "autograder/results/safe_text.hpp"

#include <fmt/core.h>

namespace grade {

std::string escape(std::string_view text) {
    constexpr std::size_t longest = 1U << 20U;
    std::string out;
    for (const char letter : safe_text(text, longest)) {
        switch (letter) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        default:
            out += letter;
        }
    }
    return out;
}

std::string html(const HtmlPage& page) {
    const std::string script =
        page.has_tables_to_sort ? fmt::format("<script>{}</script>\n", page_script) : std::string();
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
        "style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n"
        "<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n{}{}</body>\n</html>\n",
        page_style_digest, page_script_digest, escape(page.title), page_style, page.body, script);
}

std::string link(std::string_view address, std::string_view text) {
    return fmt::format("<a href=\"{}\">{}</a>", escape(address), escape(text));
}

} // namespace grade
