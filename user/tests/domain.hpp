// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Domains for tests: which thread is in which, and when each has time. The schedule is the
/// machine's: each test restores it.
/// Read next: domain.cpp, domain_sleep.cpp.
/// @stage{none}
#pragma once

#include "user/lib/boot_info.hpp"
#include "user/tests/suite.hpp"

inline Result set_domain(CPtr thread, Word domain) {
    const Word words[] = {domain};
    const Word label = static_cast<Word>(abi::Label::domain_set);
    return invoke_raw(abi::domain_control, MessageInfo::make(label, 1, 1), words,
                      std::array{thread});
}

namespace schedule {

constexpr Word longest = abi::mask(56);

inline Result configure(Word index, Word domain, Word duration) {
    return invoke(abi::domain_control, abi::DomainScheduleConfigure{index, domain, duration});
}

inline Result set_start(Word index) {
    return invoke(abi::domain_control, abi::DomainScheduleSetStart{index});
}

/// Domains 0, in which the test is, and 1 take turns: two ticks each.
inline void alternate(const Place& place = Place::current()) {
    expect_success("a schedule", configure(0, 0, 2), place);
    expect_success("a schedule", configure(1, 1, 2), place);
    expect_success("start it", set_start(0), place);
}

/// One domain for ever, as at the start of the machine.
inline void restore() {
    configure(0, 0, longest);
    set_start(0);
    if (config::domain_schedule_length > 2)
        configure(1, 0, 0);
}

} // namespace schedule
