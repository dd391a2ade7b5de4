// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The sections of the class page that name students: failures by signature, what needs a look,
/// pairs with much in common.
#include "autograder/report/chart.hpp"
#include "autograder/report/class_page.hpp"
#include "autograder/report/html.hpp"
#include "autograder/report/similarity_page.hpp"
#include "autograder/report/student_page.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace grade {

namespace {

std::string names_of(const ClassData& data, const FailureGroup& group) {
    std::string out;
    for (const std::size_t entry : group.entries) {
        out += (out.empty() ? "" : ", ") + student_link(data.entries[entry]);
    }
    constexpr std::size_t few = 6;
    return group.entries.size() <= few
               ? out
               : fmt::format("<details><summary>{} students</summary>{}</details>",
                             group.entries.size(), out);
}

std::string item(const std::string& who, const std::string& what) {
    return "<li>" + who + (who.empty() ? "" : ": ") + escape(what) + "</li>\n";
}

std::string pair_row(const ClassData& data, const Similarity& similarity, std::size_t number) {
    const SimilarPair& pair = similarity.pairs[number];
    const auto who = [&](std::size_t source) {
        const std::string& id = similarity.sources[source].id;
        const auto entry = std::ranges::find_if(
            data.entries, [&](const ClassEntry& one) { return one.student.id == id; });
        return entry == data.entries.end() ? escape(id) : student_link(*entry);
    };
    return fmt::format(
        "<tr><td>{}</td><td class=\"number\" data-value=\"{:.4f}\">{} of {}</td><td>{}</td>"
        "<td class=\"number\" data-value=\"{:.4f}\">{} of {}</td><td>{}</td>"
        "<td class=\"name\">{}</td></tr>\n",
        who(pair.one), pair.share_one, percent(pair.share_one), similarity.sizes[pair.one],
        who(pair.other), pair.share_other, percent(pair.share_other), similarity.sizes[pair.other],
        link("similarity/" + pair_page_name(number), "side by side"),
        similarity.is_short(pair) ? "too little text to say much" : "");
}

} // namespace

std::string failure_section(const ClassData& data, const Statistics& statistics) {
    if (statistics.failures.empty()) {
        return {};
    }
    std::string out =
        "<h2>Failures that look alike</h2>\n<p class=\"quiet\">The same test with the same first "
        "line, numbers aside.</p>\n<div class=\"scroll\"><table class=\"sortable\">\n<thead><tr>"
        "<th scope=\"col\" class=\"number\">Students</th><th scope=\"col\">Test</th>"
        "<th scope=\"col\">Message, for example</th><th scope=\"col\">Who</th></tr></thead>\n"
        "<tbody>\n";
    for (const FailureGroup& group : statistics.failures) {
        out += fmt::format("<tr><td class=\"number\">{}</td><td class=\"name\"><code>{}</code></td>"
                           "<td class=\"text\">{}</td><td class=\"text who\">{}</td></tr>\n",
                           group.entries.size(), escape(group.test), escape(group.example),
                           names_of(data, group));
    }
    return out + "</tbody></table></div>\n";
}

std::string attention_section(const ClassData& data) {
    std::string out;
    for (const std::string& problem : data.problems) {
        out += item("", problem);
    }
    for (const ClassEntry& entry : data.entries) {
        if (!entry.result) {
            continue;
        }
        const Result& result = *entry.result;
        if (!is_graded(result)) {
            out += item(student_link(entry),
                        status_text(entry) + (result.message.empty() ? "" : ": ") + result.message);
        }
        if (result.submission.stale) {
            out += item(student_link(entry), "began from an old starter");
        }
        for (const std::string& warning : result.warnings) {
            out += item(student_link(entry), warning);
        }
    }
    return out.empty() ? out : "<h2>What needs a look</h2>\n<ul>\n" + out + "</ul>\n";
}

std::string similarity_section(const ClassData& data, const Similarity& similarity) {
    std::string out = fmt::format(
        "<h2>Much in common</h2>\n<p>{} submissions were compared by what they wrote themselves; "
        "what the starter or the reference has, or more than {} of the class, is left out. Short "
        "exercises have few good solutions, so a high share is a reason to look and shows nothing "
        "by itself.</p>\n",
        similarity.sources.size(), percent(similarity.options.common));
    if (similarity.pairs.empty()) {
        return out + fmt::format("<p>No pair has {} or more in common.</p>\n",
                                 percent(similarity.options.threshold));
    }
    out += "<div class=\"scroll\"><table class=\"sortable\">\n<thead><tr><th scope=\"col\">One</th>"
           "<th scope=\"col\" class=\"number\">in the other, too</th><th scope=\"col\">Other</th>"
           "<th scope=\"col\" class=\"number\">in the one, too</th><th scope=\"col\">Look</th>"
           "<th scope=\"col\">Note</th></tr></thead>\n<tbody>\n";
    for (std::size_t number = 0; number < similarity.pairs.size(); ++number) {
        out += pair_row(data, similarity, number);
    }
    return out + "</tbody></table></div>\n<p class=\"quiet\">Counted in fingerprints, of which a "
                 "line has about one or two.</p>\n";
}

} // namespace grade
