// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Loads that are later than operations behind them. RISC-V lets a store overtake the loads before
/// it, unless release, a fence or an exchange forbids; but the code here is real code, which wants
/// its value before it goes on. So such a load *assumes* a value that some other thread has been
/// seen to store, and the execution counts only if that value arrives:
///
///     A: x.load_relaxed() = 1   assumed          B: y.load_relaxed() = 1
///     A: y.store_relaxed(1)                      B: x.store_relaxed(1)   arrives; has happened
///
/// Until then the loader does nothing that all its loads must precede.
/// @stage{4}
#include "runtime/tests/explore/memory.hpp"

namespace explore {

void Memory::late_values(unsigned thread, const Operation& operation, uint16_t word,
                         std::span<const uint64_t> proposed, std::vector<uint64_t>& values) const {
    values.clear();
    if (operation.action != Action::load_relaxed)
        return;
    // The next load of a word that has a late one may return the same.
    for (const LateLoad& late : threads_[thread].late) {
        if (late.word == word && !late.arrived && late.before == LateLoad::never)
            values = {late.value};
    }
    for (const uint64_t value : proposed) {
        const std::span history(words_[word].history);
        const auto visible = history.subspan(oldest(thread, operation, word));
        // What can be loaded as well without assumptions needs none.
        if (std::ranges::find(visible, value, &Version::value) == visible.end() &&
            std::ranges::find(values, value) == values.end())
            values.push_back(value);
    }
}

Memory::Result Memory::load_late(unsigned thread, uint16_t word, uint64_t value, uint32_t step) {
    Knowledge& knowledge = threads_[thread];
    Word& at = words_[word];
    knowledge.now.clock[thread] = ++knowledge.operations;
    if (at.first_used[thread] == 0)
        at.first_used[thread] = knowledge.operations;
    bool joins = false;
    for (const LateLoad& late : knowledge.late) {
        if (late.word == word && !late.arrived && late.before == LateLoad::never)
            joins = late.value == value;
    }
    if (!joins)
        knowledge.late.push_back(
            {.word = word, .after = knowledge.now.place[word], .value = value, .step = step});
    return {.value = value, .late = true, .news = true};
}

bool Memory::all_arrived(unsigned thread) const {
    return std::ranges::all_of(threads_[thread].late, &LateLoad::arrived);
}

bool Memory::all_arrived() const {
    for (unsigned thread = 0; thread < most_threads; thread++) {
        if (!all_arrived(thread))
            return false;
    }
    return true;
}

/// A store may be what the first late load of its word in each other thread has waited for.
void Memory::deliver(unsigned writer, uint16_t word, Place place) {
    const Version& version = words_[word].history[place];
    for (unsigned thread = 0; thread < most_threads; thread++) {
        Knowledge& knowledge = threads_[thread];
        Place blocked = 0; // no load that must come before this place is next
        for (LateLoad& late : knowledge.late) {
            if (thread == writer || late.word != word || late.arrived || late.before == blocked)
                continue;
            blocked = late.before;
            if (late.value != version.value || place <= late.after || place >= late.before)
                continue;
            late.arrived = true;
            late.source = version.step;
            knowledge.loaded.join(version.view, count_);
            if (late.before == LateLoad::never)
                knowledge.now.place[word] = std::max(knowledge.now.place[word], place);
            for (LateLoad& next : knowledge.late)
                next.after =
                    next.word == word && !next.arrived ? std::max(next.after, place) : next.after;
            break;
        }
    }
}

} // namespace explore
