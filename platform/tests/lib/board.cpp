// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See board.hpp.

#include "platform/tests/lib/board.hpp"

#include "platform/tests/lib/hart.hpp"

constinit Board board = {};

namespace {

Uintc read_uintc(const DeviceTree& tree) {
    const Node node = tree.compatible("riscv,uintc0");
    if (!node.exists())
        return {};
    const Property receivers = node.property("rel4,receivers");
    const uint32_t fallback = static_cast<uint32_t>(node.size() / Receiver::stride);
    return {node.address(), node.size(), receivers.exists() ? receivers.cell(0) : fallback,
            node.property("rel4,wake-interrupt").cell(1)};
}

/// Position in the PLIC's list of contexts of the one that raises a hart's S external interrupt.
uint32_t supervisor_context(const Property& contexts, uint32_t interrupt_controller) {
    for (uint32_t i = 0; i < contexts.cells(); i += 2)
        if (contexts.cell(i) == interrupt_controller &&
            contexts.cell(i + 1) == irq::supervisor_external)
            return i / 2;
    return 0;
}

/// The text behind "name=" in the arguments, or null.
const char* value_of(const char* arguments, const char* name) {
    for (const char* word = arguments; *word != 0;) {
        const char* letter = name;
        while (*letter != 0 && *word == *letter) {
            word++;
            letter++;
        }
        if (*letter == 0 && *word == '=')
            return word + 1;
        while (*word != 0 && *word != ' ')
            word++;
        while (*word == ' ')
            word++;
    }
    return nullptr;
}

bool is_end_of_word(char letter) { return letter == 0 || letter == ' '; }

uint64_t digit(char letter) {
    return static_cast<uint64_t>(letter <= '9' ? letter - '0' : (letter | 0x20) - 'a' + 10);
}

} // namespace

void Board::read(const DeviceTree& device_tree) {
    tree = device_tree;
    arguments = tree.named("chosen").property("bootargs").text();
    uart = tree.compatible("ns16550a").address();
    finisher = tree.compatible("sifive,test0").address();
    const Node clint_node = tree.compatible("riscv,clint0");
    clint = clint_node.address();
    timebase = tree.named("cpus").property("timebase-frequency").cell(0);
    uintc = read_uintc(tree);
    const Node plic_node = tree.compatible("riscv,plic0");
    plic.base = plic_node.address();
    const Property contexts = plic_node.property("interrupts-extended");
    hart_count = 0;
    for (uint32_t i = 0; i < MAX_HARTS; i++) {
        const Node cpu = tree.of_type("cpu", i);
        const uint64_t id = cpu.property("reg").cell(0);
        if (!cpu.exists() || id >= MAX_HARTS)
            continue;
        hart_ids[hart_count++] = id;
        const uint32_t controller = cpu.child_with("interrupt-controller").phandle();
        plic.contexts[id] = supervisor_context(contexts, controller);
    }
}

uint64_t Board::argument(const char* name, uint64_t otherwise) const {
    const char* text = value_of(arguments, name);
    if (text == nullptr)
        return otherwise;
    const bool hexadecimal = text[0] == '0' && text[1] == 'x';
    if (hexadecimal)
        text += 2;
    uint64_t value = 0;
    for (; !is_end_of_word(*text); text++)
        value = value * (hexadecimal ? 16 : 10) + digit(*text);
    return value;
}

bool Board::argument_is(const char* name, const char* value) const {
    const char* text = value_of(arguments, name);
    if (text == nullptr)
        return false;
    while (*value != 0 && *text == *value) {
        text++;
        value++;
    }
    return *value == 0 && is_end_of_word(*text);
}

uint64_t Board::hart_after_this(uint64_t index) const {
    uint64_t own = 0;
    while (hart_ids[own] != this_hart().id)
        own++;
    return hart_ids[(own + index) % hart_count];
}
