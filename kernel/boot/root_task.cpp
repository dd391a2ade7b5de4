// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Everything is taken from free memory once, filled in by hand and never moved. What user
/// programs do later by system calls (mapping, copying capabilities) is done here without them: no
/// check is needed, and nothing can be interrupted.
/// @stage{1}
#include "kernel/boot/root_task.hpp"

#include "kernel/boot/elf.hpp"
#include "kernel/boot/free_memory.hpp"
#include "kernel/boot/root_cnode.hpp"
#include "kernel/config.hpp"
#include "kernel/lib/bits.hpp"
#include "kernel/lib/print.hpp"
#include "kernel/object/tcb.hpp"
#include "kernel/riscv/fence.hpp"
#include "kernel/riscv/sbi.hpp"
#include "kernel/vm/asid.hpp"
#include "kernel/vm/kernel_map.hpp"
#include "kernel/vm/page_table.hpp"
/// @cond LAB3
#include "kernel/abi/user_interrupt.hpp"
#include "kernel/riscv/uintc.hpp"
/// @endcond
/// @cond NONE
#include "kernel/object/reply.hpp"
/// @endcond

#include <algorithm>
#include <cstring>

namespace {

constexpr Word page = Word{1} << abi::page_bits;
constexpr Asid root_asid(1);

constexpr Word rounded_up(Word bytes, Word unit = page) { return (bytes + unit - 1) & ~(unit - 1); }

/// @cond LAB3
constexpr Word user_interrupts_size = sizeof(abi::ExtraHeader) + sizeof(abi::UserInterruptInfo);
/// @endcond

/// How many tables lead to the addresses [start, end) if each maps 2^bits bytes.
Word tables_for(VAddr start, VAddr end, unsigned bits) {
    return ((end.value - 1) >> bits) - (start.value >> bits) + 1;
}

/// Where the parts of the root task lie in its address space.
struct Layout {
    Layout(const elf::Image& file, Word extra_size)
        : image(file.start), ipc_buffer(file.end), boot_info(ipc_buffer + page),
          extra(boot_info + page), end(extra + rounded_up(extra_size)) {}

    /// Page tables besides the root.
    [[nodiscard]] Word tables() const {
        return tables_for(image, end, level_bits(1)) + tables_for(image, end, level_bits(2));
    }
    /// Of the CNode: only a quarter of it is filled.
    [[nodiscard]] unsigned radix() const {
        const Word used =
            abi::first_free_slot + tables() + (end - image) / page + abi::untyped_descriptions;
        return std::max(config::root_cnode_bits, highest_bit(4 * used - 1) + 1);
    }

    VAddr image, ipc_buffer, boot_info, extra, end;
};

class Builder {
public:
    Builder(const Machine& machine, const elf::Image& image, const Layout& layout,
            FreeMemory& memory)
        : machine_(machine), image_(image), layout_(layout), memory_(memory) {}

    Tcb& build() {
        load_image();
        write_extra_record();
        map();
        put_caps();
        add_untypeds();
        return make_thread();
    }

private:
    PAddr take(unsigned bits) { return memory_.take(Word{1} << bits, bits); }
    /// The memory of a page of the root task.
    [[nodiscard]] PAddr place(VAddr address) const { return pages_ + (address - layout_.image); }

    void load_image() {
        for (unsigned index = 0; index < image_.headers; index++) {
            const elf::ProgramHeader segment = image_.header(index);
            if (segment.loaded())
                memcpy(window<char>(place(VAddr(segment.vaddr))),
                       image_.file.data() + segment.offset, segment.file_size);
        }
        fence::instructions();
    }

    void write_extra_record() {
        const Range tree = machine_.device_tree;
        auto* header = window<abi::ExtraHeader>(place(layout_.extra));
        *header = {abi::extra_device_tree, sizeof *header + rounded_up(tree.size(), sizeof(Word))};
        memcpy(header + 1, window<char>(tree.start), tree.size());
        info_.extra_length = header->length;
        /// @cond LAB3
        write_user_interrupts();
        /// @endcond
    }

    /// @cond LAB3
    /// The record of user interrupts, behind the device tree.
    void write_user_interrupts() {
        auto* header = window<abi::ExtraHeader>(place(layout_.extra) + info_.extra_length);
        *header = {abi::extra_user_interrupts, user_interrupts_size};
        auto* record = reinterpret_cast<abi::UserInterruptInfo*>(header + 1);
        *record = {.control = abi::uintr_control,
                   .receivers = uintc::receivers(),
                   .wakes = uintc::wake_irq() != 0,
                   .checks_senders = uintc::checks_senders()};
        info_.extra_length += header->length;
    }
    /// @endcond

    /// The entry for an address in its table at `level`. @pre the table is there
    [[nodiscard]] Pte& entry(VAddr address, unsigned level) const {
        PageTable* table = window<PageTable>(tables_);
        for (unsigned above = page_table_levels - 1; above > level; above--)
            table = &table->entry(address, above).next();
        return table->entry(address, level);
    }

    /// Puts tables into the entries of one level, and their capabilities into the next slots.
    /// Answers where the next table is to be made.
    PAddr add_tables(PAddr table, unsigned level) {
        const Word size = Word{1} << level_bits(level);
        VAddr address(layout_.image.value & ~(size - 1));
        for (; address < layout_.end; address = address + size) {
            entry(address, level) = Pte::table(table);
            cnode_.add(PageTableCap(table).with_mapping({root_asid, address}));
            table = table + page;
        }
        return table;
    }

    /// The frame of a page of the root task, which is mapped there with all rights.
    [[nodiscard]] FrameCap frame(VAddr address) const {
        const FrameCap cap(place(address), 0, false, abi::all_rights);
        return cap.with_mapping({root_asid, address});
    }

    abi::SlotRegion add_frames(VAddr start, VAddr end) {
        const Word first = cnode_.next();
        for (VAddr address = start; address < end; address = address + page)
            cnode_.add(frame(address));
        return {first, cnode_.next()};
    }

    void map() {
        copy_kernel_map(*window<PageTable>(tables_));
        info_.image_page_tables.start = cnode_.next();
        add_tables(add_tables(tables_ + page, 2), 1);
        info_.image_page_tables.end = cnode_.next();
        constexpr Word data = Pte::user | Pte::readable | Pte::writable;
        for (VAddr address = layout_.image; address < layout_.end; address = address + page)
            entry(address, 0) = Pte::leaf(
                place(address), address < layout_.ipc_buffer ? data | Pte::executable : data);
        info_.extra_frames = add_frames(layout_.extra, layout_.end);
        info_.image_frames = add_frames(layout_.image, layout_.ipc_buffer);
    }

    void put_caps() {
        const AsidPoolCap pool(take(abi::asid_pool_bits), Asid(0));
        pool.object().entries[root_asid.value].assign(tables_);
        asid::install_pool(pool);
        cnode_.put(abi::root_tcb, ThreadCap(tcb_));
        cnode_.put(abi::root_cnode, cnode_.cap());
        cnode_.put(abi::root_vspace, PageTableCap(tables_).with_mapping({root_asid, VAddr(0)}));
        cnode_.put(abi::irq_control, IrqControlCap());
        cnode_.put(abi::asid_control, AsidControlCap());
        /// @cond LAB3
        cnode_.put(abi::uintr_control, UintrControlCap());
        /// @endcond
        cnode_.put(abi::root_asid_pool, pool);
        cnode_.put(abi::boot_info_frame, frame(layout_.boot_info));
        cnode_.put(abi::root_ipc_buffer, frame(layout_.ipc_buffer));
        /// @cond NONE
        cnode_.put(abi::domain_control, DomainCap());
        /// @endcond
    }

    /// All that is left. The boot info is complete then.
    void add_untypeds() {
        info_.untyped.start = cnode_.next();
        cnode_.add_untypeds(user_devices(machine_), true, info_);
        cnode_.add_untypeds(memory_.rest(), false, info_);
        info_.nodes = machine_.harts;
        info_.ipc_buffer = layout_.ipc_buffer.value;
        info_.cnode_bits = layout_.radix();
        info_.empty = {cnode_.next(), Word{1} << layout_.radix()};
    }

    Tcb& make_thread() {
        Tcb& tcb = Tcb::create(tcb_);
        tcb.priority = tcb.greatest_priority = abi::priorities - 1;
        tcb.ipc_buffer = layout_.ipc_buffer.value;
        tcb.context[Context::pc] = tcb.context.next_pc = image_.entry.value;
        tcb.context[Context::a0] = layout_.boot_info.value;
        cnode_.copy(abi::root_cnode, tcb.slot(Tcb::cspace));
        cnode_.copy(abi::root_vspace, tcb.slot(Tcb::vspace));
        cnode_.copy(abi::root_ipc_buffer, tcb.slot(Tcb::buffer));
        /// @cond NONE
        if constexpr (config::synchronous_ipc)
            reply::create_master(tcb);
        /// @endcond
        tcb.state = Tcb::State::running;
        return tcb;
    }

    const Machine& machine_;
    const elf::Image& image_;
    const Layout& layout_;
    FreeMemory& memory_;
    RootCNode cnode_{take(layout_.radix() + abi::slot_bits), layout_.radix()};
    PAddr pages_ = memory_.take(layout_.end - layout_.image, abi::page_bits);
    PAddr tables_ = memory_.take((1 + layout_.tables()) * page, abi::page_bits); ///< first the root
    PAddr tcb_ = take(abi::tcb_bits);
    abi::BootInfo& info_ = *window<abi::BootInfo>(place(layout_.boot_info));
};

template <class... Parts>
[[noreturn]] void refuse(const Parts&... reason) {
    println("root task: ", reason...);
    sbi::stop_machine(sbi::Stop::failure);
}

/// The root task's file, when it is known to be good.
elf::Image checked_image(const Machine& machine, Range kernel, Word extra_size) {
    if (machine.initrd.empty())
        refuse("there is none: the loader must pass it as initial RAM disk (-initrd)");
    if (!machine.memory.contains(machine.initrd))
        refuse("its file is not in memory: the device tree is wrong");
    if (machine.initrd.start < kernel.end && kernel.start < machine.initrd.end)
        refuse("its file lies where the kernel is: the loader must put it elsewhere");
    if (machine.initrd.end > window_end)
        refuse("its file lies beyond the memory that the kernel reaches");
    const auto* file = window<const uint8_t>(machine.initrd.start);
    const Word behind = 2 * page + rounded_up(extra_size); // what comes behind the image
    const auto image = elf::check({file, machine.initrd.size()}, VAddr(abi::user_top - behind));
    if (image)
        return *image;
    if (image.error().segment < 0)
        refuse("the file ", image.error().text);
    refuse("segment ", image.error().segment, " ", image.error().text);
}

} // namespace

Tcb& root_task::create(const Machine& machine, Range kernel) {
    Word extra_size =
        sizeof(abi::ExtraHeader) + rounded_up(machine.device_tree.size(), sizeof(Word));
    /// @cond LAB3
    extra_size += user_interrupts_size;
    /// @endcond
    const elf::Image image = checked_image(machine, kernel, extra_size);
    FreeMemory memory(machine, kernel);
    return Builder(machine, image, Layout(image, extra_size), memory).build();
}
