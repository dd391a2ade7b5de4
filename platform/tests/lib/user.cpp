// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Visits to other privileges; the last step into and the first out of U-mode are in trap.S.

#include "platform/tests/lib/user.hpp"

#include "platform/tests/lib/clock.hpp"
#include "platform/tests/lib/csr.hpp"
#include "platform/tests/lib/environment.hpp"
#include "platform/tests/lib/memory.hpp"
#include "platform/tests/lib/paging.hpp"
#include "platform/tests/lib/trap.hpp"

extern "C" uint64_t enter_user(Hart& hart, uint64_t pc, uint64_t stack, uint64_t argument,
                               uint64_t return_address, bool by_mret, uint64_t machine_interrupts);

namespace {

void forget_traps(Hart& hart) {
    hart.traps = {};
    hart.received = 0;
    hart.user_vector = all_ones;
}

Run result(const Hart& hart, uint64_t value) { return {value, hart.traps, hart.received}; }

} // namespace

Run run_user(Function function, uint64_t argument, const UserOptions& options) {
    Hart& hart = this_hart();
    hart.user_handler = options.handler == nullptr ? nullptr : paging::user_view(options.handler);
    csr::write<csr::uscratch>(paging::user_view(address_of(&hart)));
    csr::write<csr::utvec>(options.vector != 0 ? options.vector
                                               : paging::user_view(address_of(user_trap_entry)));
    csr::clear<csr::sstatus>(status::sie | status::spp | status::spie);
    if (options.supervisor_interrupts)
        csr::set<csr::sstatus>(status::spie);
    forget_traps(hart); // also those of the lines above on a machine without the N extension
    const uint64_t value = enter_user(
        hart, paging::user_view(address_of(function)), paging::user_view(hart.user_stack), argument,
        paging::user_view(address_of(user_exit)), options.by_mret, options.machine_interrupts);
    return result(hart, value);
}

Run run_supervisor(Function function, uint64_t argument) {
    Hart& hart = this_hart();
    forget_traps(hart);
    const uint64_t value = function(argument);
    return result(hart, value);
}

Run run_machine(Function function, uint64_t argument) {
    Hart& hart = this_hart();
    forget_traps(hart);
    const uint64_t value = environment::call_in_machine_mode(function, argument);
    return result(hart, value);
}

Hart& user_hart() { return *reinterpret_cast<Hart*>(csr::read<csr::uscratch>()); }

void await_user_traps(uint64_t count) {
    const volatile uint64_t& taken = user_hart().traps.user.count;
    (void)wait_until([&] { return taken >= count; });
}

void linger() {
    for (unsigned i = 0; i < 200; i++)
        asm volatile("");
}
