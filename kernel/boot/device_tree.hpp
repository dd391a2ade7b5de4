// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A flattened device tree: what the firmware knows of memory and devices, in one block of bytes.
/// This reads its form; machine.cpp knows what it means.
///
///     Walk walk(tree);
///     while (walk.next())
///         use(walk.node(), walk.parent());
///     if (walk.broken()) ...
///
/// Always holds: nothing outside of the block is read, whatever is in it.
/// Reference: Devicetree Specification 0.3, chapter 5. Read next: kernel/boot/machine.hpp.
/// @stage{1}
#pragma once

#include "kernel/lib/types.hpp"

#include <array>
#include <expected>
#include <span>
#include <string_view>

namespace device_tree {

using Bytes = std::span<const uint8_t>;

/// The value of a property: cells of 32 bits, or strings. What does not exist is empty.
struct Property {
    Bytes bytes;

    [[nodiscard]] bool exists() const { return bytes.data() != nullptr; }
    [[nodiscard]] Word cells() const { return bytes.size() / 4; }
    /// The number in `count` cells from `first` on; 0 behind the end.
    [[nodiscard]] Word number(Word first, Word count) const;
    /// The number that is the whole property, of one cell or two.
    [[nodiscard]] Word number() const { return number(0, cells() < 2 ? cells() : 2); }
    /// Is `text` one of its strings?
    [[nodiscard]] bool lists(std::string_view text) const;
};

/// The tree at the start of `bytes`, which may go on behind it. The error is a sentence.
[[nodiscard]] std::expected<Bytes, const char*> open(Bytes bytes);

/// Meets every node, before those within it.
class Walk {
public:
    struct Node {
        std::string_view name; ///< without the address behind '@'
        Word properties;       ///< offset of the first
        bool disabled;         ///< by its own status or that of a node around it
    };

    /// @pre tree is from open()
    explicit Walk(Bytes tree) : tree_(tree), offset_(cell(structure_field)) {}

    /// Goes on to the next node. False at the end, and where the tree is broken.
    [[nodiscard]] bool next();
    [[nodiscard]] bool broken() const { return broken_; }
    [[nodiscard]] const Node& node() const { return path_[depth_]; }
    /// The node around it.
    [[nodiscard]] const Node& parent() const { return path_[depth_ - 1]; }
    [[nodiscard]] Property property(const Node& node, std::string_view name);

    /// Entry `index` of the list of memory that is not to be used; of size 0 at its end.
    struct Reservation {
        Word start, size;
    };
    [[nodiscard]] Reservation reservation(Word index);

private:
    static constexpr Word structure_field = 8;
    static constexpr Word reservations_field = 16;
    static constexpr unsigned deepest = 16;

    Bytes part(Word offset, Word length);
    uint32_t cell(Word offset);
    std::string_view text(Word offset);
    Word behind(Word property);
    void enter();

    Bytes tree_;
    bool broken_ = false;
    Word offset_; ///< of the next token
    unsigned depth_ = 0;
    std::array<Node, deepest> path_ = {}; ///< node() and those around it; [0] is around all
};

} // namespace device_tree
