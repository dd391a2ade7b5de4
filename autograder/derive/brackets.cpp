// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Brackets are lines, whatever the language; only their comment sign differs.
#include "autograder/derive/brackets.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <regex>

namespace grade {

namespace {

struct Marker {
    bool opens;
    std::string argument;
    bool is_well_formed;
};

std::string_view comment_sign(Language language) {
    return language == Language::c_like ? "///" : language == Language::prose ? "<!--" : "#";
}

bool is_comment_sign(std::string_view sign, Language language) {
    return sign == comment_sign(language) || (language == Language::assembler && sign == "///");
}

/// The line as a marker of a bracket, if it is meant as one.
std::optional<Marker> read_marker(std::string_view line, Language language) {
    static const std::regex form(R"((///?|#+|<!--|\*)\s*@(cond|endcond)\b\s*(.*?)\s*(-->)?)");
    const std::string_view text = trim(line);
    std::cmatch match;
    if (!std::regex_match(text.begin(), text.end(), match, form)) {
        return std::nullopt;
    }
    const bool opens = match[2] == "cond";
    return Marker{opens, match[3],
                  is_comment_sign(match[1].str(), language) && opens == (match[3].length() != 0)};
}

/// "LAB2" to "LAB7", "NONE".
std::optional<Stage> read_condition(std::string_view text) {
    if (text == "NONE") {
        return Stage::none();
    }
    const auto stage = text.starts_with("LAB") ? Stage::parse(text.substr(3)) : std::nullopt;
    return stage && stage->is_lab() && stage->lab() > 1 ? stage : std::nullopt;
}

bool begins_comment(std::string_view line, Language language) {
    const bool has_c_comments = is_code(language);
    return (has_c_comments && (line.starts_with("/") || line.starts_with("*"))) ||
           (!line.starts_with("#include") && line.starts_with(comment_sign(language)));
}

/// Joins lines, and closes the gap in layout where some are left out.
class Joiner {
public:
    explicit Joiner(StageText& text) : text_(text) {}

    void keep(std::string_view line, int number) {
        const std::string_view words = trim(line);
        if (after_gap_ && words.empty() && (last_.empty() || last_.ends_with('{'))) {
            return;
        }
        if (after_gap_ && words.starts_with('}')) {
            drop_empty_end();
        }
        after_gap_ = false;
        text_.content.append(line).push_back('\n');
        text_.source_lines.push_back(number);
        last_ = words;
    }

    void leave_out() { after_gap_ = true; }

    /// At the end of the file.
    void drop_empty_end() {
        while (after_gap_ && last_.empty() && text_.content.ends_with("\n\n")) {
            text_.content.pop_back();
            text_.source_lines.pop_back();
        }
    }

private:
    StageText& text_;
    std::string_view last_; ///< line that was kept, trimmed
    bool after_gap_ = false;
};

} // namespace

std::optional<Stage> stage_in_head(const SourceFile& file, Problems& problems) {
    static const std::regex form(R"(@stage\{([^}]*)\})");
    std::optional<Stage> found;
    int number = 0;
    for (const std::string_view line : split_lines(file.content)) {
        ++number;
        const std::string_view text = trim(line);
        if (!text.empty() && !begins_comment(text, file.language())) {
            break;
        }
        std::cmatch match;
        if (!std::regex_search(text.begin(), text.end(), match, form)) {
            continue;
        }
        const auto stage = Stage::parse(match[1].str());
        if (!stage) {
            problems.add(file.path, number, "a stage is 1 to 7, none or staff");
        } else if (found) {
            problems.add(file.path, number, "names its stage twice");
        }
        found = stage ? stage : found;
    }
    return found;
}

StagedFile::StagedFile(const SourceFile& file, Stage stage, Problems& problems)
    : source_(&file), stage_(stage) {
    if (stage.is_lab() && file.language() != Language::data) {
        read_brackets(problems);
    }
}

Stage StagedFile::stage_of(int line) const {
    const auto index = static_cast<std::size_t>(line - 1);
    return index < lines_.size() ? lines_[index].value_or(stage_) : stage_;
}

void StagedFile::read_brackets(Problems& problems) {
    struct Open {
        Stage stage;
        int line;
    };
    std::vector<Open> open;
    int number = 0;
    for (const std::string_view line : split_lines(source_->content)) {
        ++number;
        const Stage now = open.empty() ? stage_ : open.back().stage;
        const auto marker = read_marker(line, source_->language());
        lines_.push_back(marker ? std::nullopt : std::optional(now));
        if (!marker) {
            continue;
        }
        const auto condition = marker->opens ? read_condition(marker->argument) : stage_;
        if (!marker->is_well_formed || !condition) {
            problems.add(
                source_->path, number,
                fmt::format("write \"{0} @cond LAB2\" to LAB7 or NONE, and \"{0} @endcond\"",
                            comment_sign(source_->language())));
        }
        if (marker->opens) {
            const Stage inner = condition.value_or(now);
            if (condition && inner <= now) {
                problems.add(source_->path, number,
                             fmt::format("this bracket leaves nothing out: what is around it first "
                                         "exists in {}",
                                         now.text()));
            }
            open.push_back({std::max(inner, now), number});
        } else if (open.empty()) {
            problems.add(source_->path, number, "@endcond without @cond");
        } else {
            open.pop_back();
        }
    }
    for (const Open& each : open) {
        problems.add(source_->path, each.line, "@cond without @endcond");
    }
}

StageText StagedFile::select(Stage wanted) const {
    StageText text{source_->path, source_->path, {}, {}, source_->is_executable};
    if (source_->language() == Language::data || source_->content.empty()) {
        text.content = source_->content;
        return text;
    }
    Joiner joiner(text);
    int number = 0;
    for (const std::string_view line : split_lines(source_->content)) {
        const auto stage = lines_[static_cast<std::size_t>(number++)];
        if (stage && *stage <= wanted) {
            joiner.keep(line, number);
        } else {
            joiner.leave_out();
        }
    }
    joiner.drop_empty_end();
    return text;
}

} // namespace grade
