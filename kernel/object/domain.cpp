// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The schedule of domains.
/// @stage{none}
#include "kernel/object/domain.hpp"

#include "kernel/object/tcb.hpp"
#include "kernel/sched/remote.hpp"
#include "kernel/sched/scheduler.hpp"

namespace domain {

namespace {

struct Entry {
    Word domain;
    Word duration; ///< ticks; 0 with domain 0: the end, 0: for ever

    [[nodiscard]] bool is_end() const { return domain == 0 && duration == 0; }
};

constexpr Word longest = mask(56);

constinit Entry schedule[config::domain_schedule_length] = {{0, longest}, {0, 0}};
constinit Word start = 0;
constinit Word position = 0;
constinit Word ticks_left = longest;

Result<Outcome> set(Invocation& call, const abi::DomainSet& message) {
    if (message.domain >= config::domains)
        return invalid_argument(0);
    if (call.extra_caps().count == 0)
        return failure(abi::Error::truncated_message);
    if (!call.extra(0).cap.is<ThreadCap>())
        return invalid_argument(1);
    Tcb& tcb = call.extra(0).cap.as<ThreadCap>().object();
    remote::stall(tcb);
    sched::dequeue(tcb);
    tcb.place.domain = static_cast<uint8_t>(message.domain);
    if (&tcb == &current_thread())
        sched::reschedule();
    else if (tcb.runnable())
        sched::ready(tcb);
    return Outcome::done;
}

Result<Outcome> configure(Invocation&, const abi::DomainScheduleConfigure& message) {
    // The last entry always stays an end.
    if (message.index >= config::domain_schedule_length - 1)
        return range_error(0, config::domain_schedule_length - 2);
    if (message.domain >= config::domains)
        return range_error(0, config::domains - 1);
    if (message.duration > longest)
        return invalid_argument(2);
    if (message.duration == 0 && message.domain != 0)
        return invalid_argument(1);
    if (message.index == start && message.duration == 0)
        return invalid_argument(2);
    schedule[message.index] = {message.domain, message.duration};
    return Outcome::done;
}

Result<Outcome> set_start(Invocation&, const abi::DomainScheduleSetStart& message) {
    if (message.index >= config::domain_schedule_length)
        return range_error(0, config::domain_schedule_length - 1);
    if (schedule[message.index].is_end())
        return invalid_argument(0);
    start = message.index;
    position = config::domain_schedule_length - 1; // so that the start comes next
    ticks_left = 0;
    sched::reschedule();
    return Outcome::done;
}

} // namespace

Result<Outcome> invoke(Invocation& call) { return dispatch<&set, &configure, &set_start>(call); }

void tick() {
    if (ticks_left > 0)
        ticks_left--;
    if (ticks_left == 0)
        sched::reschedule();
}

void advance_if_over() {
    if (ticks_left != 0)
        return;
    position++;
    if (position >= config::domain_schedule_length || schedule[position].is_end())
        position = start;
    ticks_left = schedule[position].duration;
    if (sched::current_domain == schedule[position].domain)
        return;
    sched::current_domain = schedule[position].domain;
    for (unsigned i = 0; i < hart_count; i++) {
        if (&harts[i] != &this_hart())
            harts[i].interrupt_wanted = true;
    }
}

} // namespace domain
