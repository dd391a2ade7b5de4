// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What plugins find out about a block of instructions when it is translated.
/// Read next: counter.cpp, recorder.cpp.
/// @stage{none}
#pragma once

#include "tools/plugin/decoder.hpp"
#include "tools/plugin/qemu_plugin.hpp"

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

/// The value of an argument "name=value"; null if it is another.
inline const char* value_of(const char* argument, std::string_view name) {
    return std::string_view(argument).starts_with(name) ? argument + name.size() : nullptr;
}

} // namespace plugin
