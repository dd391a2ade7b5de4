// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A plugin of QEMU that records when the guest enters and leaves the kernel, sends and takes user
/// interrupts, and what its trace points say (kernel/lib/trace.hpp), and does not change what it
/// does. For machines whose harts take turns: time is how many instructions all of them executed.
///
///     -plugin build/host/recorder.so,out=FILE,trap=ADDRESS,most=EVENTS
///
/// `trap` is where the kernel's trap vector begins. FILE gets a line for each event: time, hart, a
/// letter, a number. Recording begins with the first trace point, when the kernel has booted, and
/// ends after so many events.
///
///     T 0        the trap vector begins          S 0    uipi.send
///     E number   ecall of a program              U 0    uret: a user interrupt was taken
///     R 0        sret                            P message of a trace point
///
/// Read next: tools/trace/timeline.py.
/// @stage{none}
#include "tools/plugin/block.hpp"

#include <deque>
#include <set>

namespace {

constexpr uint64_t user_end = 0x8000'0000;
constexpr uint64_t message_mask = 0xffff;

/// An instruction that is an event, and how many of its block come behind it.
struct Place {
    char letter;
    int32_t number;
    uint64_t behind;
};

uint64_t now = 0; ///< instructions of all blocks that were begun
uint64_t trap_address = 0;
uint64_t events_left = 0;
bool recording = false;
FILE* out = nullptr;

std::deque<Place> places;          ///< as long as the machine
std::set<uint64_t> message_stores; ///< addresses of instructions behind trace points
plugin::KnownCalls known_calls;

void record(unsigned cpu, const Place& place, int64_t number) {
    if (!recording || events_left == 0)
        return;
    events_left--;
    std::fprintf(out, "%llu %u %c %lld\n", static_cast<unsigned long long>(now - place.behind), cpu,
                 place.letter, static_cast<long long>(number));
}

extern "C" void executed(unsigned cpu, void* data) {
    const Place& place = *static_cast<const Place*>(data);
    record(cpu, place, place.number);
}

extern "C" void stored(unsigned cpu, qemu_plugin_meminfo_t, uint64_t address, void* data) {
    recording = true;
    const uint64_t message = address & message_mask;
    record(cpu, *static_cast<const Place*>(data), static_cast<int64_t>(message));
}

Place* place_at(char letter, int32_t number, uint64_t behind) {
    places.push_back({letter, number, behind});
    return &places.back();
}

void watch(qemu_plugin_insn* instruction, char letter, int32_t number, uint64_t behind) {
    qemu_plugin_register_vcpu_insn_exec_cb(instruction, executed, QEMU_PLUGIN_CB_NO_REGS,
                                           place_at(letter, number, behind));
}

extern "C" void translated(qemu_plugin_id_t, qemu_plugin_tb* block) {
    const size_t count = qemu_plugin_tb_n_insns(block);
    qemu_plugin_register_vcpu_tb_exec_inline(block, QEMU_PLUGIN_INLINE_ADD_U64, &now, count);
    for (size_t i = 0; i < count; i++) {
        qemu_plugin_insn* const instruction = qemu_plugin_tb_get_insn(block, i);
        const uint64_t address = qemu_plugin_insn_vaddr(instruction);
        const uint64_t behind = count - i;
        if (address == trap_address)
            watch(instruction, 'T', 0, behind);
        if (message_stores.contains(address))
            qemu_plugin_register_vcpu_mem_cb(instruction, stored, QEMU_PLUGIN_CB_NO_REGS,
                                             QEMU_PLUGIN_MEM_W, place_at('P', 0, behind));
        switch (plugin::decode(plugin::word_of(instruction))) {
        case plugin::ecall:
            if (address < user_end)
                watch(instruction, 'E', known_calls.at(block, i, address).number.value_or(0),
                      behind);
            break;
        case plugin::sret:
            watch(instruction, 'R', 0, behind);
            break;
        case plugin::sends:
            watch(instruction, 'S', 0, behind);
            break;
        case plugin::returns:
            watch(instruction, 'U', 0, behind);
            break;
        case plugin::trace_point:
            message_stores.insert(address + qemu_plugin_insn_size(instruction));
            break;
        default:
            break;
        }
    }
}

extern "C" void ended(qemu_plugin_id_t, void*) { std::fclose(out); }

} // namespace

extern "C" {

// What QEMU looks for.
// NOLINTBEGIN(readability-identifier-naming)
[[gnu::visibility("default")]] int qemu_plugin_version = 1;

[[gnu::visibility("default")]] int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t*,
                                                       int count, char** arguments) {
    constexpr int decimal = 10;
    const plugin::Arguments given{count, arguments};
    out = given.file("out=");
    trap_address = given.address("trap=");
    events_left = given.number("most=", decimal);
    if (out == nullptr || trap_address == 0 || events_left == 0) {
        std::fputs("recorder: needs out=FILE that can be written, trap= and most=\n", stderr);
        return 1;
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_atexit_cb(id, ended, nullptr);
    return 0;
}
// NOLINTEND(readability-identifier-naming)
}
