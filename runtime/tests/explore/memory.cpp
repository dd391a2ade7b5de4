// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Versions and views: what each operation does to them.
/// @stage{4}
#include "runtime/tests/explore/memory.hpp"

#include <cstring>

namespace explore {

void Memory::clear() {
    for (Word& word : std::span(words_.data(), count_)) {
        word.history.clear();
        word.first_used = {};
    }
    for (Knowledge& thread : threads_) {
        thread.now = thread.loaded = thread.released = {};
        thread.late.clear();
        thread.operations = 0;
    }
    fenced_ = {};
    count_ = 0;
}

bool Memory::full(const void* address) const {
    return count_ == most_words &&
           std::ranges::none_of(words(), [&](const Word& word) { return word.address == address; });
}

uint16_t Memory::number(void* address, uint8_t size) {
    uint16_t number = 0;
    while (number < count_ && words_[number].address != address)
        number++;
    Word& word = words_[number];
    if (number == count_) {
        word.address = static_cast<std::byte*>(address);
        word.size = size;
        count_++;
        uint64_t value = 0;
        std::memcpy(&value, address, size);
        word.history.emplace_back(value, View());
    }
    return number;
}

/// Can the operation load the version there? What it writes must follow at once.
bool Memory::allowed(const Operation& operation, const Word& word, Place place) {
    return place == word.newest() || !word.history[place + 1].inseparable ||
           !writes(operation, word.history[place].value);
}

Place Memory::oldest(unsigned thread, const Operation& operation, uint16_t word) const {
    Place oldest = threads_[thread].now.place[word];
    for (const LateLoad& load : threads_[thread].late) {
        if (load.word == word && !load.arrived && load.before == LateLoad::never &&
            is_load(operation.action))
            oldest = std::max<Place>(oldest, load.after + 1);
    }
    return oldest;
}

unsigned Memory::ways(unsigned thread, const Operation& operation, uint16_t word) const {
    if (waits_for_loads(operation.action) && !all_arrived(thread))
        return 0;
    if (!has_word(operation.action))
        return 1;
    const Word& at = words_[word];
    if (operation.action == Action::park && at.history.back().value == 0)
        return 0;
    unsigned ways = 0;
    for (unsigned place = oldest(thread, operation, word); place <= at.newest(); place++)
        ways += allowed(operation, at, static_cast<Place>(place)) ? 1 : 0;
    return ways;
}

/// The place that the operation loads from, or stores behind: newer ones come first.
Place Memory::chosen(const Operation& operation, const Word& word, unsigned way) {
    Place place = word.newest();
    while (!allowed(operation, word, place) || way-- != 0)
        place--;
    return place;
}

uint32_t Memory::source(const Operation& operation, uint16_t word, unsigned way) const {
    return words_[word].history[chosen(operation, words_[word], way)].step;
}

Memory::Result Memory::perform(unsigned thread, const Operation& operation, uint16_t word,
                               unsigned way, uint32_t step) {
    Knowledge& knowledge = threads_[thread];
    knowledge.now.clock[thread] = ++knowledge.operations;
    if (!has_word(operation.action)) {
        fence(thread, operation.action);
        return {};
    }
    Word& at = words_[word];
    const bool first = at.first_used[thread] == 0;
    if (first)
        at.first_used[thread] = knowledge.operations;
    const Place place = chosen(operation, at, way);
    const uint64_t old = at.history[place].value;
    Result result;
    if (!is_store(operation.action)) {
        result = load(thread, word, place, acquires(operation.action));
        result.news = result.news || first;
    }
    if (writes(operation, old)) {
        const uint64_t value = written(operation, old);
        result.wrote = true;
        result.news = result.news || is_store(operation.action) || value != old;
        result.overtaken = place == at.newest() ? 0 : at.history[place + 1].step;
        store(thread, operation, word, place + 1, value, step);
    }
    return result;
}

Memory::Result Memory::load(unsigned thread, uint16_t word, Place place, bool acquire) {
    Knowledge& knowledge = threads_[thread];
    const Word& at = words_[word];
    const Version& version = at.history[place];
    Result result;
    result.value = version.value;
    result.source = version.step;
    result.overlooked = place == at.newest() ? 0 : at.history.back().step;
    result.news = version.value != at.history[knowledge.now.place[word]].value;
    for (LateLoad& late : knowledge.late) {
        if (late.word == word && !late.arrived)
            late.before = std::min(late.before, place);
    }
    knowledge.now.place[word] = place;
    knowledge.loaded.join(version.view, count_);
    knowledge.loaded.place[word] = std::max(knowledge.loaded.place[word], place);
    if (acquire)
        knowledge.now.join(version.view, count_);
    return result;
}

void Memory::store(unsigned thread, const Operation& operation, uint16_t word, Place place,
                   uint64_t value, uint32_t step) {
    Knowledge& knowledge = threads_[thread];
    Word& at = words_[word];
    make_room(word, place);
    for (LateLoad& late : knowledge.late) {
        if (late.word == word && !late.arrived)
            late.before = std::min(late.before, place);
    }
    const View& carried = releases(operation.action) ? knowledge.now : knowledge.released;
    knowledge.now.place[word] = place;
    knowledge.loaded.place[word] = std::max(knowledge.loaded.place[word], place);
    Version& version = *at.history.emplace(at.history.begin() + place, value, carried);
    version.view.place[word] = place;
    version.step = step;
    version.writer = static_cast<uint8_t>(thread);
    version.inseparable = is_exchange(operation.action);
    if (version.inseparable)
        version.view.join(at.history[place - 1].view, count_);
    if (place == at.newest())
        std::memcpy(at.address, &value, at.size);
    deliver(thread, word, place);
}

/// Everything at or behind a place in a history moves by one.
void Memory::make_room(uint16_t word, Place place) {
    if (place > words_[word].newest())
        return;
    const auto move = [&](Place& other) {
        if (other >= place && other != LateLoad::never)
            other++;
    };
    move(fenced_.place[word]);
    for (Knowledge& thread : threads_) {
        move(thread.now.place[word]);
        move(thread.loaded.place[word]);
        move(thread.released.place[word]);
        for (LateLoad& late : thread.late) {
            if (late.word == word) {
                move(late.after);
                move(late.before);
            }
        }
    }
    for (Word& other : std::span(words_.data(), count_)) {
        for (Version& version : other.history)
            move(version.view.place[word]);
    }
}

void Memory::fence(unsigned thread, Action action) {
    Knowledge& knowledge = threads_[thread];
    if (action == Action::fence_acquire || action == Action::fence_full)
        knowledge.now.join(knowledge.loaded, count_);
    if (action == Action::fence_full) {
        knowledge.now.join(fenced_, count_);
        fenced_.place = knowledge.now.place;
        knowledge.loaded.join(knowledge.now, count_);
    }
    if (action == Action::fence_release || action == Action::fence_full)
        knowledge.released = knowledge.now;
}

bool Memory::ordered(unsigned thread, uint16_t operation, unsigned other) const {
    return thread == other || operation <= threads_[other].now.clock[thread];
}

bool Memory::fresh(unsigned thread, uint16_t word) const {
    const std::vector<Version>& history = words_[word].history;
    return history.back().value != history[threads_[thread].now.place[word]].value;
}

} // namespace explore
