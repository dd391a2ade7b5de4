// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The operations. Each first looks for its errors, in the order in which the kernel does.
#include "labs/1-capabilities/tests/answers/model.hpp"

#include <algorithm>

namespace model {

using history::Kind;
using history::Step;

Answer Model::carry_out(const Step& step) {
    Node*& from = slots_[step.from];
    Node*& to = slots_[step.to];
    switch (step.what) {
    case Step::retype:
        return retype(memory_, step);
    case Step::retype_within:
        return from == nullptr ? Answer{Error::failed_lookup} : retype(*from, step);
    case Step::copy:
    case Step::mint:
        return copy(step);
    case Step::move:
        if (to != nullptr)
            return {Error::delete_first};
        if (from == nullptr)
            return {Error::failed_lookup};
        std::swap(from, to);
        return {};
    case Step::remove:
        if (from != nullptr)
            remove(from);
        return {};
    case Step::revoke:
        if (from != nullptr)
            revoke(from);
        return {};
    }
    return {};
}

uint64_t Model::full() const {
    uint64_t full = 0;
    for (unsigned i = 0; i < history::slots; i++)
        full |= uint64_t{slots_[i] != nullptr} << i;
    return full;
}

Answer Model::retype(Node& untyped, const Step& step) {
    for (unsigned i = 0; i < step.count; i++) {
        if (slots_[step.to + i] != nullptr)
            return {Error::delete_first};
    }
    const uint64_t used = has_children(&untyped) ? untyped.used : 0;
    const uint64_t size = uint64_t{1} << history::object_bits(step.kind, step.bits);
    const uint64_t start = (used + size - 1) / size * size;
    const uint64_t whole = uint64_t{1} << untyped.bits;
    if (start + step.count * size > whole)
        return {Error::not_enough_memory, whole - used};
    untyped.used = start + step.count * size;
    for (unsigned i = 0; i < step.count; i++) {
        nodes_.push_back(
            {step.kind, &untyped, true, 0, untyped.base + start + i * size, step.bits, 0});
        slots_[step.to + i] = &nodes_.back();
    }
    return {};
}

Answer Model::copy(const Step& step) {
    Node* const source = slots_[step.from];
    if (slots_[step.to] != nullptr)
        return {Error::delete_first};
    if (source == nullptr)
        return {Error::failed_lookup};
    Node node = *source;
    node.can_be_parent = false;
    if (source->kind == Kind::notification && step.what == Step::mint) {
        if (source->badge != 0)
            return {Error::illegal_operation};
        node.badge = step.badge;
        node.can_be_parent = step.badge != 0;
    }
    if (source->kind == Kind::untyped) {
        if (has_children(source))
            return {Error::revoke_first};
        source->used = uint64_t{1} << source->bits;
        node.can_be_parent = true;
    }
    node.parent = source->can_be_parent ? source : source->parent;
    nodes_.push_back(node);
    slots_[step.to] = &nodes_.back();
    return {};
}

/// Its children become its parent's.
void Model::remove(Node* node) {
    for (Node& other : nodes_) {
        if (other.parent == node)
            other.parent = node->parent;
    }
    std::ranges::replace(slots_, node, static_cast<Node*>(nullptr));
    nodes_.remove_if([&](const Node& other) { return &other == node; });
}

void Model::revoke(const Node* node) {
    const auto child_of = [&](const Node& other) { return other.parent == node; };
    for (auto child = std::ranges::find_if(nodes_, child_of); child != nodes_.end();
         child = std::ranges::find_if(nodes_, child_of))
        remove(&*child);
}

bool Model::has_children(const Node* node) const {
    return std::ranges::any_of(nodes_, [&](const Node& other) { return other.parent == node; });
}

} // namespace model
