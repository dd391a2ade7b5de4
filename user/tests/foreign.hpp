// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A second address space, with code for threads that have nothing but registers in it.
///
///     foreign_code     a copy of threads.S
///     foreign_data     a page, different in each such space
///
/// Read next: threads.hpp, threads.S.
/// @stage{2}
#pragma once

#include "user/tests/threads.hpp"

constexpr Word foreign_code = 0x4000'0000;
constexpr Word foreign_data = 0x4000'2000;

class Foreign {
public:
    /// Makes an address space, with an ASID of `pool`; the word at foreign_data is `value`.
    /// Its root is made of `memory`, an untyped, if that is not 0.
    bool create(Word value, CPtr pool = abi::root_asid_pool, CPtr memory = 0,
                const Place& place = Place::current());

    /// Where such a function is in the space.
    static Word pc_of(void (*code)()) {
        return foreign_code + ::pc_of(code) - reinterpret_cast<Word>(&threads_code_start);
    }

    /// Makes a thread that begins at a pc of the space. Its capabilities are the test's.
    bool start(CPtr tcb, Word priority, const abi::UserContext& registers, CPtr fault_handler = 0,
               const Place& place = Place::current());

    [[nodiscard]] CPtr root() const { return space_.root(); }
    [[nodiscard]] user::VSpace& space() { return space_; }
    [[nodiscard]] CPtr code() const { return code_; }
    [[nodiscard]] CPtr data() const { return data_; }
    /// The word at foreign_data, as this space sees it.
    [[nodiscard]] volatile Word& value() { return *value_; }

private:
    user::VSpace space_{allocator};
    CPtr code_ = 0;
    CPtr data_ = 0;
    volatile Word* value_ = nullptr;
};
