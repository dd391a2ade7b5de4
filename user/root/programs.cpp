// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See programs.hpp.
/// @stage{2}
#include "user/root/programs.hpp"

#include "user/lib/boot_info.hpp"
#include "user/lib/console.hpp"

#include <algorithm>

namespace root {

bool Programs::create(const user::Process::Options& options, const Listener& listener) {
    options_ = options;
    options_.watch = &watch_;
    listener_ = listener;
    return user::take_all_slots() && watch_.create(user::allocator, user::vspace);
}

void Programs::note(unsigned code) { exit_code_ = std::max(exit_code_, code); }

unsigned Programs::free_index() const {
    unsigned index = 0;
    while (index < most_programs && programs_[index].runs)
        index++;
    return index;
}

bool Programs::start(const File& file) {
    const unsigned index = free_index();
    if (index == most_programs) {
        println("root: no room for ", file.name);
        note(1);
        return false;
    }
    // A fault of the program that was here before is nobody's, and not of this one.
    take_pending();
    Program& program = programs_[index];
    program.name = file.name;
    options_.badge = badge_of_program(index);
    /// @cond LAB5
    options_.hart = index % options_.harts;
    /// @endcond
    const bool created = program.process.create(user::Elf(file.contents), file.name, options_);
    if (!created || (listener_.made != nullptr && !listener_.made(listener_.context, index))) {
        println("root: cannot start ", file.name);
        note(1);
        if (created)
            program.process.destroy();
        return false;
    }
    println("root: starting ", file.name);
    program.runs = true;
    running_++;
    program.process.start();
    return true;
}

void Programs::end(unsigned index, unsigned code) {
    Program& program = programs_[index];
    println("root: ", program.name, " ended with ", code);
    note(code);
    program.exit_code = code;
    if (listener_.ends != nullptr)
        listener_.ends(listener_.context, index, code);
    program.process.destroy();
    /// @cond NONE
    if (listener_.gone != nullptr)
        listener_.gone(listener_.context, index);
    /// @endcond
    program.runs = false;
    running_--;
}

void Programs::take_fault(unsigned index, const user::Event& fault) {
    Program& program = programs_[index];
    if (listener_.mend != nullptr && listener_.mend(listener_.context, index, fault))
        return;
    println("root: ", program.name, " was stopped by ", user::text(fault.fault), ", pc ",
            console::Hex{fault.pc}, ", detail ", console::Hex{fault.detail});
    end(index, 1);
}

void Programs::take_pending() {
    user::Event event;
    for (; watch_.poll(event); event = {})
        take(event);
    take(event); // in PROFILE=sel4 a signal perhaps
}

void Programs::take(const user::Event& event) {
    for (unsigned index = 0; index < most_programs; index++) {
        Program& program = programs_[index];
        const Word badge = badge_of_program(index);
        if (!program.runs || (event.badge & badge) != badge)
            continue;
        if (event.fault == abi::Fault::none) {
            if (program.process.exited())
                end(index, program.process.exit_code());
        } else if (event.badge == badge) {
            take_fault(index, event);
        }
    }
}

} // namespace root
