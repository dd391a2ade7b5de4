// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Lookups against a model that knows bits as strings: random CSpaces, random pointers.
/// Read next: kernel/cap/cspace.hpp.
/// @stage{none}
#include "kernel/cap/cspace.hpp"
#include "kernel/tests/host/property.hpp"
#include "kernel/tests/host/world.hpp"

#include <map>
#include <string>

namespace {

using abi::LookupFailure;

std::string bits_of(Word word, unsigned count) {
    std::string bits;
    for (unsigned i = count; i-- > 0;)
        bits += (word >> i & 1) != 0 ? '1' : '0';
    return bits;
}

/// Where a lookup ends, or why it fails.
struct Answer {
    LookupFailure failure;
    const Slot* slot;
    Word bits_left;
    Word detail;
    Word guard_size;
    bool operator==(const Answer&) const = default;
};

struct Node {
    Cap cap;
    std::string guard;
    unsigned radix;
    std::map<std::string, const Node*> inner; ///< the CNodes in its slots, by index
};

Answer expected(const Node& node, const std::string& bits) {
    const auto left = bits.size();
    if (!bits.starts_with(node.guard))
        return {LookupFailure::guard_mismatch, nullptr, left,
                node.guard.empty() ? 0 : std::stoull(node.guard, nullptr, 2), node.guard.size()};
    const std::string rest = bits.substr(node.guard.size());
    if (rest.size() < node.radix)
        return {LookupFailure::depth_mismatch, nullptr, left, node.guard.size() + node.radix, 0};
    const std::string index = rest.substr(0, node.radix);
    const std::string after = rest.substr(node.radix);
    const auto inner = node.inner.find(index);
    if (!after.empty() && inner != node.inner.end())
        return expected(*inner->second, after);
    const Slot* slot = node.cap.as<CNodeCap>().slots() + std::stoull(index, nullptr, 2);
    return {LookupFailure::none, slot, after.size(), 0, 0};
}

Answer found(const Cap& root, Word cptr, unsigned depth) {
    const auto result = cspace::resolve(root, cptr, depth);
    if (result)
        return {LookupFailure::none, result->slot, result->bits_left, 0, 0};
    const LookupFault& fault = result.error();
    return {fault.type, nullptr, fault.bits_left, fault.detail, fault.guard_size};
}

class Model {
public:
    Model() {
        for (unsigned i = 0; i < 5; i++) {
            const unsigned radix = 1 + i % 4;
            const unsigned guard_size = i * 2 % 5;
            const Word guard = 0x2d & mask(guard_size);
            Slot& slot = world_.cnode(radix);
            slot.cap = slot.cap.as<CNodeCap>().with_guard(guard, guard_size);
            nodes_.push_back({slot.cap, bits_of(guard, guard_size), radix, {}});
        }
    }

    void step(const property::Step& step) {
        const auto [what, a, b, data] = step;
        Node& node = nodes_[a % nodes_.size()];
        if (what % 4 == 0)
            put(node, b, data % (nodes_.size() + 2));
        else
            look_up(node, b, data, 1 + what / 4 % 64);
    }

private:
    /// Puts a CNode, a thread or nothing into a slot.
    void put(Node& node, Word index, Word content) {
        index &= mask(node.radix);
        const std::string name = bits_of(index, node.radix);
        Slot& slot = node.cap.as<CNodeCap>().slots()[index];
        node.inner.erase(name);
        slot.cap = content == nodes_.size() ? Cap(ThreadCap(PAddr(0x800))) : Cap();
        if (content < nodes_.size()) {
            slot.cap = nodes_[content].cap;
            node.inner[name] = &nodes_[content];
        }
    }

    /// A pointer that follows guards for a while, and then takes what comes.
    void look_up(const Node& start, unsigned choice, unsigned noise, unsigned depth) {
        std::string bits;
        const Node* node = &start;
        while (node != nullptr && bits.size() < 64 && choice % 7 != 0) {
            const std::string index = bits_of(choice, node->radix);
            bits += node->guard + index;
            const auto inner = node->inner.find(index);
            node = inner == node->inner.end() ? nullptr : inner->second;
            choice = choice * 5 + 3;
        }
        bits += bits_of(noise, 16) + bits_of(noise * Word{0x9e37'79b9'7f4a'7c15}, 64);
        bits.resize(depth);
        const Word above = depth == 64 ? 0 : Word{noise} << depth; // which does not count
        const Word cptr = std::stoull(bits, nullptr, 2) | above;
        RC_ASSERT((found(start.cap, cptr, depth) == expected(start, bits)));
    }

    World world_;
    std::vector<Node> nodes_;
};

} // namespace

TEST_SUITE("models") {
    TEST_CASE("lookups in CSpaces") {
        property::holds(
            [](const property::Steps& steps) {
                Model model;
                for (const property::Step& step : steps)
                    model.step(step);
            },
            1000);
    }
}
