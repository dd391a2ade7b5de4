// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What cannot go through a ring, lookups that fail, for which the trap has a fault, and output,
/// for which there is no object.
/// @stage{6}
#include "user/tests/async.hpp"

TEST("async: twins of lookups: where the trap faults, the ring answers what was wrong") {
    Calls calls;
    const CPtr far = Word{1} << 63;
    const CPtr frame = make(ObjectType::page);
    // An operation on CNodes looks the same pointer up, and says how that failed.
    const Result wrong = cap_delete(far);
    expect_equal("it fails", Error::failed_lookup, wrong.error);
    const std::initializer_list<Word> all = {wrong.words[0], wrong.words[1], wrong.words[2],
                                             wrong.words[3], wrong.words[4]};
    calls.put(1, far, abi::PageUnmap{});
    calls.put(2, far, abi::PageMap{0, 0, 0}, abi::root_vspace);
    calls.put(3, frame, abi::PageMap{0x1000, 3, 0}, far);
    calls.put(4, own_thread(), abi::TcbConfigure{0, 0, 0, 0}, own_cnode, abi::root_vspace, far);
    calls.put(5, own_thread(), abi::TcbConfigure{0, 0, 0, 0}, far, far, own_cnode);
    calls.submit();
    for (uint32_t id = 1; id <= 5; id++)
        calls.expect_reply(id, Error::failed_lookup, all);
}

TEST("async: a registration cannot be invoked through a ring") {
    Calls calls;
    const Calls other({.open = false});
    const CPtr object = make(ObjectType::async_registration, abi::async_registration_bits);
    calls.put(1, object, abi::AsyncAddFrame{}, calls.frame());
    calls.put(2, other.registration(), other.arguments(), other.signal());
    calls.put(3, calls.registration(), abi::AsyncAddFrame{}, calls.frame());
    calls.put(4, calls.registration(), abi::TcbResume{});
    calls.submit();
    for (uint32_t id = 1; id <= 4; id++)
        calls.expect_reply(id, Error::illegal_operation);
    for (unsigned i = 0; i < abi::buffer_frames; i++)
        expect_success("it has no frame yet", invoke(object, abi::AsyncAddFrame{}, calls.frame()));
}

TEST("async: console output is there in debug builds, whatever object is named") {
    Calls calls;
    constexpr Error error = config::debug ? Error::none : Error::illegal_operation;
    const std::array<Word, 16> text = {0, 14, 0x6f'6320'6874'2023, 0x0a'656c'6f73'6e};
    const auto string = static_cast<Word>(abi::Label::console_put_string);
    calls.put_words(1, abi::ItemInfo::make(string, 4), std::span(text).first(4));
    calls.put(2, ~Word{0}, abi::ConsolePutString{0});
    for (const char character : {'#', '\n'})
        calls.put(3, calls.notification(), abi::ConsolePutChar{static_cast<Word>(character)});
    calls.submit();
    calls.expect_reply(1, error);
    calls.expect_reply(2, error);
    calls.expect_reply(3, error);
    calls.expect_reply(3, error);
    expect_equal("the notification was not signalled", 0, poll(calls.notification()));
    calls.put(4, 0, abi::ConsolePutString{113});
    calls.put(5, 0, abi::ConsolePutString{1});
    calls.put_words(6, abi::ItemInfo::make(string, 3), std::array<Word, 3>{0, 9, 0});
    calls.put_words(7, abi::ItemInfo::make(string, 1), std::array<Word, 1>{0});
    calls.submit();
    if (config::debug)
        calls.expect_reply(4, Error::range_error, {0, 112});
    else
        calls.expect_reply(4, error);
    for (uint32_t id = 5; id <= 7; id++)
        calls.expect_reply(id, config::debug ? Error::truncated_message : error);
    expect_error("by trap there is none", Error::illegal_operation,
                 invoke(own_cnode, abi::ConsolePutChar{'x'}));
}

/// @cond NONE
TEST("async: neither endpoints nor replies are invoked through a ring") {
    if (!config::synchronous_ipc)
        return skip("this profile has none");
    Calls calls;
    const CPtr endpoint = make(ObjectType::endpoint);
    user::Thread thread;
    const auto body = [&] { call(endpoint, {.info = MessageInfo::make(42, 0)}); };
    start(thread, above, body);
    const auto send = [&](CPtr object) {
        calls.put_words(1, abi::ItemInfo::make(42, 1), std::array{object});
        calls.submit();
        calls.expect_reply(1, Error::illegal_operation);
    };
    send(endpoint);
    expect_equal("only the thread's message came", 42, receive(endpoint).info.label());
    const CPtr slot = empty_slot();
    expect_equal("to save the caller is possible", Error::none,
                 calls.call(own_cnode, abi::CNodeSaveCaller{slot, full_depth}).error);
    send(slot);
    expect("the thread still waits", !thread.finished());
    expect_equal("no other message came", 0, non_blocking_receive(endpoint).info.label());
    sel4::send(slot, {});
    thread.join();
}
/// @endcond
