// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the device tree tells a kernel about user interrupts, on both boards: the one with virtio
/// devices (QEMU's virt) and the one without (the FPGA's memory map).

#include "platform/tests/lib/board.hpp"
#include "platform/tests/lib/hart.hpp"
#include "platform/tests/lib/test.hpp"

namespace {

Node uintc() { return board.tree.compatible("riscv,uintc0"); }
Node plic() { return board.tree.compatible("riscv,plic0"); }
bool is_virt() { return board.tree.compatible("virtio,mmio").exists(); }

} // namespace

CASE(uintc_is_where_the_board_has_it) {
    expect_equal("address", is_virt() ? 0x02F1'0000 : 0x0300'0000, uintc().address());
}

CASE(uintc_has_as_many_receivers_as_the_board) {
    expect_equal("receivers", is_virt() ? 512 : 32, board.uintc.receivers);
}

CASE(number_of_receivers_is_named_where_a_map_follows_them, Needs::wake) {
    expect("rel4,receivers", uintc().property("rel4,receivers").exists());
}

CASE(uintc_registers_hold_receivers_and_map) {
    const uint64_t receivers = uint64_t{board.uintc.receivers} * Receiver::stride;
    const uint64_t map = board.uintc.has_wake() ? (board.uintc.receivers + 63) / 64 * 8 : 0;
    expect("size", uintc().size() >= receivers + map);
    expect_equal("part of a page", 0, is_virt() ? uintc().size() % 4096 : 0);
}

CASE(uintc_interrupts_every_hart_with_number_0) {
    const Property interrupts = uintc().property("interrupts-extended");
    expect_equal("cells", 2 * board.hart_count, interrupts.cells());
    for (uint32_t i = 0; i < board.hart_count; i++) {
        concerning("hart", i);
        const Node controller = board.tree.of_type("cpu", i).child_with("interrupt-controller");
        bool found = false;
        for (uint32_t cell = 0; cell < interrupts.cells(); cell += 2)
            found = found || (interrupts.cell(cell) == controller.phandle() &&
                              interrupts.cell(cell + 1) == irq::user_software);
        expect("its interrupt controller is listed", found);
    }
}

CASE(wake_interrupt_names_a_source_of_the_plic, Needs::wake) {
    const Property wake = uintc().property("rel4,wake-interrupt");
    expect_equal("cells", 2, wake.cells());
    expect_equal("controller", plic().phandle(), wake.cell(0));
    expect("source", wake.cell(1) >= 1 && wake.cell(1) < plic().property("riscv,ndev").cell(0));
}

CASE(without_the_wake_line_there_is_no_wake_interrupt, Needs::no_wake) {
    expect("no property", !uintc().property("rel4,wake-interrupt").exists());
    expect_equal("size", uint64_t{board.uintc.receivers} * Receiver::stride, uintc().size());
}

CASE(fpga_board_has_no_virtio_and_no_pci) {
    expect_equal("pci", is_virt(), board.tree.compatible("pci-host-ecam-generic").exists());
}

CASE(clock_runs_as_the_device_tree_says) {
    expect_equal("ticks a second", is_virt() ? 10'000'000 : 1'000'000, board.timebase);
}

void guest_main() { run_user_interrupt_cases(); }
