// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// First everything is found in both files, then the pieces are decided on one by one, then all
/// are put in, and the result is read again: it must have what was meant to be in it.
#include "autograder/overlay/splice.hpp"

#include "autograder/overlay/includes.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <numeric>
#include <optional>
#include <ranges>

namespace grade {

namespace {

using State = Part::State;

/// A piece of the base that is replaced.
struct Edit {
    std::size_t begin;
    std::size_t end;
    std::string text;
};

std::string apply(std::string text, std::vector<Edit> edits) {
    std::ranges::sort(edits, {}, &Edit::begin);
    for (const Edit& edit : edits | std::views::reverse) {
        text.replace(edit.begin, edit.end - edit.begin, edit.text);
    }
    return text;
}

StageText stage_text(const std::string& path, std::string content) {
    StageText text{path, path, std::move(content), {}, false};
    text.source_lines.resize(static_cast<std::size_t>(std::ranges::count(text.content, '\n')) + 1);
    std::iota(text.source_lines.begin(), text.source_lines.end(), 1);
    return text;
}

const Exercise* find(const std::vector<Exercise>& exercises, ExerciseId id) {
    const auto found = std::ranges::find(exercises, id, &Exercise::id);
    return found == exercises.end() ? nullptr : &*found;
}

/// Tokens that mean something, one behind the other.
std::string essence(std::string_view text) {
    std::string result;
    for (const Token& token : lex(text)) {
        if (token.kind != Token::Kind::comment) {
            result.append(token.text).push_back('\n');
        }
    }
    return result;
}

bool is_hole(std::string_view body, ExerciseId id) {
    return essence(body) == essence(fmt::format("{{ lab::todo(\"{}\"); }}", id.text()));
}

/// The mark, every symbol that the file gives to others, and behind them a loop.
std::string assembler_hole(std::string_view base, ExerciseId id) {
    const std::string mark = fmt::format("# @lab{{{}}} ", id.text());
    std::string marks;
    std::string symbols;
    for (std::string_view line : split_lines(base)) {
        line = trim(line);
        constexpr std::string_view global = ".global ";
        if (line.starts_with(global)) {
            symbols += fmt::format("    {0}\n{1}:\n", line, trim(line.substr(global.size())));
        } else if (line.starts_with(mark)) {
            marks = fmt::format("{}\n", line);
        }
    }
    return fmt::format("{}    .text\n    .balign 4\n{}1:  j       1b\n", marks, symbols);
}

class Splicer {
public:
    Splicer(const SourceFile& base, const SourceFile* skeleton, const Refusals& refusals)
        : base_(base), skeleton_(skeleton), refusals_(refusals), course_(base.path, base.content) {}

    Spliced run(const std::string* student, std::span<const ExerciseId> wanted) {
        std::optional<StudentFile> file;
        if (student != nullptr) {
            file.emplace(base_.path, normalised(*student));
        }
        std::vector<Edit> edits;
        for (const Exercise& exercise : course_.exercises()) {
            if (std::ranges::find(wanted, exercise.id) != wanted.end()) {
                result_.parts.push_back(decide(exercise, file ? &*file : nullptr, edits));
            }
        }
        if (file) {
            take_helpers(*file, edits);
        }
        result_.text = with_holes(apply(base_.content, edits));
        if (!is_as_meant(edits)) {
            refuse_all();
        }
        return std::move(result_);
    }

private:
    Part decide(const Exercise& exercise, const StudentFile* file, std::vector<Edit>& edits) {
        Part part{exercise.id, exercise.name, base_.path, State::missing, {}, 0, 0, 0};
        if (file == nullptr) {
            part.message = fmt::format("{} was not handed in", base_.path);
            return part;
        }
        const auto found = file->take(exercise, course_);
        if (!found) {
            part.message = found.error();
            return part;
        }
        part.line = found->exercise.line;
        part.body_line = found->line;
        part.lines = found->exercise.lines;
        const std::string& body = found->body;
        if (is_unwritten(exercise, body)) {
            part.state = State::hole;
            return part;
        }
        if (const auto refusal = refusal_of(exercise, body)) {
            part.state = State::refused;
            part.message = fmt::format("{}:{}: {}", base_.path, found->line + refusal->line - 1,
                                       refusal->text);
            return part;
        }
        part.state = State::done;
        part.message = found->note;
        edits.push_back({exercise.open, exercise.end, body});
        return part;
    }

    [[nodiscard]] bool is_unwritten(const Exercise& exercise, const std::string& body) const {
        if (exercise.kind == Exercise::Kind::function) {
            return is_hole(body, exercise.id);
        }
        return skeleton_ != nullptr && essence(body) == essence(hole_of(exercise));
    }

    [[nodiscard]] std::optional<Refusal> refusal_of(const Exercise& exercise,
                                                    const std::string& body) const {
        if (exercise.kind != Exercise::Kind::file) {
            return refusals_.of_body(body);
        }
        return base_.language() == Language::assembler ? refusals_.of_assembler(body, base_.content)
                                                       : refusals_.of_file(body);
    }

    /// Of a type or a file.
    [[nodiscard]] std::string hole_of(const Exercise& exercise) const {
        if (skeleton_ != nullptr) {
            const StageText text = stage_text(base_.path, skeleton_->content);
            Problems ignored;
            const auto exercises = find_exercises(text, ignored);
            if (const Exercise* hole = find(exercises, exercise.id)) {
                return hole->body(text);
            }
        }
        return base_.language() == Language::assembler ? assembler_hole(base_.content, exercise.id)
                                                       : exercise.body(course_.text());
    }

    /// Into the text, where a part was not taken.
    [[nodiscard]] std::string with_holes(std::string content) const {
        StageText text = stage_text(base_.path, std::move(content));
        Problems ignored;
        std::vector<Exercise> functions = find_exercises(text, ignored);
        std::erase_if(functions, [&](const Exercise& exercise) {
            return exercise.kind != Exercise::Kind::function || !becomes_hole(exercise);
        });
        make_holes(text, functions);
        std::vector<Edit> others;
        for (const Exercise& exercise : find_exercises(text, ignored)) {
            if (exercise.kind != Exercise::Kind::function && becomes_hole(exercise)) {
                others.push_back({exercise.open, exercise.end, hole_of(exercise)});
            }
        }
        return apply(text.content, others);
    }

    [[nodiscard]] bool becomes_hole(const Exercise& exercise) const {
        const auto part = std::ranges::find(result_.parts, exercise.id, &Part::id);
        return part != result_.parts.end() && part->state != State::done;
    }

    void take_helpers(const StudentFile& file, std::vector<Edit>& edits) {
        Part& part = result_.helpers;
        part.file = base_.path;
        part.name = "helpers";
        const auto place = course_.region();
        if (!place) {
            part.state = State::hole;
            return;
        }
        const auto region = file.region();
        if (!region) {
            part.message = region.error();
            return;
        }
        part.line = part.body_line = region->line;
        const std::string text =
            file.text().content.substr(region->begin, region->end - region->begin);
        part.lines = count_code_lines(text);
        if (const auto refusal = refusals_.of_helpers(text)) {
            part.state = State::refused;
            part.message = fmt::format("{}:{}: {}", base_.path, region->line + refusal->line - 1,
                                       refusal->text);
            return;
        }
        part.state = part.lines == 0 ? State::hole : State::done;
        edits.push_back({place->begin, place->end, without_directives(text)});
        const std::size_t top = end_of_includes(course_);
        edits.push_back({top, top, added_includes(file, course_, refusals_, result_.warnings)});
    }

    /// Reads the result again: all exercises are where they were, with the bodies that were taken.
    [[nodiscard]] bool is_as_meant(const std::vector<Edit>& edits) const {
        const StudentFile again(base_.path, result_.text);
        if (!std::ranges::equal(again.exercises(), course_.exercises(), {}, &Exercise::id,
                                &Exercise::id)) {
            return false;
        }
        for (const Exercise& exercise : course_.exercises()) {
            const Exercise* found = find(again.exercises(), exercise.id);
            const auto edit = std::ranges::find(edits, exercise.open, &Edit::begin);
            if (found->name != exercise.name ||
                (edit != edits.end() && found->body(again.text()) != edit->text)) {
                return false;
            }
        }
        return true;
    }

    void refuse_all() {
        for (Part& part : result_.parts) {
            part.state = State::refused;
            part.message = fmt::format("{} is not what it seems: put together with the course's "
                                       "file it reads differently",
                                       base_.path);
        }
        result_.helpers.state = State::refused;
        result_.text = with_holes(base_.content);
    }

    const SourceFile& base_;
    const SourceFile* skeleton_;
    const Refusals& refusals_;
    StudentFile course_;
    Spliced result_;
};

} // namespace

std::string_view text(Part::State state) {
    switch (state) {
    case State::done:
        return "done";
    case State::hole:
        return "hole";
    case State::missing:
        return "missing";
    case State::refused:
        return "refused";
    }
    return {};
}

Spliced splice(const SourceFile& base, const SourceFile* skeleton, const std::string* student,
               std::span<const ExerciseId> wanted, const Refusals& refusals) {
    return Splicer(base, skeleton, refusals).run(student, wanted);
}

std::string with_hole(const SourceFile& file, const SourceFile* skeleton, ExerciseId exercise) {
    const Refusals none({});
    return Splicer(file, skeleton, none).run(nullptr, std::span(&exercise, 1)).text;
}

} // namespace grade
