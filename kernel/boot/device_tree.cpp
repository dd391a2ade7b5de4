// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The structure block is a row of tokens, big-endian words: begin-node with a name, property
/// with its length and the place of its name, end-node, end. The properties of a node come
/// before the nodes in it.
///
///     begin-node "soc"  property "#address-cells" <2>  begin-node "plic@c000000"  property ...
///
/// A read outside the block gives 0 and is remembered: then the whole tree counts as broken.
/// @stage{1}
#include "kernel/boot/device_tree.hpp"

#include <algorithm>

namespace device_tree {

namespace {

using namespace std::string_view_literals;

enum Token : uint32_t { begin_node = 1, end_node = 2, property = 3, nop = 4, end_of_tree = 9 };

constexpr uint32_t magic = 0xd00d'feed;
constexpr uint32_t oldest_version = 16;

// Offsets of fields of the header.
constexpr Word size_field = 4;
constexpr Word structure_field = 8;
constexpr Word strings_field = 12;
constexpr Word reserved_field = 16;
constexpr Word version_field = 20;
constexpr Word header_size = 40;

uint32_t big_endian(const uint8_t* bytes) {
    return uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16 | uint32_t{bytes[2]} << 8 | bytes[3];
}

constexpr Word padded(Word length) { return (length + 3) / 4 * 4; }

/// The text at the start of `bytes`, up to a zero or the end.
std::string_view text_at(Bytes bytes) {
    Word length = 0;
    while (length < bytes.size() && bytes[length] != 0)
        length++;
    return {reinterpret_cast<const char*>(bytes.data()), length};
}

struct Name {
    std::string_view name;
    Property Node::* member;
};
constexpr Name known_names[] = {
    {"compatible"sv, &Node::compatible},
    {"device_type"sv, &Node::device_type},
    {"status"sv, &Node::status},
    {"reg"sv, &Node::reg},
    {"phandle"sv, &Node::phandle},
    {"#address-cells"sv, &Node::address_cells},
    {"#size-cells"sv, &Node::size_cells},
    {"interrupts-extended"sv, &Node::interrupts},
    {"riscv,ndev"sv, &Node::sources},
    {"timebase-frequency"sv, &Node::timebase},
    {"linux,initrd-start"sv, &Node::initrd_start},
    {"linux,initrd-end"sv, &Node::initrd_end},
};

} // namespace

Word Property::number(Word first, Word count) const {
    Word value = 0;
    for (Word cell = first; cell < first + count; cell++)
        value = value << 32 | (cell < cells() ? big_endian(&bytes[cell * 4]) : 0);
    return value;
}

Word Property::number() const { return number(0, std::min(cells(), Word{2})); }

bool Property::lists(std::string_view text) const {
    for (Word start = 0; start < bytes.size();) {
        const std::string_view one = text_at(bytes.subspan(start));
        if (one == text)
            return true;
        start += one.size() + 1;
    }
    return false;
}

std::expected<Bytes, const char*> open(Bytes bytes) {
    if (bytes.size() < header_size || big_endian(bytes.data()) != magic)
        return std::unexpected("the firmware passed no device tree");
    const Word size = big_endian(&bytes[size_field]);
    const Word version = big_endian(&bytes[version_field]);
    if (size < header_size || size > bytes.size() || version < oldest_version)
        return std::unexpected("the device tree is broken");
    return bytes.first(size);
}

Walk::Walk(Bytes tree) : tree_(tree), offset_(cell(structure_field)) {}

Property Walk::reserved() {
    const Word start = cell(reserved_field);
    return {part(start, tree_.size() - std::min(start, tree_.size()))};
}

Bytes Walk::part(Word offset, Word length) {
    if (offset > tree_.size() || length > tree_.size() - offset) {
        broken_ = true;
        return {};
    }
    return tree_.subspan(offset, length);
}

uint32_t Walk::cell(Word offset) {
    const Bytes four = part(offset, 4);
    return four.empty() ? 0 : big_endian(four.data());
}

std::string_view Walk::text(Word offset) {
    const Bytes rest = part(offset, 1).empty() ? Bytes() : tree_.subspan(offset);
    const std::string_view text = text_at(rest);
    broken_ = broken_ || text.size() == rest.size(); // no zero at its end
    return text;
}

void Walk::read_properties(Node& node) {
    const Word names = cell(strings_field);
    for (;; offset_ += 4) {
        const uint32_t token = cell(offset_);
        if (token != property && token != nop)
            return;
        if (token == nop)
            continue;
        const Word length = cell(offset_ + 4);
        const std::string_view name = text(names + cell(offset_ + 8));
        for (const Name& known : known_names)
            if (known.name == name)
                node.*known.member = {part(offset_ + 12, length)};
        offset_ += 8 + padded(length);
    }
}

/// Reads the node whose name comes next.
void Walk::enter() {
    if (++depth_ == deepest) {
        depth_--;
        broken_ = true;
        return;
    }
    Node& node = path_[depth_] = {};
    const std::string_view name = text(offset_);
    node.name = {name.begin(), std::find(name.begin(), name.end(), '@')};
    offset_ += padded(name.size() + 1);
    read_properties(node);
    const bool okay = node.status.lists("okay"sv) || node.status.lists("ok"sv);
    node.disabled = parent().disabled || (node.status.exists() && !okay);
}

bool Walk::next() {
    while (!broken_) {
        const uint32_t token = cell(offset_);
        offset_ += 4;
        if (token == begin_node) {
            enter();
            return !broken_;
        }
        if (token == end_of_tree && depth_ == 0)
            return false;
        if (token == end_node && depth_ > 0)
            depth_--;
        else if (token != nop)
            broken_ = true;
    }
    return false;
}

} // namespace device_tree
