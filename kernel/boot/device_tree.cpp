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

enum Token : uint32_t { begin_node = 1, end_node = 2, property_token = 3, nop = 4, end = 9 };

constexpr uint32_t magic = 0xd00d'feed;
constexpr uint32_t oldest_version = 16;

// The header. The structure block is found at the offset in the field Walk::structure_field.
constexpr Word size_field = 4;
constexpr Word names_field = 12;
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

} // namespace

Word Property::number(Word first, Word count) const {
    Word value = 0;
    for (Word cell = first; cell < first + count; cell++)
        value = value << 32 | (cell < cells() ? big_endian(&bytes[cell * 4]) : 0);
    return value;
}

bool Property::lists(std::string_view text) const {
    std::string_view one;
    for (Word start = 0; start < bytes.size(); start += one.size() + 1) {
        one = text_at(bytes.subspan(start));
        if (one == text)
            return true;
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

Bytes Walk::part(Word offset, Word length) {
    if (offset <= tree_.size() && length <= tree_.size() - offset)
        return tree_.subspan(offset, length);
    broken_ = true;
    return {};
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

/// Offset of the token behind a property: token, length, place of the name, value.
Word Walk::behind(Word property) { return property + 12 + padded(cell(property + 4)); }

Property Walk::property(const Node& node, std::string_view name) {
    const Word names = cell(names_field);
    for (Word at = node.properties; !broken_;) {
        const uint32_t token = cell(at);
        if (token == property_token && text(names + cell(at + 8)) == name)
            return {part(at + 12, cell(at + 4))};
        if (token != property_token && token != nop)
            break;
        at = token == nop ? at + 4 : behind(at);
    }
    return {};
}

Walk::Reservation Walk::reservation(Word index) {
    const Property entry{part(cell(reservations_field) + index * 16, 16)};
    return {entry.number(0, 2), entry.number(2, 2)};
}

/// Goes into the node whose name comes next.
void Walk::enter() {
    broken_ = broken_ || depth_ + 1 == deepest;
    if (broken_)
        return;
    const std::string_view name = text(offset_);
    offset_ += padded(name.size() + 1);
    const bool disabled = node().disabled;
    Node& node = path_[++depth_];
    node = {{name.begin(), std::find(name.begin(), name.end(), '@')}, offset_, disabled};
    const Property status = property(node, "status"sv);
    if (status.exists() && !status.lists("okay"sv) && !status.lists("ok"sv))
        node.disabled = true;
}

bool Walk::next() {
    while (!broken_) {
        const Word at = offset_;
        const uint32_t token = cell(at);
        offset_ = token == property_token ? behind(at) : at + 4;
        if (token == begin_node) {
            enter();
            return !broken_;
        }
        if (token == end && depth_ == 0)
            return false;
        if (token == end_node && depth_ > 0)
            depth_--;
        else if (token != property_token && token != nop)
            broken_ = true;
    }
    return false;
}

} // namespace device_tree
