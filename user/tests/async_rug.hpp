// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the tests share in which something goes away that asynchronous calls need: memory of which
/// everything is made, and which is looked at once it is free; and a thread that lives on nothing
/// else.
/// Read next: async_rug_self.cpp.
/// @stage{6}
#pragma once

#include "user/tests/async.hpp"
#include "user/tests/vspace.hpp"

/// 256 KiB, to make things of that go away again.
class Ground {
public:
    static constexpr unsigned bits = 18;
    static constexpr Word pages = (Word{1} << bits) / user::page_size;

    [[nodiscard]] CPtr untyped() const { return untyped_; }

    CPtr object(ObjectType type, Word size_bits = 0, const Place& place = Place::current()) const {
        const CPtr slot = empty_slot();
        expect_success("an object", untyped_retype(untyped_, type, size_bits, slot), place);
        return slot;
    }

    /// Everything that was made of it is gone: makes pages of it, which are all zero, and stay so
    /// while others run. @pre nothing is left of it, or is revoked now
    void expect_untouched(const Place& place = Place::current()) {
        if (frames_ == 0) {
            frames_ = empty_slot(pages);
            start_ = vspace.reserve(pages * user::page_size);
        }
        expect_success("what is left goes", cap_revoke(untyped_), place);
        if (!expect_success("the memory is free",
                            untyped_retype(untyped_, ObjectType::page, 0, frames_, pages), place))
            return;
        for (Word i = 0; i < pages; i++)
            expect_success("it can be used", vspace.map(frames_ + i, start_ + i * user::page_size),
                           place);
        Word spoilt = 0;
        for (unsigned look = 0; look < 2; look++) {
            for (Word vaddr = start_; vaddr < start_ + pages * user::page_size; vaddr += 8)
                spoilt += word_at(vaddr) != 0 ? 1 : 0;
            for (unsigned i = 0; i < 20; i++)
                yield();
        }
        expect_equal("words of it that somebody wrote", 0, spoilt, place);
        expect_success("and again", cap_revoke(untyped_), place);
    }

private:
    CPtr untyped_ = make(ObjectType::untyped, bits);
    CPtr frames_ = 0;
    Word start_ = 0;
};

/// A thread of which everything lies in a Ground, its CSpace and its address space too. It makes
/// the system calls that it is told to; its requests are put in by the test.
class BareClient {
public:
    explicit BareClient(const Ground& ground)
        : calls({.open = false, .memory = ground.untyped()}), tcb(ground.object(ObjectType::tcb)),
          node(ground.object(ObjectType::cnode, 1)), space(ground.object(ObjectType::page_table)) {
        const CPtr code = ground.object(ObjectType::page);
        const CPtr code_here = copy_of(code);
        const CPtr buffer = ground.object(ObjectType::page);
        buffer_ = reinterpret_cast<volatile abi::IpcBuffer*>(map(copy_of(buffer)));
        expect_success("a space", assign(abi::root_asid_pool, space));
        for (unsigned i = 0; i < 2; i++)
            expect_success("a table",
                           map_table(ground.object(ObjectType::page_table), code_at, space));
        copy_code(code_here);
        expect_success("code", page_map(code, space, code_at, user::read_write));
        expect_success("a buffer", page_map(buffer, space, code_at + page, user::read_write));
        expect_success("the same capabilities",
                       invoke(node,
                              abi::CNodeMint{0, 1, own_cnode, full_depth, abi::all_rights,
                                             abi::cnode_data(0, 0)},
                              own_cnode));
        expect_success("configured",
                       invoke(tcb, abi::TcbConfigure{0, cspace_data(), 0, code_at + page}, node,
                              space, buffer));
        expect_success("priority", tcb_set_priority(tcb, above));
        buffer_->caps_or_badges[0] = calls.signal();
        const auto label = static_cast<Word>(abi::Label::register_async_syscall);
        trap(abi::Syscall::call, calls.registration(), MessageInfo::make(label, 2, 1).word,
             calls.arguments().request_lines, calls.arguments().reply_lines);
    }

    /// Guard of its CNode. The root CNode is one level down: all pointers mean what they mean to
    /// the test.
    [[nodiscard]] static Word cspace_data() {
        return abi::cnode_data(0, 63 - static_cast<unsigned>(user::boot_info().cnode_bits));
    }

    /// Makes a system call, which need not return.
    void trap(abi::Syscall number, Word a0 = 0, Word a1 = 0, Word a2 = 0, Word a3 = 0) const {
        abi::UserContext registers = {};
        registers.pc = code_at + pc_of(call_once) - reinterpret_cast<Word>(threads_code_start);
        registers.a0 = a0;
        registers.a1 = a1;
        registers.a2 = a2;
        registers.a3 = a3;
        registers.a7 = static_cast<Word>(number);
        tcb_write_registers(tcb, registers, true);
    }
    /// Publishes the requests, and has the thread tell the kernel of them.
    void submit() {
        static_cast<void>(calls.publish());
        trap(abi::Syscall::uintr_wake_syscall_handler);
    }

    Calls calls;
    CPtr tcb;
    CPtr node;
    CPtr space;

private:
    static constexpr Word code_at = 0x1000'0000;

    static void copy_code(CPtr frame) {
        volatile Word* to = map(frame);
        const auto* from = reinterpret_cast<const Word*>(threads_code_start);
        const auto* end = reinterpret_cast<const Word*>(threads_code_end);
        for (; from < end; from++)
            *to++ = *from;
    }

    volatile abi::IpcBuffer* buffer_;
};
