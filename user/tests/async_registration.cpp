// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Registering: the object, the frames of its buffer, the thread; every error, in order.
/// @stage{6}
#include "user/lib/program.hpp"
#include "user/tests/async.hpp"

namespace {

CPtr registration(unsigned bits = abi::async_registration_bits) {
    return make(ObjectType::async_registration, bits);
}

Result add_frame(CPtr registration, CPtr frame) {
    return invoke(registration, abi::AsyncAddFrame{}, frame);
}

/// Registers the calling thread for the smallest rings.
Result register_with(CPtr registration, CPtr notification, Word requests = abi::most_lines,
                     Word replies = abi::most_lines) {
    return invoke(registration, abi::RegisterAsyncSyscall{requests, replies}, notification);
}

Result retype(CPtr untyped, Word bits, CPtr slot) {
    return untyped_retype(untyped, ObjectType::async_registration, bits, slot);
}

} // namespace

TEST("async: numbers of what is ours alone") {
    expect_equal("type", 65, static_cast<Word>(ObjectType::async_registration));
    expect_equal("RegisterAsyncSyscall", 1026,
                 static_cast<Word>(abi::Label::register_async_syscall));
    expect_equal("AsyncAddFrame", 1029, static_cast<Word>(abi::Label::async_add_frame));
    expect_equal("ConsolePutChar", 1030, static_cast<Word>(abi::Label::console_put_char));
    expect_equal("ConsolePutString", 1031, static_cast<Word>(abi::Label::console_put_string));
    expect_equal("UintrWakeSyscallHandler", ~Word{40},
                 static_cast<Word>(abi::Syscall::uintr_wake_syscall_handler));
}

TEST("async: a registration is made with a size") {
    const CPtr untyped = make(ObjectType::untyped, 14);
    const CPtr slot = empty_slot();
    expect_error("too small", Error::invalid_argument, retype(untyped, 12, slot), {1});
    expect_error("none at all", Error::invalid_argument, retype(untyped, 0, slot), {1});
    expect_error("larger than anything", Error::range_error, retype(untyped, 39, slot), {0, 38});
    expect_error("more than there is", Error::not_enough_memory, retype(untyped, 15, slot),
                 {Word{1} << 14});
    expect_success("all of it", retype(untyped, 14, slot));
}

TEST("async: no registration lies in the memory of a device") {
    const CPtr slot = empty_slot();
    const abi::BootInfo& info = user::boot_info();
    CPtr device = 0;
    for (Word i = 0; device == 0 && i < info.untyped.end - info.untyped.start; i++) {
        const abi::UntypedDescription& each = info.untypeds[i];
        if (each.is_device != 0 && each.size_bits >= 13)
            device = user::allocator.device_untyped(each.paddr, 13);
    }
    if (device == 0)
        return skip("there is no large memory of a device");
    expect_error("device", Error::invalid_argument, retype(device, 13, slot), {1});
    user::allocator.destroy(device);
}

TEST("async: the number of coroutines comes from the size") {
    const CPtr page = make(ObjectType::page);
    for (unsigned bits = abi::async_registration_bits; bits <= 18; bits++) {
        const Word room = ((Word{1} << bits) - abi::async_base_bytes) / abi::async_coroutine_bytes;
        const CPtr object = registration(bits);
        expect_success("a frame", add_frame(object, page));
        const Result result = register_with(object, make(ObjectType::notification));
        if (!expect_success("registration", result))
            return;
        expect_equal("words of the answer", 1, result.length);
        expect_equal("coroutines", std::min<Word>(room, abi::most_async_coroutines),
                     result.words[0]);
        allocator.destroy(object);
    }
    expect_equal("of the least", 2,
                 ((Word{1} << abi::async_registration_bits) - abi::async_base_bytes) /
                     abi::async_coroutine_bytes);
}

TEST("async: AsyncAddFrame takes memory that can be read and written") {
    const CPtr object = registration();
    const CPtr page = make(ObjectType::page);
    const CPtr slot = empty_slot();
    expect_truncated(object, abi::AsyncAddFrame{}, page);
    expect_error("an empty slot", Error::invalid_capability, add_frame(object, slot), {1});
    expect_error("no frame", Error::invalid_capability,
                 add_frame(object, make(ObjectType::notification)), {1});
    expect_error("a device", Error::invalid_capability, add_frame(object, device_frame()), {1});
    expect_success("a copy that can be read", cap_copy(page, slot, abi::read));
    expect_error("read only", Error::invalid_capability, add_frame(object, slot), {1});
    cap_delete(slot);
    expect_success("a copy without rights", cap_copy(page, slot, 0));
    expect_error("no rights", Error::invalid_capability, add_frame(object, slot), {1});
    cap_delete(slot);
    expect_success("a copy with what it needs", cap_copy(page, slot, abi::read | abi::write));
    expect_success("rights enough", add_frame(object, slot));
    expect_no_other_labels(object, {abi::Label::page_map, abi::Label::tcb_resume});
}

TEST("async: a buffer has 32 frames at most, which may be the same") {
    const CPtr object = registration();
    const CPtr page = make(ObjectType::page);
    for (unsigned i = 0; i < abi::buffer_frames; i++)
        expect_success("a frame", add_frame(object, page));
    expect_error("one more", Error::illegal_operation, add_frame(object, page));
    expect_error("no frame, but this comes first", Error::illegal_operation,
                 add_frame(object, empty_slot()));
}

TEST("async: RegisterAsyncSyscall, its errors in order") {
    const CPtr object = registration();
    const CPtr notification = make(ObjectType::notification);
    const CPtr slot = empty_slot();
    expect_truncated(object, abi::RegisterAsyncSyscall{abi::most_lines, abi::most_lines},
                     notification);
    expect_error("no notification, wrong lines", Error::invalid_capability,
                 register_with(object, slot, 1, 1), {1});
    expect_success("a copy that cannot signal", cap_copy(notification, slot, abi::read));
    expect_error("cannot signal", Error::invalid_capability, register_with(object, slot), {1});
    expect_error("no frames, wrong lines", Error::illegal_operation,
                 register_with(object, notification, 1, 1));
    expect_success("a frame", add_frame(object, make(ObjectType::page)));
    for (const Word lines : {Word{0}, Word{1}, Word{8}, Word{15}, Word{17}, Word{48}, Word{1} << 25,
                             ~Word{0}, Word{1} << 63}) {
        expect_error("lines of requests", Error::invalid_argument,
                     register_with(object, notification, lines, 3), {0});
        expect_error("lines of replies", Error::invalid_argument,
                     register_with(object, notification, abi::most_lines, lines), {1});
    }
    expect_error("too large", Error::not_enough_memory, register_with(object, notification, 32, 32),
                 {4096});
    expect_error("the greatest", Error::not_enough_memory,
                 register_with(object, notification, Word{1} << 24, Word{1} << 24), {4096});
    expect_success("what fits", register_with(object, notification, 32, 16));
    expect_error("twice", Error::illegal_operation, register_with(object, notification, 32, 16));
    expect_error("a frame later on", Error::illegal_operation,
                 add_frame(object, make(ObjectType::page)));
}

TEST("async: a thread has one registration at a time") {
    const Calls first;
    Calls second({.open = false});
    expect_error("it has one", Error::illegal_operation, second.register_thread());
    allocator.destroy(first.registration());
    expect_success("its registration is gone", second.register_thread());
    Calls third({.open = false});
    expect_success("so is the object of this one", cap_delete(second.registration()));
    expect_success("and another one is possible", third.register_thread());
}

TEST("async: frames that were revoked before the registration are missed") {
    Calls calls({.open = false});
    expect_success("revoke", cap_revoke(calls.frame(1)));
    expect_error("a frame is missing", Error::illegal_operation, calls.register_thread());
    expect_equal("the thread has none", 0, poll(calls.notification()));
    wake_handler();
    const Calls other;
}

TEST("async: after its end a registration takes neither frames nor threads") {
    Calls calls;
    expect_success("a frame goes", cap_revoke(calls.frame(0)));
    wake_handler();
    calls.expect_closed();
    expect_error("a frame", Error::illegal_operation,
                 add_frame(calls.registration(), make(ObjectType::page)));
    const Calls next;
}

TEST("async: counters that are not zero at the registration end it, or count") {
    for (const Word tail : {Word{1}, Word{63}, Word{33} * 64, ~Word{0}, Word{1} << 63}) {
        Calls calls({.open = false});
        calls.header().client.out.tail.store_relaxed(tail);
        calls.header().client.in.head.store_relaxed(~tail);
        calls.header().client.in.state.store_relaxed(tail);
        calls.header().client.out.state.store_relaxed(tail);
        calls.header().server.in.head.store_relaxed(tail);
        calls.header().server.out.tail.store_relaxed(tail);
        calls.header().server.out.state.store_relaxed(tail);
        calls.open();
        wake_handler();
        calls.expect_closed();
    }
    Calls calls({.open = false});
    calls.put(5, calls.frame(), abi::PageGetAddress{});
    static_cast<void>(calls.publish());
    calls.open();
    wake_handler();
    expect_equal("what was there before is a request", 5, calls.reply().id);
}

TEST("async: rings cross the borders of frames of several sizes") {
    // A large page, a small one twice its border away: lines 0 to 31 and so on lie anywhere.
    const CPtr large = make(ObjectType::mega_page);
    const abi::RingLines lines = {.requests = 1U << 15, .replies = 32};
    const CPtr object = registration();
    const CPtr notification = make(ObjectType::notification);
    const Word start = vspace.reserve(abi::buffer_bytes(lines) + 3 * user::page_size,
                                      Word{1} << abi::mega_page_bits);
    expect_success("mapped", vspace.map(large, start));
    expect_success("a large frame", add_frame(object, large));
    for (Word behind = 0; behind < 2; behind++) {
        const CPtr small = make(ObjectType::page);
        expect_success("mapped", vspace.map(small, start + (Word{1} << abi::mega_page_bits) +
                                                       behind * user::page_size));
        expect_success("a small frame", add_frame(object, small));
    }
    expect_success("registration", register_with(object, notification, lines.requests, 32));
    auto ends = rt::SharedBuffer(reinterpret_cast<void*>(start), lines).client();
    const CPtr tcb = bare_thread();
    const std::array<Word, 20> words = {tcb, 0, 17, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    const auto label = static_cast<Word>(abi::Label::tcb_write_registers);
    const auto info = abi::ItemInfo::make(label, words.size());
    // So many that the rings come round: three lines each, so they cross every border somewhere.
    unsigned good = 0;
    constexpr unsigned calls = 11'000;
    for (uint32_t i = 0; i < calls; i++) {
        if (ends.out.stopped() || ends.out.room() < 3 * abi::line_bytes)
            static_cast<void>(ends.out.refill());
        rt::put_message(ends.out, i, info, words);
        if (rt::end_burst(ends.out, ends.in, false).notify)
            wake_handler();
        if (!comes_true([&] { return !ends.in.stopped() || ends.in.refill() == rt::Ring::ready; }))
            break;
        good += rt::load_header(*ends.in.take(abi::line_bytes).first) == i ? 1 : 0;
    }
    expect_equal("calls that were answered", calls, good);
}
