// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// @stage{4}
#include "runtime/tests/explore/tests/program.hpp"

#include "runtime/shared_word.hpp"

#include <random>

using explore::Action;

namespace {

struct Memory {
    rt::SharedWord<uint32_t> word[program_words];
    explore::Notification bell{"bell"};
};

uint32_t execute(const Instruction& one, Memory& memory) {
    rt::SharedWord<uint32_t>& word = memory.word[one.word];
    switch (one.action) {
    case Action::load_relaxed:
        return word.load_relaxed();
    case Action::load_acquire:
        return word.load_acquire();
    case Action::store_relaxed:
        return word.store_relaxed(one.value), 0;
    case Action::store_release:
        return word.store_release(one.value), 0;
    case Action::exchange:
        return word.exchange(one.value);
    case Action::fetch_or:
        return word.fetch_or(one.value);
    case Action::compare_exchange:
        return word.compare_exchange(0, one.value) ? 1 : 0;
    case Action::fence_acquire:
        return rt::fence_acquire(), 0;
    case Action::fence_release:
        return rt::fence_release(), 0;
    case Action::send:
        return memory.bell.send(one.word), 0;
    case Action::park:
        return static_cast<uint32_t>(memory.bell.park());
    default:
        return rt::fence_full(), 0;
    }
}

} // namespace

bool loads(const Instruction& one) { return is_load(one.action) || is_exchange(one.action); }
bool stores(const Instruction& one) { return is_store(one.action) || is_exchange(one.action); }

Program random_program(unsigned seed, std::span<const Action> others) {
    std::mt19937 random(seed);
    const Action actions[] = {Action::load_relaxed, Action::store_relaxed,
                              others[random() % others.size()], others[random() % others.size()]};
    Program program(2 + random() % 2);
    uint32_t value = 0;
    for (auto& thread : program) {
        for (unsigned i = program.size() == 2 ? 4 : 2 + random() % 2; i > 0; i--)
            thread.push_back({actions[random() % std::size(actions)],
                              static_cast<unsigned>(random() % program_words),
                              random() % 4 == 0 && value > 0 ? value : ++value});
    }
    return program;
}

Found explored(const Program& program, const explore::Limits& limits) {
    Found found;
    const auto scenario = [&] {
        Memory memory;
        std::vector<Results> results(program.size());
        std::vector<explore::Thread> threads;
        threads.reserve(program.size());
        for (unsigned i = 0; i < program.size(); i++)
            threads.push_back({"thread", [&, i] {
                                   for (const Instruction& one : program[i]) {
                                       const uint32_t value = execute(one, memory);
                                       if (loads(one))
                                           results[i].push_back(value);
                                   }
                               }});
        explore::threads(threads);
        Results all;
        for (const Results& some : results)
            all.insert(all.end(), some.begin(), some.end());
        for (const rt::SharedWord<uint32_t>& word : memory.word)
            all.push_back(word.load_relaxed());
        found.results.insert(all);
    };
    found.verdict = explore::all("random program", scenario, limits).verdict;
    if (found.verdict != explore::Verdict::passed)
        found.results.clear(); // it ends at the first failure, whichever that is
    return found;
}

std::string text(const Program& program) {
    std::string text;
    for (const auto& thread : program) {
        for (const Instruction& one : thread)
            text += std::string(spelled(one.action)) + " word " + std::to_string(one.word) + ' ' +
                    std::to_string(one.value) + "; ";
        text += '\n';
    }
    return text;
}

std::string text(const std::set<Results>& results) {
    std::string text;
    for (const Results& some : results) {
        for (const uint32_t value : some)
            text += std::to_string(value) + ' ';
        text += '\n';
    }
    return text;
}
