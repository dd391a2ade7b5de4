// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A plugin of QEMU that says how often each piece of code was executed, of the whole machine. It
/// counts blocks, which costs next to nothing.
///
///     -plugin build/host/profiler.so,out=FILE
///
/// FILE gets a line for each block: how often, then its instructions as "address:word", in
/// hexadecimal. The words tell programs apart that lie at the same addresses.
/// Read next: tools/bench/profile.py.
/// @stage{none}
#include "tools/plugin/block.hpp"

#include <string>

namespace {

/// How often each was executed, by its instructions: QEMU may translate a block again.
struct Blocks {
    std::map<std::string, uint64_t> executions;
    std::mutex guard;
};

/// Never destroyed: QEMU says that it has ended when destructors have run already.
Blocks& blocks() {
    static Blocks& only = *new Blocks;
    return only;
}

FILE* out = nullptr;

extern "C" void translated(qemu_plugin_id_t, qemu_plugin_tb* translation) {
    std::string instructions;
    for (size_t i = 0; i < qemu_plugin_tb_n_insns(translation); i++) {
        const qemu_plugin_insn* const instruction = qemu_plugin_tb_get_insn(translation, i);
        char text[40];
        std::snprintf(text, sizeof text, " %llx:%x",
                      static_cast<unsigned long long>(qemu_plugin_insn_vaddr(instruction)),
                      plugin::word_of(instruction));
        instructions += text;
    }
    const std::scoped_lock lock(blocks().guard);
    qemu_plugin_register_vcpu_tb_exec_inline(translation, QEMU_PLUGIN_INLINE_ADD_U64,
                                             &blocks().executions[instructions], 1);
}

extern "C" void ended(qemu_plugin_id_t, void*) {
    const std::scoped_lock lock(blocks().guard);
    for (const auto& [instructions, executions] : blocks().executions) {
        if (executions != 0)
            std::fprintf(out, "%llu%s\n", static_cast<unsigned long long>(executions),
                         instructions.c_str());
    }
    std::fclose(out);
}

} // namespace

extern "C" {

// What QEMU looks for.
// NOLINTBEGIN(readability-identifier-naming)
[[gnu::visibility("default")]] int qemu_plugin_version = 1;

[[gnu::visibility("default")]] int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t*,
                                                       int count, char** arguments) {
    const plugin::Arguments given{count, arguments};
    out = given.file("out=");
    if (out == nullptr) {
        std::fputs("profiler: needs out=FILE that can be written\n", stderr);
        return 1;
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_atexit_cb(id, ended, nullptr);
    return 0;
}
// NOLINTEND(readability-identifier-naming)
}
