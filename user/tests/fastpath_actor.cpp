// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The threads of scripted IPC: what they do next, and what they note.
/// @stage{none}
#include "user/tests/fastpath.hpp"

Word Transcript::hash() const {
    Word hash = 0xcbf2'9ce4'8422'2325;
    for (const Entry& entry : entries())
        for (const Word word : {entry.actor, entry.step, entry.a0, entry.a1, entry.hash})
            hash = mixed(hash, word);
    return hash;
}

CPtr Props::fixed(CPtr cap) {
    const CPtr to = slot();
    expect_success("a fixed slot", cap_move(cap, to));
    return to;
}

void Props::create(Word script) {
    // Slots that no test has: far behind those, and in front of the CNode's end.
    constexpr CPtr first = 6000;
    constexpr Word slots = 32;
    next = first + script * slots;
    for (CPtr& endpoint : endpoints)
        endpoint = fixed(make_endpoint());
    notification = make(ObjectType::notification);
    constexpr Word write = abi::Rights::write;
    const CPtr all[] = {
        minted(endpoints[0], 0xb1),
        minted(endpoints[0], 0xb2, user::read_write | abi::Rights::grant_reply),
        minted(endpoints[1], 0xb3, write | abi::Rights::grant),
        with_rights(endpoints[1], user::read_write),
        minted(notification, 1),
        minted(notification, 2, user::read_write),
        with_rights(endpoints[0], write),
    };
    unsigned i = 0;
    for (const CPtr cap : {endpoints[0], endpoints[0], endpoints[1]})
        caps[i++] = cap;
    for (const CPtr cap : all)
        caps[i++] = fixed(cap);
    caps[i++] = slot();
    caps[i] = Word{1} << 44;
}

bool Actor::create(Word number, Word priority, Props& props, Word seed, Transcript& transcript) {
    props_ = &props;
    transcript_ = &transcript;
    dice_ = Dice(seed);
    number_ = number;
    received_ = props.slot();
    saved_ = props.slot();
    // Its faults are messages among the others.
    return expect("an actor", thread_.create(allocator, vspace, priority,
                                             minted(props.endpoints[1], 0xf0 + number)));
}

void Actor::skip() {
    tcb_suspend(thread_.tcb());
    start();
}

void Actor::act(Word argument) {
    Actor& self = *reinterpret_cast<Actor*>(argument);
    while (self.step_ < steps) {
        self.step_++;
        self.choose();
        system_call_with(self.file_);
        self.note();
    }
}

void Actor::choose() {
    if (dice_.below(4) == 0)
        cap_delete(received_);
    for (unsigned i = 1; i < register_count; i++)
        file_.x[i] = dice_.next();
    choose_system_call();
    choose_message();
}

/// Mostly what servers and clients do.
void Actor::choose_system_call() {
    constexpr Syscall usual[] = {
        Syscall::call,          Syscall::call,
        Syscall::call,          Syscall::reply_receive,
        Syscall::reply_receive, Syscall::receive,
        Syscall::receive,       Syscall::send,
        Syscall::send,          Syscall::non_blocking_send,
        Syscall::reply,         Syscall::non_blocking_receive,
        Syscall::yield,
    };
    file_.x[a7] = static_cast<Word>(dice_.of(usual));
    // Bad capabilities are rare.
    const Word choice = dice_.below(Props::count);
    file_.x[a0] = props_->caps[choice < 9 ? choice : dice_.below(Props::count)];
    if (dice_.below(12) == 0)
        file_.x[a0] = saved_;
}

/// Mostly short ones, sometimes with capabilities; or an invocation: to save the caller.
void Actor::choose_message() {
    constexpr Word lengths[] = {0, 0, 1, 2, 3, 4, 4, 5, 6, 30, 120, 127};
    constexpr Word caps[] = {0, 0, 0, 0, 0, 0, 1, 2};
    abi::IpcBuffer& buffer = ipc_buffer();
    for (Word& word : buffer.message)
        word = dice_.next();
    for (CPtr& cap : buffer.caps_or_badges)
        cap = dice_.of(props_->caps);
    buffer.receive_cnode = own_cnode;
    buffer.receive_index = received_;
    buffer.receive_depth = full_depth;
    file_.x[a1] = MessageInfo::make(dice_.next() >> 12, dice_.of(lengths), dice_.of(caps)).word;
    if (dice_.below(12) == 0) {
        const Word label = static_cast<Word>(abi::Label::cnode_save_caller);
        file_.x[a7] = static_cast<Word>(Syscall::call);
        file_.x[a0] = own_cnode;
        file_.x[a1] = MessageInfo::make(label, 2).word;
        file_.x[a2] = saved_;
        file_.x[a2 + 1] = full_depth;
    }
}

void Actor::note() {
    // A fault tells where it was.
    const auto add = [this](Word hash, Word word) {
        constexpr Word everywhere = 0x70c;
        return mixed(hash, word == props_->syscall_pc ? everywhere : word);
    };
    Word hash = number_;
    for (unsigned i = 1; i < register_count; i++)
        hash = i == sp ? hash : add(hash, file_.x[i]);
    for (const Word word : ipc_buffer().message)
        hash = add(hash, word);
    for (const Word word : ipc_buffer().caps_or_badges)
        hash = add(hash, word);
    transcript_->add({number_, step_, file_.x[a0], file_.x[a1], hash});
}
