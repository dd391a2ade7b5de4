// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Bodies are shown exercise by exercise, so that those of one exercise stand beside each other;
/// a body without any match is only named.
#include "autograder/report/similarity_page.hpp"

#include "autograder/report/chart.hpp"
#include "autograder/report/html.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <vector>

namespace grade {

namespace {

struct Mark {
    std::size_t begin;
    std::size_t end;
    std::size_t number; ///< of the match, from 1
};

std::string marked(std::string_view text, std::vector<Mark> marks) {
    std::ranges::sort(marks, {}, &Mark::begin);
    std::string out;
    std::size_t done = 0;
    for (const Mark& mark : marks) {
        out += escape(text.substr(done, mark.begin - done));
        out += fmt::format("<mark><sup>{}</sup>{}</mark>", mark.number,
                           escape(text.substr(mark.begin, mark.end - mark.begin)));
        done = mark.end;
    }
    return out + escape(text.substr(done));
}

std::string body_block(const SourceBody& body, const std::vector<Mark>& marks) {
    const std::string head = "<h3><code>" + escape(body.name) + "</code></h3>\n";
    return marks.empty() ? head + "<p class=\"quiet\">Nothing that the other has, too.</p>\n"
                         : head + "<pre tabindex=\"0\">" + marked(body.text, marks) + "</pre>\n";
}

std::vector<Mark> marks_of(const SimilarPair& pair, std::size_t body,
                           CommonText::Place CommonText::* side) {
    std::vector<Mark> marks;
    for (std::size_t number = 0; number < pair.matches.size(); ++number) {
        const CommonText::Place& place = pair.matches[number].*side;
        if (place.body == body) {
            marks.push_back({place.begin, place.end, number + 1});
        }
    }
    return marks;
}

std::string side(const SubmissionSources* sources, const std::string& name, const SimilarPair& pair,
                 CommonText::Place CommonText::* which) {
    const auto body = std::ranges::find(sources->bodies, name, &SourceBody::name);
    if (body == sources->bodies.end()) {
        return "<div></div>\n";
    }
    const auto index = static_cast<std::size_t>(body - sources->bodies.begin());
    return "<div>" + body_block(*body, marks_of(pair, index, which)) + "</div>\n";
}

std::vector<std::string> names_of(const SubmissionSources& one, const SubmissionSources& other) {
    std::vector<std::string> names;
    for (const SubmissionSources* const sources : {&one, &other}) {
        for (const SourceBody& body : sources->bodies) {
            if (std::ranges::find(names, body.name) == names.end()) {
                names.push_back(body.name);
            }
        }
    }
    return names;
}

} // namespace

std::string pair_page_name(std::size_t number) { return fmt::format("pair-{}.html", number + 1); }

std::string pair_page(const Similarity& similarity, std::size_t number) {
    const SimilarPair& pair = similarity.pairs[number];
    const SubmissionSources& one = similarity.sources[pair.one];
    const SubmissionSources& other = similarity.sources[pair.other];
    HtmlPage page;
    page.title = fmt::format("{} and {}", one.id, other.id);
    page.body = fmt::format(
        "<h1>{} and {}</h1>\n<p>{} of {} fingerprints of {} are in {}, too; the other way round {} "
        "of {}. Stretches that both have are marked, with the same number on both sides. Names, "
        "literals, comments and layout do not count.</p>\n",
        escape(one.id), escape(other.id), pair.common_one, similarity.sizes[pair.one],
        escape(one.id), escape(other.id), pair.common_other, similarity.sizes[pair.other]);
    page.body +=
        similarity.is_short(pair)
            ? "<p><b class=\"half\">There is little text here: so few fingerprints may well "
              "be alike by chance or because the task leaves no other way.</b></p>\n"
            : "<p class=\"quiet\">A high share is a reason to look and to ask, and shows "
              "nothing by itself: good solutions of one task resemble each other.</p>\n";
    page.body += fmt::format("<div class=\"sides\">\n<h2>{}</h2><h2>{}</h2>\n", escape(one.id),
                             escape(other.id));
    for (const std::string& name : names_of(one, other)) {
        page.body +=
            side(&one, name, pair, &CommonText::one) + side(&other, name, pair, &CommonText::other);
    }
    page.body += "</div>\n";
    return html(page);
}

} // namespace grade
