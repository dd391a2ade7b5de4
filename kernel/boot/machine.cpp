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
using device_tree::Node;
using device_tree::Property;
using device_tree::Walk;

constexpr Word none = ~Word{0};

/// What the walk has found so far.
class Reader {
public:
    explicit Reader(Word boot_hart) {
        machine_.hart_ids[0] = boot_hart;
        machine_.harts = 1;
        machine_.plic_contexts.fill(none);
    }

    void visit(const Node& node, const Node& parent);
    void add_reserved(const Property& pairs);
    std::expected<Machine, const char*> finish();

private:
    void visit_device(const Node& node, const Node& parent);
    void add_hart(Word id);
    void add_controller(Word hart_id, Word phandle);
    void find_contexts();
    [[nodiscard]] const char* missing() const;

    Machine machine_;
    std::array<Word, most_harts> controllers_ = {}; ///< phandles of the harts' controllers
    Property plic_interrupts_;
};

/// Calls `use` with every range that the node's `reg` names.
template <class Use>
void each_range(const Node& node, const Node& parent, Use use) {
    const Word address = parent.address_cells.exists() ? parent.address_cells.number() : 2;
    const Word size = parent.size_cells.exists() ? parent.size_cells.number() : 1;
    if (address > 2 || size > 2 || address + size == 0)
        return;
    for (Word cell = 0; cell + address + size <= node.reg.cells(); cell += address + size) {
        const PAddr start(node.reg.number(cell, address));
        const Range range = Range::sized(start, node.reg.number(cell + address, size));
        if (!range.empty()) // as one is that goes over the end of all addresses
            use(range);
    }
}

Range first_range(const Node& node, const Node& parent) {
    Range first;
    each_range(node, parent, [&](Range range) { first = first.empty() ? range : first; });
    return first;
}

void Reader::visit(const Node& node, const Node& parent) {
    if (node.timebase.exists())
        machine_.timebase_frequency = node.timebase.number();
    if (node.device_type.lists("memory"sv))
        each_range(node, parent, [&](Range range) { machine_.memory.add(range); });
    else if (parent.name == "reserved-memory"sv)
        each_range(node, parent, [&](Range range) { machine_.reserved.add(range); });
    else if (node.name == "chosen"sv)
        machine_.initrd = {PAddr(node.initrd_start.number()), PAddr(node.initrd_end.number())};
    else if (node.device_type.lists("cpu"sv))
        add_hart(node.reg.number());
    else if (node.compatible.lists("riscv,cpu-intc"sv))
        add_controller(parent.reg.number(), node.phandle.number());
    else
        visit_device(node, parent);
}

void Reader::visit_device(const Node& node, const Node& parent) {
    const auto is = [&](std::string_view name) { return node.compatible.lists(name); };
    if (is("sifive,plic-1.0.0"sv) || is("riscv,plic0"sv)) {
        machine_.plic = first_range(node, parent);
        machine_.last_irq = std::min(node.sources.number(), board.last_irq);
        plic_interrupts_ = node.interrupts;
    } else if (is("riscv,clint0"sv) || is("sifive,clint0"sv)) {
        machine_.clint = first_range(node, parent);
    } else if (is("riscv,uintc0"sv)) {
        machine_.uintc = first_range(node, parent);
    } else if (is("sifive,test0"sv) || is("sifive,test1"sv)) {
        machine_.finisher = first_range(node, parent);
    }
}

/// Place 0 is of the hart that boots. Harts for which there is no place are not used.
void Reader::add_hart(Word id) {
    if (id != machine_.hart_ids[0] && machine_.harts < most_harts)
        machine_.hart_ids[machine_.harts++] = id;
}

void Reader::add_controller(Word hart_id, Word phandle) {
    for (unsigned hart = 0; hart < machine_.harts; hart++)
        if (machine_.hart_ids[hart] == hart_id)
            controllers_[hart] = phandle;
}

void Reader::add_reserved(const Property& pairs) {
    for (Word pair = 0; pair + 4 <= pairs.cells(); pair += 4) {
        const Word size = pairs.number(pair + 2, 2);
        if (size == 0)
            return;
        machine_.reserved.add(Range::sized(PAddr(pairs.number(pair, 2)), size));
    }
}

/// The PLIC lists the interrupts it drives, a pair of cells each: whose (a phandle), and which.
/// Its contexts have the numbers of these pairs.
void Reader::find_contexts() {
    constexpr Word supervisor_external = 9;
    for (Word pair = 0; pair < plic_interrupts_.cells() / 2; pair++)
        for (unsigned hart = 0; hart < machine_.harts; hart++)
            if (plic_interrupts_.number(2 * pair, 1) == controllers_[hart] &&
                plic_interrupts_.number(2 * pair + 1, 1) == supervisor_external)
                machine_.plic_contexts[hart] = pair;
}

const char* Reader::missing() const {
    if (controllers_[0] == 0)
        return "the device tree does not list the hart that boots";
    if (machine_.memory.size() == 0)
        return "the device tree lists no memory";
    if (machine_.timebase_frequency == 0)
        return "the device tree has no timebase-frequency";
    const auto contexts = std::span(machine_.plic_contexts).first(machine_.harts);
    if (!machine_.plic.empty() && std::ranges::find(contexts, none) != contexts.end())
        return "the device tree has a PLIC that does not interrupt every hart";
    return nullptr;
}

std::expected<Machine, const char*> Reader::finish() {
    find_contexts();
    if (const char* text = missing())
        return std::unexpected(text);
    return machine_;
}

} // namespace

std::expected<Machine, const char*> read_machine(device_tree::Bytes bytes, PAddr address,
                                                 Word boot_hart) {
    const auto tree = device_tree::open(bytes);
    if (!tree)
        return std::unexpected(tree.error());
    Reader reader(boot_hart);
    Walk walk(*tree);
    while (walk.next())
        if (!walk.node().disabled)
            reader.visit(walk.node(), walk.parent());
    reader.add_reserved(walk.reserved());
    if (walk.broken())
        return std::unexpected("the device tree is broken");
    auto machine = reader.finish();
    if (machine)
        machine->device_tree = Range::sized(address, tree->size());
    return machine;
}
