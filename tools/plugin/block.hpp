// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What plugins find out about a block of instructions when it is translated.
/// Read next: counter.cpp, recorder.cpp.
/// @stage{none}
#pragma once

#include "tools/plugin/decoder.hpp"
#include "tools/plugin/qemu_plugin.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <string_view>

namespace plugin {

inline uint32_t word_of(const qemu_plugin_insn* instruction) {
    uint32_t word = 0;
    std::memcpy(&word, qemu_plugin_insn_data(instruction), qemu_plugin_insn_size(instruction));
    return word;
}

/// The constant that is in a register before instruction `index`.
inline std::optional<int32_t> constant_before(const qemu_plugin_tb* block, size_t index,
                                              unsigned rd) {
    constexpr size_t farthest = 8;
    for (size_t i = 1; i <= index && i <= farthest; i++) {
        const uint32_t word = word_of(qemu_plugin_tb_get_insn(block, index - i));
        if (const auto value = constant_in(word, rd))
            return value;
    }
    return {};
}

/// What is known of a system call: its number, in a7, and a0.
struct Call {
    std::optional<int32_t> number;
    std::optional<int32_t> first;
};

/// System calls by the address of their `ecall`: if a block begins right there, what is before it
/// is known from another time.
class KnownCalls {
public:
    Call at(const qemu_plugin_tb* block, size_t index, uint64_t address) {
        constexpr unsigned a0 = 10;
        constexpr unsigned a7 = 17;
        const auto number = constant_before(block, index, a7);
        const std::scoped_lock lock(guard_);
        if (!number)
            return calls_[address];
        return calls_[address] = {number, constant_before(block, index, a0)};
    }

private:
    std::map<uint64_t, Call> calls_;
    std::mutex guard_;
};

/// What a plugin is given, as "name=value".
struct Arguments {
    int count;
    char** list;

    /// Null if it is not there.
    [[nodiscard]] const char* text(std::string_view name) const {
        for (int i = 0; i < count; i++)
            if (std::string_view(list[i]).starts_with(name))
                return list[i] + name.size();
        return nullptr;
    }
    /// 0 if it is not there.
    [[nodiscard]] uint64_t number(std::string_view name, int base) const {
        const char* const digits = text(name);
        return digits == nullptr ? 0 : std::strtoull(digits, nullptr, base);
    }
    [[nodiscard]] uint64_t address(std::string_view name) const { return number(name, 16); }
    /// Opened for writing. Null if it cannot be, or is not there.
    [[nodiscard]] FILE* file(std::string_view name) const {
        const char* const path = text(name);
        return path == nullptr ? nullptr : std::fopen(path, "w");
    }
};

} // namespace plugin
