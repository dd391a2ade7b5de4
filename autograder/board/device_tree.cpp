// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// libfdt.
#include "autograder/board/device_tree.hpp"

#include <libfdt.h>

namespace grade {

namespace {

void check(int answer) {
    if (answer < 0) {
        throw BoardError(fmt::format("the board's device tree: {}", fdt_strerror(answer)));
    }
}

int chosen_node(void* tree) {
    const int node = fdt_path_offset(tree, "/chosen");
    return node != -FDT_ERR_NOTFOUND ? node : fdt_add_subnode(tree, 0, "chosen");
}

} // namespace

Bytes with_chosen(const Bytes& tree, const Chosen& chosen) {
    if (fdt_check_full(tree.data(), tree.size()) != 0) {
        throw BoardError("the board has no device tree");
    }
    Bytes more(tree.size() + chosen.arguments.size() + room_for_chosen);
    check(fdt_open_into(tree.data(), more.data(), static_cast<int>(more.size())));
    const int node = chosen_node(more.data());
    check(node);
    check(fdt_setprop_string(more.data(), node, "bootargs", chosen.arguments.c_str()));
    check(fdt_setprop_u64(more.data(), node, "linux,initrd-start", chosen.initrd));
    check(fdt_setprop_u64(more.data(), node, "linux,initrd-end", chosen.initrd_end));
    check(fdt_add_mem_rsv(more.data(), chosen.reserved, chosen.reserved_end - chosen.reserved));
    check(fdt_pack(more.data()));
    more.resize(fdt_totalsize(more.data()));
    return more;
}

} // namespace grade
