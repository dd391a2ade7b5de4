// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Writes device trees as a firmware would, for tests.
/// Read next: kernel/tests/boot/machine.cpp.
/// @stage{2}
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

class TreeBuilder {
public:
    using Bytes = std::vector<uint8_t>;

    TreeBuilder& begin(const std::string& name) {
        cell(structure_, 1);
        text(structure_, name);
        return *this;
    }
    TreeBuilder& end() {
        cell(structure_, 2);
        return *this;
    }
    /// A property of cells.
    TreeBuilder& cells(const std::string& name, std::initializer_list<uint32_t> values) {
        Bytes data;
        for (const uint32_t value : values)
            cell(data, value);
        return property(name, data);
    }
    /// A property of one string, or several with '\0' between them.
    TreeBuilder& string(const std::string& name, const std::string& value) {
        Bytes data(value.begin(), value.end());
        data.push_back(0);
        return property(name, data);
    }
    /// Bytes as they are, in the structure block.
    TreeBuilder& token(uint32_t value) {
        cell(structure_, value);
        return *this;
    }

    /// An entry of the list of memory that is not to be used.
    TreeBuilder& reserve(uint32_t start, uint32_t size) {
        for (const uint32_t value : {0U, start, 0U, size})
            cell(reservations_, value);
        return *this;
    }

    [[nodiscard]] Bytes blob() const {
        Bytes reserved = reservations_;
        reserved.resize(reserved.size() + 16);
        Bytes structure = structure_;
        cell(structure, 9);
        const auto reserved_at = std::size_t{40};
        const auto structure_at = reserved_at + reserved.size();
        const auto strings_at = structure_at + structure.size();
        Bytes all;
        for (const std::size_t word :
             {std::size_t{0xd00dfeed}, strings_at + strings_.size(), structure_at, strings_at,
              reserved_at, std::size_t{17}, std::size_t{16}, std::size_t{0}, strings_.size(),
              structure.size()})
            cell(all, static_cast<uint32_t>(word));
        for (const Bytes& part : {reserved, structure, strings_})
            all.insert(all.end(), part.begin(), part.end());
        return all;
    }

private:
    static void cell(Bytes& to, uint32_t value) {
        for (const unsigned shift : {24U, 16U, 8U, 0U})
            to.push_back(static_cast<uint8_t>(value >> shift));
    }
    static void pad(Bytes& to) { to.resize((to.size() + 3) / 4 * 4); }
    static void text(Bytes& to, const std::string& value) {
        to.insert(to.end(), value.begin(), value.end());
        to.push_back(0);
        pad(to);
    }
    TreeBuilder& property(const std::string& name, const Bytes& data) {
        cell(structure_, 3);
        cell(structure_, static_cast<uint32_t>(data.size()));
        cell(structure_, static_cast<uint32_t>(strings_.size()));
        strings_.insert(strings_.end(), name.begin(), name.end());
        strings_.push_back(0);
        structure_.insert(structure_.end(), data.begin(), data.end());
        pad(structure_);
        return *this;
    }

    Bytes reservations_;
    Bytes structure_;
    Bytes strings_;
};
