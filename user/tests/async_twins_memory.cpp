// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Every invocation of untypeds, CNodes, frames, page tables and ASIDs, by trap and through a ring:
/// success, and each error that the trap has.
/// @stage{6}
#include "user/tests/async_twins.hpp"

namespace {

abi::UntypedRetype retype(ObjectType type, Word bits, CPtr slot, Word count = 1) {
    return {static_cast<Word>(type), bits, 0, 0, slot, count};
}

} // namespace

TEST("async: twins of an untyped") {
    twins([](Way& way) {
        const CPtr untyped = make(ObjectType::untyped, 16);
        const CPtr slot = empty_slot(20);
        const CPtr node = make(ObjectType::cnode, 4);
        way.truncated(untyped, retype(ObjectType::tcb, 0, slot), own_cnode);
        way.other_labels(untyped, {abi::Label::cnode_copy, abi::Label::page_map});
        for (const Word type : {Word{9}, Word{63}, Word{66}, ~Word{0}})
            way(untyped, retype(static_cast<ObjectType>(type), 0, slot), own_cnode);
        for (const ObjectType type : {ObjectType::untyped, ObjectType::cnode, ObjectType::tcb,
                                      ObjectType::async_registration})
            for (const Word bits : {Word{0}, Word{3}, Word{17}, Word{39}, Word{64}, ~Word{0}})
                if (type != ObjectType::tcb || bits > 38)
                    way(untyped, retype(type, bits, slot), own_cnode);
        const abi::UntypedRetype wrong[] = {
            {4, 1, 0, 65, 0, 1},     {4, 1, 0, 1, 0, 1},         {4, 1, slot, 64, 0, 1},
            {4, 1, node, 64, 16, 1}, {4, 1, node, 64, 0, 0},     {4, 1, node, 64, 0, 257},
            {4, 1, node, 64, 15, 2}, {4, 1, 0, 0, own_cnode, 1}, {6, 0, node, 64, 0, 16},
            {6, 0, node, 64, 0, 15}, {6, 0, node, 64, 15, 1},    {6, 0, node, 64, 0, 1},
            {4, 1, node, 64, 0, 1},  {4, 1, 0, 0, ~Word{0}, 1},
        };
        for (const auto& each : wrong)
            way(untyped, each, own_cnode);
        way(untyped, retype(ObjectType::tcb, 0, slot), node);
        way(untyped, retype(ObjectType::tcb, 0, slot), slot);
        way(make(ObjectType::untyped, 12), retype(ObjectType::tcb, 0, slot, 2), own_cnode);
        way.note(exists(slot) && exists(slot + 1) && !exists(slot + 2));
    });
}

TEST("async: twins of a CNode: copies and moves") {
    twins([](Way& way) {
        const CPtr node = make(ObjectType::cnode, 4);
        const CPtr frame = make(ObjectType::page);
        const CPtr badge = badged(make(ObjectType::notification), 5);
        const CPtr used = used_untyped();
        way.truncated(node, abi::CNodeCopy{1, 4, frame, 64, 15}, own_cnode);
        way.truncated(node, abi::CNodeMint{1, 4, frame, 64, 15, 0}, own_cnode);
        way.truncated(node, abi::CNodeMove{1, 4, frame, 64}, own_cnode);
        way.truncated(node, abi::CNodeMutate{1, 4, frame, 64, 0}, own_cnode);
        way.other_labels(node, {abi::Label::untyped_retype, abi::Label::tcb_resume});
        for (const CPtr source : {frame, badge, used, CPtr{0}, CPtr{abi::irq_control}}) {
            for (const Word depth : {Word{0}, Word{3}, Word{4}, Word{5}, Word{65}})
                way(node, abi::CNodeCopy{1, depth, source, 64, 15}, own_cnode);
            way(node, abi::CNodeCopy{1, 4, source, 64, 15}, own_cnode);
            way(node, abi::CNodeCopy{2, 4, source, 1, 15}, own_cnode);
            way(node, abi::CNodeCopy{2, 4, source, 64, 15}, frame);
            way(node, abi::CNodeMint{2, 4, source, 64, 15, 77}, own_cnode);
            way(node, abi::CNodeMint{3, 4, source, 64, abi::read, 0}, own_cnode);
            for (Word slot = 1; slot <= 3; slot++)
                way(node, abi::CNodeDelete{slot, 4});
        }
        way(node, abi::CNodeMint{4, 4, node, 64, 15, abi::cnode_data(3, 61)}, own_cnode);
        way(node, abi::CNodeMint{4, 4, node, 64, 15, abi::cnode_data(3, 60)}, own_cnode);
        way(node, abi::CNodeMutate{5, 4, 4, 4, abi::cnode_data(1, 3)}, node);
        way(node, abi::CNodeMutate{6, 4, badge, 64, 3}, own_cnode);
        way(node, abi::CNodeMove{6, 4, badge, 64}, own_cnode);
        way(node, abi::CNodeMove{6, 4, badge, 64}, own_cnode);
        way(node, abi::CNodeMove{7, 4, badge, 64}, own_cnode);
        way.note(exists(badge));
    });
}

TEST("async: twins of a CNode: delete, revoke, rotate and the rest") {
    twins([](Way& way) {
        const CPtr node = make(ObjectType::cnode, 4);
        const CPtr untyped = make(ObjectType::untyped, 14);
        const CPtr slots = empty_slot(8);
        expect_success("objects", untyped_retype(untyped, ObjectType::tcb, 0, slots, 8));
        for (const Word depth : {Word{0}, Word{3}, Word{4}, Word{5}, Word{64}, Word{65}}) {
            way(node, abi::CNodeDelete{1, depth});
            way(node, abi::CNodeRevoke{1, depth});
            way(node, abi::CNodeCancelBadgedSends{1, depth});
            way(node, abi::CNodeSaveCaller{1, depth});
            way(node, abi::CNodeRotate{1, depth, 0, 2, 4, 0, 3, 4}, node, node);
            way(node, abi::CNodeRotate{1, 4, 0, 2, depth, 0, 3, 4}, node, node);
            way(node, abi::CNodeRotate{1, 4, 0, 2, 4, 0, 3, depth}, node, node);
        }
        way.truncated(node, abi::CNodeDelete{1, 4});
        way.truncated(node, abi::CNodeRevoke{1, 4});
        way.truncated(node, abi::CNodeRotate{1, 4, 0, 2, 4, 0, 3, 4}, node, node);
        way(own_cnode, abi::CNodeDelete{slots + 3, 64});
        way(own_cnode, abi::CNodeMove{slots + 3, 64, slots + 4, 64}, own_cnode);
        way(own_cnode, abi::CNodeRotate{slots + 4, 64, 0, slots + 5, 64, 0, slots + 6, 64},
            own_cnode, own_cnode);
        way(own_cnode, abi::CNodeRotate{slots, 64, 0, slots, 64, 0, slots + 6, 64}, own_cnode,
            own_cnode);
        for (CPtr slot = slots; slot < slots + 8; slot++)
            way.note(exists(slot));
        way(own_cnode, abi::CNodeRevoke{untyped, 64});
        for (CPtr slot = slots; slot < slots + 8; slot++)
            way.note(exists(slot));
        way(untyped, retype(ObjectType::untyped, 14, slots), own_cnode);
    });
}

TEST("async: twins of a frame") {
    const CPtr shared = make(ObjectType::page);
    const CPtr large = make(ObjectType::mega_page);
    twins([=](Way& way) {
        const CPtr space = new_space();
        const CPtr other = new_space();
        const CPtr small = make(ObjectType::page);
        const Word vaddr = 0x4000'0000;
        way.truncated(small, abi::PageMap{vaddr, 3, 0}, space);
        way.other_labels(small, {abi::Label::page_table_map, abi::Label::cnode_delete});
        for (const CPtr frame : {small, large}) {
            way(frame, abi::PageMap{vaddr, 3, 0}, space); // a table is missing
            if (frame == small)
                tables_at(vaddr, space);
            way(frame, abi::PageMap{vaddr + megabytes_2, 3, 0}, space);
            way(frame, abi::PageUnmap{});
            way(frame, abi::PageUnmap{});
            for (const CPtr wrong : {CPtr{0}, small, CPtr{own_cnode}, make(ObjectType::page_table)})
                way(frame, abi::PageMap{vaddr, 3, 0}, wrong);
            for (const Word wrong : {abi::user_top, abi::user_top - page, vaddr + 8, vaddr + page,
                                     ~Word{0}, ~Word{0} - page + 1, vaddr + gigabyte, Word{0}})
                way(frame, abi::PageMap{wrong, 3, 0}, space);
        }
        way(small, abi::PageMap{vaddr, 3, 1}, space);
        way(small, abi::PageMap{vaddr, 1, 0}, space); // mapped again: other rights
        way(small, abi::PageMap{vaddr + page, 3, 0}, space);
        way(small, abi::PageMap{vaddr, 3, 0}, other);
        way(large, abi::PageMap{vaddr, 3, 0}, space);
        way(make(ObjectType::page), abi::PageMap{vaddr, 3, 0}, space);
        way(copy_of(small), abi::PageMap{vaddr, 3, 0}, space);
        way(copy_of(small, abi::read), abi::PageMap{vaddr + page, 3, 0}, space);
        way(shared, abi::PageGetAddress{});
        expect_success("the space goes", cap_delete(space));
        way(small, abi::PageMap{vaddr, 3, 0}, other);
        way(small, abi::PageUnmap{});
        way(small, abi::PageMap{vaddr, 3, 0}, other);
        way(large, abi::PageUnmap{});
    });
}

TEST("async: twins of a page table") {
    twins([](Way& way) {
        const CPtr space = new_space();
        const CPtr table = make(ObjectType::page_table);
        const Word vaddr = 0x4000'0000;
        way.truncated(table, abi::PageTableMap{vaddr, 0}, space);
        way.other_labels(table, {abi::Label::page_map, abi::Label::page_unmap});
        for (const CPtr wrong : {CPtr{0}, table, CPtr{own_cnode}, make(ObjectType::page)})
            way(table, abi::PageTableMap{vaddr, 0}, wrong);
        way(table, abi::PageTableMap{abi::user_top, 0}, space);
        way(table, abi::PageTableMap{vaddr + 12345, 0}, space);
        way(table, abi::PageTableMap{vaddr, 0}, space);
        way(space, abi::PageTableMap{vaddr, 0}, space);
        way(space, abi::PageTableUnmap{});
        const CPtr second = make(ObjectType::page_table);
        const CPtr third = make(ObjectType::page_table);
        way(second, abi::PageTableMap{vaddr, 0}, space);
        way(third, abi::PageTableMap{vaddr, 0}, space);
        const CPtr frame = make(ObjectType::page);
        way(frame, abi::PageMap{vaddr, 3, 0}, space);
        const CPtr copied = copy_of(second);
        way(second, abi::PageTableUnmap{});
        way(own_cnode, abi::CNodeDelete{copied, 64});
        way(second, abi::PageTableUnmap{});
        way(second, abi::PageTableUnmap{});
        way(frame, abi::PageMap{vaddr, 3, 0}, space);
        way(second, abi::PageTableMap{vaddr, 0}, space);
        way(frame, abi::PageMap{vaddr, 3, 0}, space);
        way(frame, abi::PageUnmap{});
        way(own_cnode, abi::CNodeDelete{space, 64});
        way(table, abi::PageTableUnmap{});
    });
}

TEST("async: twins of ASID control and pools") {
    twins([](Way& way) {
        const CPtr untyped = make(ObjectType::untyped, 12);
        const CPtr slot = empty_slot(2);
        const CPtr control = abi::asid_control;
        way.truncated(control, abi::AsidControlMakePool{slot, 64}, untyped, own_cnode);
        way.other_labels(control, {abi::Label::asid_pool_assign, abi::Label::page_map});
        for (const CPtr wrong :
             {CPtr{0}, make(ObjectType::page), make(ObjectType::untyped, 13), used_untyped()})
            way(control, abi::AsidControlMakePool{slot, 64}, wrong, own_cnode);
        for (const Word depth : {Word{0}, Word{1}, Word{65}})
            way(control, abi::AsidControlMakePool{slot, depth}, untyped, own_cnode);
        way(control, abi::AsidControlMakePool{untyped, 64}, untyped, own_cnode);
        way(control, abi::AsidControlMakePool{slot, 64}, untyped, untyped);
        way(control, abi::AsidControlMakePool{slot, 64}, untyped, own_cnode);
        way(control, abi::AsidControlMakePool{slot + 1, 64}, untyped, own_cnode);
        const CPtr table = make(ObjectType::page_table);
        way.truncated(slot, abi::AsidPoolAssign{}, table);
        way.other_labels(slot, {abi::Label::asid_control_make_pool});
        for (const CPtr wrong : {CPtr{0}, slot, make(ObjectType::page), CPtr{abi::root_vspace}})
            way(slot, abi::AsidPoolAssign{}, wrong);
        way(slot, abi::AsidPoolAssign{}, table);
        way(slot, abi::AsidPoolAssign{}, table);
        way(own_cnode, abi::CNodeDelete{slot, 64});
        way(make(ObjectType::page), abi::PageMap{0x1000, 3, 0}, table);
    });
}
