// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Operations are spelled as in the source of the code that made them.
/// @stage{4}
#include "runtime/tests/explore/report.hpp"

#include <bit>

namespace explore {

namespace {

/// Of an execution that is too long to read, the steps at its start and at its end are shown.
constexpr std::size_t shown_first = 30;
constexpr std::size_t shown_last = 20;

std::string padded(std::string text, std::size_t width) {
    text.resize(std::max(width, text.size()), ' ');
    return text;
}

class Story {
public:
    explicit Story(const Run& run) : run_(run), columns_(run.actors().size()) {
        for (std::size_t thread = 0; thread < columns_.size(); thread++)
            columns_[thread] = std::string_view(run.actors()[thread].name).size();
        for (const Step& step : run.steps())
            columns_[step.thread] = std::max(columns_[step.thread], did(step).size());
    }

    [[nodiscard]] std::string text() const { return table() + waiting() + words(); }

private:
    static constexpr std::size_t indent = 6;
    static constexpr std::size_t gap = 3;

    static std::string trimmed(const std::string& line) {
        return line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    }

    [[nodiscard]] std::string table() const {
        const std::size_t count = run_.steps().size();
        std::string head = padded("", indent);
        for (std::size_t thread = 0; thread < columns_.size(); thread++)
            head += padded(run_.actors()[thread].name, columns_[thread] + gap);
        std::string text = count == 0 ? "" : trimmed(head);
        for (std::size_t i = 0; i < count; i++) {
            if (count > shown_first + shown_last && i == shown_first) {
                i = count - shown_last;
                text += "      ...\n";
            }
            text += row(i);
        }
        return text;
    }

    /// One step; what it did is in the column of its thread.
    [[nodiscard]] std::string row(std::size_t index) const {
        const Step& step = run_.steps()[index];
        const std::string number = std::to_string(index + 1);
        std::string line =
            padded("", indent - 2 - std::min(indent - 2, number.size())) + number + "  ";
        for (std::size_t thread = 0; thread < columns_.size(); thread++)
            line += padded(thread == step.thread ? did(step) : "", columns_[thread] + gap);
        return trimmed(line + remark(step, static_cast<uint32_t>(index + 1)));
    }

    [[nodiscard]] std::string did(const Step& step) const {
        const Action action = step.operation.action;
        std::string text(spelled(action));
        if (is_fence(action) || action == Action::pause)
            return text + "()";
        const std::string object = run_.text_of(step.operation.address);
        if (!has_word(action))
            return object + (action == Action::read ? " is read" : " is written");
        text = object + "." + text + "(" + argument(step.operation) + ")";
        if (action == Action::compare_exchange)
            return text + (step.result.wrote ? " = true" : " = false: it is " + result(step));
        return is_store(action) || action == Action::send ? text : text + " = " + result(step);
    }

    [[nodiscard]] std::string argument(const Operation& operation) const {
        if (is_load(operation.action) || operation.action == Action::park)
            return {};
        if (operation.action == Action::send)
            return std::to_string(std::countr_zero(operation.operand));
        std::string operand = named(operation.address, operation.operand);
        if (operation.action == Action::compare_exchange)
            return named(operation.address, operation.expected) + ", " + operand;
        return operand;
    }

    [[nodiscard]] std::string result(const Step& step) const {
        return named(step.operation.address, step.result.value);
    }

    /// What is remarkable about a step.
    [[nodiscard]] std::string remark(const Step& step, uint32_t number) const {
        const Memory::Result& result = step.result;
        if (step.operation.action == Action::send && (result.value & step.operation.operand) != 0)
            return "in vain: it is pending already";
        if (result.late)
            return "late: step " + std::to_string(arrival(step, number)) + " stores it";
        if (result.overlooked != 0)
            return "old: step " + std::to_string(result.overlooked) + " has not arrived here";
        if (result.overtaken != 0)
            return "arrives before step " + std::to_string(result.overtaken);
        return {};
    }

    /// The step that a late load waited for: its own, or the one whose value it shares.
    [[nodiscard]] uint32_t arrival(const Step& step, uint32_t number) const {
        uint32_t source = 0;
        for (const LateLoad& late : run_.memory().knowledge(step.thread).late) {
            if (late.word == step.word && late.step <= number)
                source = late.source;
        }
        return source;
    }

    /// Threads that have not ended.
    [[nodiscard]] std::string waiting() const {
        std::string text;
        for (unsigned thread = 0; thread < columns_.size(); thread++) {
            const Run::Actor& actor = run_.actors()[thread];
            if (!run_.ended(thread) && !actor.failed && actor.next.action == Action::park)
                text += std::string(actor.name) + " waits in " + run_.text_of(actor.next.address) +
                        ".park(), and nothing is pending.\n";
        }
        return text;
    }

    [[nodiscard]] std::string words() const {
        std::string text;
        for (const Word& word : run_.memory().words())
            text += (text.empty() ? "In the end " : ", ") + run_.text_of(word.address) + " = " +
                    named(word.address, word.history.back().value);
        return text.empty() ? text : text + ".\n";
    }

    [[nodiscard]] std::string named(const void* object, uint64_t value) const {
        const Run::Name* name = run_.name_of(object);
        if (name != nullptr && value < name->values.size())
            return name->values[value];
        return std::to_string(value);
    }

    const Run& run_;
    std::vector<std::size_t> columns_; ///< their widths
};

} // namespace

std::string story(const Run& run) { return Story(run).text(); }

} // namespace explore
