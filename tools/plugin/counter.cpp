// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A plugin of QEMU that counts what the guest does between two marks (user/bench/instructions.hpp)
/// and does not change what it does. Instructions are looked at once, when they are translated;
/// only those that count call back.
///
///     -plugin build/host/counter.so,out=FILE,trap=ADDRESS,signal=ADDRESS
///
/// `trap` and `signal` are where the kernel's trap vector and Notification::notify begin. FILE gets
/// a line for each pair of marks, in their order, and one for the whole run: "traps=12 calls=0
/// ...". Guard: each hart writes its own numbers; whoever passes a mark reads all. Read next:
/// decoder.hpp, tools/bench/counts.py.
/// @stage{none}
#include "tools/plugin/block.hpp"

#include <array>
#include <atomic>

namespace {

using plugin::Kind;

constexpr unsigned most_harts = 16;
/// User programs lie below; the firmware and the kernel above.
constexpr uint64_t user_end = 0x8000'0000;
constexpr uint64_t kernel_start = uint64_t{1} << 63;
/// The UINTC of QEMU's virt board.
constexpr uint64_t uintc_start = 0x02f1'0000;
constexpr uint64_t uintc_end = 0x02f1'5000;

using Counts = std::array<uint64_t, plugin::kinds>;

struct alignas(64) Hart {
    std::array<std::atomic<uint64_t>, plugin::kinds> counts;
};
std::array<Hart, most_harts> harts;
Counts at_begin;

uint64_t trap_address = 0;
uint64_t signal_address = 0;
FILE* out = nullptr;

plugin::KnownCalls known_calls;

void count(unsigned cpu, Kind kind) {
    std::atomic<uint64_t>& number = harts[cpu].counts[kind];
    number.store(number.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

Counts all() {
    Counts sums = {};
    for (const Hart& hart : harts) {
        for (unsigned kind = 0; kind < plugin::kinds; kind++)
            sums[kind] += hart.counts[kind].load(std::memory_order_relaxed);
    }
    return sums;
}

void write_counts() {
    const Counts now = all();
    for (unsigned kind = 0; kind < plugin::kinds; kind++)
        std::fprintf(out, "%s%s=%llu", kind == 0 ? "" : " ", plugin::names[kind],
                     static_cast<unsigned long long>(now[kind] - at_begin[kind]));
    std::fputc('\n', out);
}

extern "C" void executed(unsigned cpu, void* data) {
    const auto kind = static_cast<Kind>(reinterpret_cast<uintptr_t>(data));
    if (kind == plugin::mark_begin)
        at_begin = all();
    else if (kind == plugin::mark_end)
        write_counts();
    else
        count(cpu, kind);
}

extern "C" void accessed(unsigned cpu, qemu_plugin_meminfo_t info, uint64_t address, void*) {
    const qemu_plugin_hwaddr* const where = qemu_plugin_get_hwaddr(info, address);
    if (where == nullptr || !qemu_plugin_hwaddr_is_io(where))
        return;
    const uint64_t physical = qemu_plugin_hwaddr_phys_addr(where);
    const bool uintc = physical >= uintc_start && physical < uintc_end;
    if (qemu_plugin_mem_is_store(info))
        count(cpu, uintc ? plugin::uintc_stores : plugin::device_stores);
    else
        count(cpu, uintc ? plugin::uintc_loads : plugin::device_loads);
}

void watch(qemu_plugin_insn* instruction, Kind kind) {
    qemu_plugin_register_vcpu_insn_exec_cb(instruction, executed, QEMU_PLUGIN_CB_NO_REGS,
                                           reinterpret_cast<void*>(uintptr_t{kind}));
}

extern "C" void translated(qemu_plugin_id_t, qemu_plugin_tb* block) {
    for (size_t i = 0; i < qemu_plugin_tb_n_insns(block); i++) {
        qemu_plugin_insn* const instruction = qemu_plugin_tb_get_insn(block, i);
        const uint64_t address = qemu_plugin_insn_vaddr(instruction);
        const Kind kind = plugin::decode(plugin::word_of(instruction));
        if (kind == plugin::ecall) {
            if (address < user_end) {
                const plugin::Call call = known_calls.at(block, i, address);
                watch(instruction, plugin::system_call(call.number, call.first));
            }
        } else if (kind < plugin::kinds || kind == plugin::mark_begin || kind == plugin::mark_end) {
            watch(instruction, kind);
        }
        if (address == trap_address)
            watch(instruction, plugin::traps);
        if (address == signal_address)
            watch(instruction, plugin::signals);
        if (address >= kernel_start)
            qemu_plugin_register_vcpu_mem_cb(instruction, accessed, QEMU_PLUGIN_CB_NO_REGS,
                                             QEMU_PLUGIN_MEM_RW, nullptr);
    }
}

extern "C" void ended(qemu_plugin_id_t, void*) {
    at_begin = {};
    write_counts();
    std::fclose(out);
}

} // namespace

extern "C" {

// What QEMU looks for.
// NOLINTBEGIN(readability-identifier-naming)
[[gnu::visibility("default")]] int qemu_plugin_version = 1;

[[gnu::visibility("default")]] int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t*,
                                                       int count, char** arguments) {
    const plugin::Arguments given{count, arguments};
    out = given.file("out=");
    trap_address = given.address("trap=");
    signal_address = given.address("signal=");
    if (out == nullptr || trap_address == 0 || signal_address == 0) {
        std::fputs("counter: needs out=FILE that can be written, trap= and signal=\n", stderr);
        return 1;
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_atexit_cb(id, ended, nullptr);
    return 0;
}
// NOLINTEND(readability-identifier-naming)
}
