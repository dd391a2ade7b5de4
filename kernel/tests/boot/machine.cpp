// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Device trees: what a good one says, what is left out of it, and broken ones of every kind.
/// The sanitizers of the host program notice any read outside the block.
/// @stage{2}
#include "kernel/boot/machine.hpp"

#include "kernel/tests/boot/tree_builder.hpp"
#include "kernel/tests/panic.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>

namespace {

using namespace std::string_literals;
using Bytes = TreeBuilder::Bytes;

Range sized(Word start, Word size) { return Range::sized(PAddr(start), size); }

void add_cpu(TreeBuilder& tree, uint32_t id, uint32_t phandle, const std::string& status = "okay") {
    tree.begin("cpu@" + std::to_string(id))
        .string("device_type", "cpu")
        .cells("reg", {id})
        .string("status", status)
        .begin("interrupt-controller")
        .string("compatible", "riscv,cpu-intc")
        .cells("phandle", {phandle})
        .end()
        .end();
}

TreeBuilder& begin_cpus(TreeBuilder& tree) {
    return tree.begin("cpus")
        .cells("#address-cells", {1})
        .cells("#size-cells", {0})
        .cells("timebase-frequency", {10'000'000});
}

TreeBuilder& begin_root(TreeBuilder& tree) {
    return tree.begin("").cells("#address-cells", {2}).cells("#size-cells", {2});
}

void add_memory(TreeBuilder& tree) {
    tree.begin("memory@80000000")
        .string("device_type", "memory")
        .cells("reg", {0, 0x8000'0000, 0, 0x2000'0000})
        .end();
}

void add_devices(TreeBuilder& tree) {
    tree.begin("soc").cells("#address-cells", {2}).cells("#size-cells", {2});
    tree.begin("plic@c000000")
        .cells("riscv,ndev", {96})
        .cells("reg", {0, 0xc00'0000, 0, 0x60'0000})
        .cells("interrupts-extended", {6, 11, 6, 9, 4, 11, 4, 9})
        .string("compatible", "sifive,plic-1.0.0\0riscv,plic0"s)
        .end();
    tree.begin("clint@2000000")
        .cells("reg", {0, 0x200'0000, 0, 0x1'0000})
        .string("compatible", "sifive,clint0\0riscv,clint0"s)
        .end();
    tree.begin("uintc@2f10000")
        .string("compatible", "riscv,uintc0")
        .cells("reg", {0, 0x2f1'0000, 0, 0x5000})
        .end();
    tree.begin("test@100000")
        .cells("reg", {0, 0x10'0000, 0, 0x1000})
        .string("compatible", "sifive,test1\0sifive,test0\0syscon"s)
        .end();
    tree.end();
}

/// Two harts, 4 and 2.
TreeBuilder good_tree() {
    TreeBuilder tree;
    begin_root(tree);
    tree.begin("chosen")
        .cells("linux,initrd-start", {0x8820'0000})
        .cells("linux,initrd-end", {0, 0x8830'0001})
        .end();
    begin_cpus(tree);
    add_cpu(tree, 4, 4);
    add_cpu(tree, 2, 6);
    tree.end();
    add_memory(tree);
    tree.begin("reserved-memory").cells("#address-cells", {2}).cells("#size-cells", {2});
    tree.begin("firmware@80000000").cells("reg", {0, 0x8000'0000, 0, 0x8'0000}).end().end();
    add_devices(tree);
    tree.end();
    return tree;
}

std::string error_of(const Bytes& blob, Word boot_hart = 2) {
    const auto machine = read_machine(blob, PAddr(0x9000), boot_hart);
    return machine ? "none" : machine.error();
}

/// Is the tree read or refused? In a third way, memory can be in too many pieces.
bool is_judged(const Bytes& blob) {
    try {
        return read_machine(blob, PAddr(0x9000), 2).has_value() || !error_of(blob).empty();
    } catch (const Panic&) {
        return true;
    }
}

} // namespace

TEST_SUITE("machine") {
    TEST_CASE("a machine is read as it is") {
        const Bytes blob = good_tree().blob();
        const auto machine = read_machine(blob, PAddr(0x9000), 2);
        REQUIRE(machine);
        CHECK(machine->device_tree == sized(0x9000, blob.size()));
        CHECK(machine->timebase_frequency == 10'000'000);
        CHECK(machine->memory.contains(sized(0x8000'0000, 0x2000'0000)));
        CHECK(machine->memory.size() == 0x2000'0000);
        CHECK(machine->reserved.contains(sized(0x8000'0000, 0x8'0000)));
        CHECK(machine->reserved.size() == 0x8'0000);
        CHECK(machine->initrd == Range{PAddr(0x8820'0000), PAddr(0x8830'0001)});
        CHECK(machine->plic == sized(0xc00'0000, 0x60'0000));
        CHECK(machine->last_irq == 95);
        CHECK(machine->clint == sized(0x200'0000, 0x1'0000));
        CHECK(machine->uintc == sized(0x2f1'0000, 0x5000));
        CHECK(machine->finisher == sized(0x10'0000, 0x1000));
    }

    TEST_CASE("the hart that boots is hart 0, and each knows its context") {
        const Bytes blob = good_tree().blob();
        const auto machine = read_machine(blob, PAddr(0x9000), 2);
        REQUIRE(machine);
        CHECK(machine->harts == 2);
        CHECK(machine->hart_ids[0] == 2);
        CHECK(machine->hart_ids[1] == 4);
        CHECK(machine->plic_contexts[0] == 1);
        CHECK(machine->plic_contexts[1] == 3);
    }

    TEST_CASE("harts that are disabled, or too many, stay out") {
        TreeBuilder tree;
        begin_root(tree);
        begin_cpus(tree);
        add_cpu(tree, 0, 1, "disabled");
        for (uint32_t id = 1; id < 8; id++)
            add_cpu(tree, id, id + 1);
        tree.end();
        add_memory(tree);
        tree.end();
        const Bytes blob = tree.blob();
        const auto machine = read_machine(blob, PAddr(0x9000), 7);
        REQUIRE(machine);
        CHECK(machine->harts == most_harts);
        CHECK(machine->hart_ids == std::array<Word, most_harts>{7, 1, 2, 3});
        CHECK(machine->plic.empty());
        CHECK(error_of(blob, 0) == "the device tree does not list the hart that boots");
        CHECK(error_of(blob, 8) == "the device tree does not list the hart that boots");
    }

    TEST_CASE("a hart that is listed twice is one") {
        TreeBuilder tree;
        begin_root(tree);
        begin_cpus(tree);
        for (const uint32_t id : {0U, 1U, 1U, 2U})
            add_cpu(tree, id, id + 1);
        tree.end();
        add_memory(tree);
        const Bytes blob = tree.end().blob();
        const auto machine = read_machine(blob, PAddr(0x9000), 0);
        REQUIRE(machine);
        CHECK(machine->harts == 3);
    }

    TEST_CASE("what firmware keeps is reserved, wherever the tree says so") {
        TreeBuilder tree;
        begin_root(tree);
        begin_cpus(tree);
        add_cpu(tree, 2, 6);
        tree.end();
        add_memory(tree);
        tree.reserve(0x8010'0000, 0x1000).reserve(0x8020'0000, 0x2000);
        tree.begin("mtimer@2004000").string("compatible", "riscv,aclint-mtimer");
        tree.cells("reg", {0, 0x200'4000, 0, 0x8000}).end();
        const Bytes blob = tree.end().blob();
        const auto machine = read_machine(blob, PAddr(0x9000), 2);
        REQUIRE(machine);
        CHECK(machine->reserved.contains(sized(0x8010'0000, 0x1000)));
        CHECK(machine->reserved.contains(sized(0x8020'0000, 0x2000)));
        CHECK(machine->reserved.contains(sized(0x200'4000, 0x8000)));
    }

    TEST_CASE("what does not exist is empty") {
        TreeBuilder tree;
        begin_root(tree);
        begin_cpus(tree);
        add_cpu(tree, 0, 1);
        tree.end();
        add_memory(tree);
        const Bytes blob = tree.end().blob();
        const auto machine = read_machine(blob, PAddr(0x9000), 0);
        REQUIRE(machine);
        CHECK(machine->initrd.empty());
        CHECK(machine->plic.empty());
        CHECK(machine->uintc.empty());
        CHECK(machine->finisher.empty());
        CHECK(machine->last_irq == 0);
    }

    TEST_CASE("without memory, clock or a PLIC for each hart: an error") {
        TreeBuilder no_memory;
        begin_root(no_memory);
        begin_cpus(no_memory);
        add_cpu(no_memory, 2, 6);
        CHECK(error_of(no_memory.end().end().blob()) == "the device tree lists no memory");

        for (const bool slow : {false, true}) {
            TreeBuilder no_clock;
            begin_root(no_clock).begin("cpus").cells("#address-cells", {1});
            no_clock.cells("#size-cells", {0});
            if (slow)
                no_clock.cells("timebase-frequency", {499});
            add_cpu(no_clock, 2, 6);
            no_clock.end();
            add_memory(no_clock);
            CHECK(error_of(no_clock.end().blob()) ==
                  "the device tree has no timebase-frequency that can be used");
        }

        TreeBuilder no_context;
        begin_root(no_context);
        begin_cpus(no_context);
        add_cpu(no_context, 2, 6);
        add_cpu(no_context, 3, 7);
        no_context.end();
        add_memory(no_context);
        add_devices(no_context);
        CHECK(error_of(no_context.end().blob()) ==
              "the device tree has a PLIC that does not interrupt every hart");
    }

    TEST_CASE("no tree at all") {
        CHECK(error_of({}) == "the firmware passed no device tree");
        CHECK(error_of(Bytes(1000)) == "the firmware passed no device tree");
    }

    TEST_CASE("a tree that ends too early, or nests too deep") {
        TreeBuilder open;
        CHECK(error_of(begin_root(open).blob()) == "the device tree is broken");
        TreeBuilder closed;
        CHECK(error_of(begin_root(closed).end().end().blob()) == "the device tree is broken");
        TreeBuilder deep;
        for (int i = 0; i < 100; i++)
            deep.begin("deeper");
        CHECK(error_of(deep.blob()) == "the device tree is broken");
        TreeBuilder unknown;
        CHECK(error_of(begin_root(unknown).token(77).end().blob()) == "the device tree is broken");
    }

    TEST_CASE("a range that goes over the end of all addresses is left out") {
        TreeBuilder tree;
        begin_root(tree);
        begin_cpus(tree);
        add_cpu(tree, 0, 1);
        tree.end();
        add_memory(tree);
        tree.begin("memory@1")
            .string("device_type", "memory")
            .cells("reg", {0xffff'ffff, 0xffff'0000, 0xffff'ffff, 0})
            .end();
        const Bytes blob = tree.end().blob();
        const auto machine = read_machine(blob, PAddr(0x9000), 0);
        REQUIRE(machine);
        CHECK(machine->memory.size() == 0x2000'0000);
    }

    TEST_CASE("cut off anywhere, it is refused") {
        const Bytes whole = good_tree().blob();
        for (std::size_t length = 0; length < whole.size(); length++) {
            const Bytes part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
            REQUIRE(error_of(part) != "none");
        }
    }

    TEST_CASE("broken anywhere, nothing outside of it is read") {
        const Bytes whole = good_tree().blob();
        std::mt19937 random(1);
        for (std::size_t at = 0; at < whole.size(); at++) {
            Bytes blob = whole;
            blob[at] = static_cast<uint8_t>(random());
            blob[random() % blob.size()] ^= static_cast<uint8_t>(1U << random() % 8);
            REQUIRE(is_judged(blob));
        }
    }
}
