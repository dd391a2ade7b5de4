// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A flattened device tree, read in place. Nodes and properties are views into it; one that does
/// not exist answers false to exists() and 0 or "" to everything else.
/// Format: Devicetree Specification, release 0.3, chapter 5.
#pragma once

#include <stdint.h>

class Property {
public:
    Property() = default;
    Property(const uint8_t* data, uint32_t length) : data_{data}, length_{length} {}

    bool exists() const { return data_ != nullptr; }
    uint32_t length() const { return length_; }
    uint32_t cells() const { return length_ / 4; }
    /// 32-bit cell, 0 behind the end.
    uint32_t cell(uint32_t index) const;
    /// Two cells from `index` on.
    uint64_t double_cell(uint32_t index) const;
    const char* text() const { return exists() ? reinterpret_cast<const char*>(data_) : ""; }
    /// Whether one of the property's strings is this one.
    bool lists(const char* string) const;

private:
    const uint8_t* data_ = nullptr;
    uint32_t length_ = 0;
};

class DeviceTree;

class Node {
public:
    Node() = default;
    Node(const DeviceTree* tree, const uint8_t* start) : tree_{tree}, start_{start} {}

    bool exists() const { return start_ != nullptr; }
    const char* name() const;
    Property property(const char* name) const;
    bool is_compatible(const char* string) const;
    uint64_t address() const { return property("reg").double_cell(0); }
    uint64_t size() const { return property("reg").double_cell(2); }
    uint32_t phandle() const { return property("phandle").cell(0); }
    /// The first node inside this one with such a property.
    Node child_with(const char* property_name) const;

private:
    friend class DeviceTree;
    const DeviceTree* tree_ = nullptr;
    const uint8_t* start_ = nullptr; ///< the token that begins the node
};

class DeviceTree {
public:
    DeviceTree() = default;
    explicit DeviceTree(const void* blob);

    bool exists() const { return structure_ != nullptr; }
    /// The `index`th node that is compatible with this.
    Node compatible(const char* string, uint32_t index = 0) const;
    /// The first node of this name, without its unit address.
    Node named(const char* name) const;
    Node with_phandle(uint32_t phandle) const;
    /// The `index`th node whose device_type is this.
    Node of_type(const char* device_type, uint32_t index) const;

private:
    friend class Node;
    template <typename Condition>
    Node find(const uint8_t* from, Condition condition) const;
    Node next(const uint8_t* token) const;

    const uint8_t* structure_ = nullptr;
    const uint8_t* strings_ = nullptr;
};

bool equal(const char* first, const char* second);
