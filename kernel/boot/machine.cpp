// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// One walk through the device tree. Nodes are known by `compatible` or device_type, not by where
/// they are; they come in any order.
/// @stage{1}
#include "kernel/boot/machine.hpp"

#include "kernel/platform/board.hpp"

#include <algorithm>

namespace {

using namespace std::string_view_literals;
using device_tree::Property;
using device_tree::Walk;

constexpr Word none = ~Word{0};
constexpr Word least_frequency = 1000; // a tick must not be shorter than a count

/// What the walk has found so far.
class Reader {
public:
    Reader(device_tree::Bytes tree, Word boot_hart) : walk_(tree) {
        machine_.hart_ids[0] = boot_hart;
        machine_.harts = 1;
        machine_.plic_contexts.fill(none);
    }

    std::expected<Machine, const char*> read() {
        add_reservations();
        while (walk_.next())
            if (!walk_.node().disabled)
                visit();
        if (walk_.broken())
            return std::unexpected("the device tree is broken");
        find_contexts();
        if (const char* text = missing())
            return std::unexpected(text);
        return machine_;
    }

private:
    Property own(std::string_view name) { return walk_.property(walk_.node(), name); }
    Property parents(std::string_view name) { return walk_.property(walk_.parent(), name); }

    /// All ranges that the node's `reg` names; how, the node around it says.
    Regions ranges() {
        const Property reg = own("reg"sv);
        const Property address_cells = parents("#address-cells"sv);
        const Property size_cells = parents("#size-cells"sv);
        const Word address = address_cells.exists() ? address_cells.number() : 2;
        const Word size = size_cells.exists() ? size_cells.number() : 1;
        Regions ranges;
        if (address > 2 || size > 2 || address + size == 0)
            return ranges;
        for (Word cell = 0; cell + address + size <= reg.cells(); cell += address + size)
            ranges.add(
                Range::sized(PAddr(reg.number(cell, address)), reg.number(cell + address, size)));
        return ranges;
    }

    Range lowest_range() {
        const Regions all = ranges();
        return all.size() == 0 ? Range() : *all.begin();
    }

    void visit() {
        if (own("timebase-frequency"sv).exists())
            machine_.timebase_frequency = own("timebase-frequency"sv).number();
        const Property type = own("device_type"sv);
        if (type.lists("memory"sv))
            add_all(machine_.memory);
        else if (walk_.parent().name == "reserved-memory"sv)
            add_all(machine_.reserved);
        else if (walk_.node().name == "chosen"sv)
            machine_.initrd = {PAddr(own("linux,initrd-start"sv).number()),
                               PAddr(own("linux,initrd-end"sv).number())};
        else if (type.lists("cpu"sv))
            add_hart(own("reg"sv).number());
        else
            visit_device(own("compatible"sv));
    }

    void visit_device(const Property& compatible) {
        const auto is = [&](std::string_view name) { return compatible.lists(name); };
        if (is("riscv,cpu-intc"sv)) {
            add_controller(parents("reg"sv).number(), own("phandle"sv).number());
        } else if (is("sifive,plic-1.0.0"sv) || is("riscv,plic0"sv)) {
            machine_.plic = lowest_range();
            machine_.last_irq = std::min(own("riscv,ndev"sv).number(), board.last_irq);
            plic_interrupts_ = own("interrupts-extended"sv);
        } else if (is("riscv,clint0"sv) || is("sifive,clint0"sv)) {
            machine_.clint = lowest_range();
        } else if (is("riscv,aclint-mtimer"sv) || is("riscv,aclint-mswi"sv)) {
            add_all(machine_.reserved); // a CLINT in parts
        } else if (is("riscv,uintc0"sv)) {
            machine_.uintc = lowest_range();
            /// @cond LAB3
            visit_uintc(own("rel4,receivers"sv), own("rel4,wake-interrupt"sv));
            /// @endcond
        } else if (is("sifive,test0"sv) || is("sifive,test1"sv)) {
            machine_.finisher = lowest_range();
        }
    }

    /// @cond LAB3
    /// As many receivers as the node says, or as its registers have room for. The interrupt is a
    /// pair of cells: whose (a phandle), and which.
    void visit_uintc(const Property& receivers, const Property& wake) {
        const Word room = std::min(machine_.uintc.size() / 0x20, most_receivers);
        machine_.receivers = receivers.exists() ? std::min(receivers.number(), room) : room;
        if (wake.cells() == 2)
            machine_.wake_irq = wake.number(1, 1);
    }

    /// @endcond
    /// Firmware tells in two places what memory it keeps: here, and in nodes.
    void add_reservations() {
        for (Word i = 0;; i++) {
            const auto [start, size] = walk_.reservation(i);
            if (size == 0)
                return;
            machine_.reserved.add(Range::sized(PAddr(start), size));
        }
    }

    void add_all(Regions& to) {
        for (const Range& range : ranges())
            to.add(range);
    }

    /// Place 0 is of the hart that boots. Harts for which there is no place are not used.
    void add_hart(Word id) {
        const auto known = std::span(machine_.hart_ids).first(machine_.harts);
        if (std::ranges::find(known, id) == known.end() && machine_.harts < most_harts)
            machine_.hart_ids[machine_.harts++] = id;
    }

    void add_controller(Word hart_id, Word phandle) {
        for (unsigned hart = 0; hart < machine_.harts; hart++)
            if (machine_.hart_ids[hart] == hart_id)
                controllers_[hart] = phandle;
    }

    /// The PLIC lists the interrupts it drives, a pair of cells each: whose (a phandle), and
    /// which. Its contexts have the numbers of these pairs.
    void find_contexts() {
        constexpr Word supervisor_external = 9;
        for (Word pair = 0; pair < plic_interrupts_.cells() / 2; pair++)
            for (unsigned hart = 0; hart < machine_.harts; hart++)
                if (plic_interrupts_.number(2 * pair, 1) == controllers_[hart] &&
                    plic_interrupts_.number(2 * pair + 1, 1) == supervisor_external)
                    machine_.plic_contexts[hart] = pair;
    }

    [[nodiscard]] const char* missing() const {
        if (controllers_[0] == 0)
            return "the device tree does not list the hart that boots";
        if (machine_.memory.size() == 0)
            return "the device tree lists no memory";
        if (machine_.timebase_frequency < least_frequency)
            return "the device tree has no timebase-frequency that can be used";
        const auto contexts = std::span(machine_.plic_contexts).first(machine_.harts);
        if (!machine_.plic.empty() && std::ranges::find(contexts, none) != contexts.end())
            return "the device tree has a PLIC that does not interrupt every hart";
        return nullptr;
    }

    Walk walk_;
    Machine machine_;
    std::array<Word, most_harts> controllers_ = {}; ///< phandles of the harts' controllers
    Property plic_interrupts_;
};

} // namespace

std::expected<Machine, const char*> read_machine(device_tree::Bytes bytes, PAddr address,
                                                 Word boot_hart) {
    const auto tree = device_tree::open(bytes);
    if (!tree)
        return std::unexpected(tree.error());
    auto machine = Reader(*tree, boot_hart).read();
    if (machine)
        machine->device_tree = Range::sized(address, tree->size());
    return machine;
}
