// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The structure block is a row of 4-byte tokens in big-endian order: begin-node with a name,
/// property with length, name offset and data, end-node, no-op, end.

#include "platform/tests/lib/device_tree.hpp"

#include <stddef.h>

namespace {

constexpr uint32_t magic = 0xD00DFEED;
constexpr uint32_t begin_node = 1;
constexpr uint32_t end_node = 2;
constexpr uint32_t property_token = 3;
constexpr uint32_t end = 9;

uint32_t big_endian(const uint8_t* bytes) {
    return uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16 | uint32_t{bytes[2]} << 8 | bytes[3];
}

uint32_t length_of(const char* text) {
    uint32_t length = 0;
    while (text[length] != 0)
        length++;
    return length;
}

/// The token behind this one.
const uint8_t* behind(const uint8_t* token) {
    uint32_t size = 0;
    if (big_endian(token) == begin_node)
        size = length_of(reinterpret_cast<const char*>(token + 4)) + 1;
    else if (big_endian(token) == property_token)
        size = 8 + big_endian(token + 4);
    return token + 4 + (size_t{size} + 3) / 4 * 4;
}

/// The name up to its unit address.
bool is_named(const char* name, const char* wanted) {
    while (*wanted != 0 && *name == *wanted) {
        name++;
        wanted++;
    }
    return *wanted == 0 && (*name == 0 || *name == '@');
}

} // namespace

bool equal(const char* first, const char* second) {
    while (*first != 0 && *first == *second) {
        first++;
        second++;
    }
    return *first == *second;
}

uint32_t Property::cell(uint32_t index) const {
    return index < cells() ? big_endian(data_ + size_t{4} * index) : 0;
}

uint64_t Property::double_cell(uint32_t index) const {
    return uint64_t{cell(index)} << 32 | cell(index + 1);
}

bool Property::lists(const char* string) const {
    const char* const text = reinterpret_cast<const char*>(data_);
    for (uint32_t at = 0; at < length_; at += length_of(text + at) + 1)
        if (equal(text + at, string))
            return true;
    return false;
}

const char* Node::name() const { return exists() ? reinterpret_cast<const char*>(start_ + 4) : ""; }

Property Node::property(const char* name) const {
    if (!exists())
        return {};
    for (const uint8_t* token = behind(start_); big_endian(token) == property_token;
         token = behind(token)) {
        const uint8_t* const its_name = tree_->strings_ + big_endian(token + 8);
        if (equal(reinterpret_cast<const char*>(its_name), name))
            return {token + 12, big_endian(token + 4)};
    }
    return {};
}

bool Node::is_compatible(const char* string) const { return property("compatible").lists(string); }

Node Node::child_with(const char* property_name) const {
    if (!exists())
        return {};
    uint32_t depth = 1;
    for (const uint8_t* token = behind(start_); depth > 0; token = behind(token)) {
        if (big_endian(token) == end_node)
            depth--;
        if (big_endian(token) != begin_node)
            continue;
        depth++;
        const Node child{tree_, token};
        if (child.property(property_name).exists())
            return child;
    }
    return {};
}

DeviceTree::DeviceTree(const void* blob) {
    const uint8_t* const bytes = static_cast<const uint8_t*>(blob);
    if (bytes == nullptr || big_endian(bytes) != magic)
        return;
    structure_ = bytes + big_endian(bytes + 8);
    strings_ = bytes + big_endian(bytes + 12);
}

/// The first node that begins at this token or later.
Node DeviceTree::next(const uint8_t* token) const {
    while (big_endian(token) != begin_node && big_endian(token) != end)
        token = behind(token);
    return big_endian(token) == end ? Node{} : Node{this, token};
}

template <typename Condition>
Node DeviceTree::find(const uint8_t* from, Condition condition) const {
    if (from == nullptr)
        return {};
    for (Node node = next(from); node.exists(); node = next(behind(node.start_)))
        if (condition(node))
            return node;
    return {};
}

Node DeviceTree::compatible(const char* string, uint32_t index) const {
    return find(structure_,
                [=](Node node) mutable { return node.is_compatible(string) && index-- == 0; });
}

Node DeviceTree::named(const char* name) const {
    return find(structure_, [=](Node node) { return is_named(node.name(), name); });
}

Node DeviceTree::with_phandle(uint32_t phandle) const {
    return find(structure_, [=](Node node) { return node.phandle() == phandle; });
}

Node DeviceTree::of_type(const char* device_type, uint32_t index) const {
    return find(structure_, [=](Node node) mutable {
        return node.property("device_type").lists(device_type) && index-- == 0;
    });
}
