// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The net server behind an endpoint (PROFILE=sel4), as it is done on seL4: one thread receives
/// calls, and by the notification that is bound to it signals of the card, of an alarm, and of who
/// knows that clients are gone. It is more important than its clients.
/// Read next: sync_client.hpp, alarm.hpp, user/lib/sync_clients.hpp.
/// @stage{none}
#include "kernel/abi/invocation.hpp"
#include "user/lib/console.hpp"
#include "user/lib/needs.hpp"
#include "user/lib/own_array.hpp"
#include "user/lib/program.hpp"
#include "user/lib/start_block.hpp"
#include "user/lib/sync_clients.hpp"
#include "user/lib/synchronous.hpp"
#include "user/netsrv/alarm.hpp"
#include "user/netsrv/owner.hpp"
#include "user/netsrv/start.hpp"

#include <bit>
#include <optional>

namespace {

// Most of it is for the card; the rest is for what is shared with clients' threads.
[[gnu::section(".note.rel4"), gnu::used]]
constexpr user::NeedsNote needs{
    {.memory = static_cast<uint32_t>(std::bit_ceil(netsrv::card_memory + netsrv::Callers::memory)),
     .slots = 4096}};

using abi::CPtr;
using abi::Word;
using netsrv::interface;

constexpr Word badge_of_alarm = Word{1} << 61;
static_assert(user::badge_of_gone < badge_of_alarm && badge_of_alarm < netsrv::badge_of_card);

constinit netsrv::SocketPool sockets;
alignas(16) constinit std::byte callers_place[sizeof(netsrv::Callers)] = {};
netsrv::Callers& callers() { return *reinterpret_cast<netsrv::Callers*>(callers_place); }
constinit std::span<std::optional<netsrv::Owner>> clients = {};

netsrv::Shared::Work work() { return {callers().traps, callers().signals}; }

/// Frames came, or may have come.
void take_frames(CPtr irq) {
    interface().acknowledge();
    sel4::invoke(irq, abi::IrqHandlerAck{});
    callers().traps++;
    do {
        while (interface().poll()) {
        }
    } while (!interface().arm());
}

void keep_time(netsrv::Alarm& alarm) {
    alarm.set(netsrv::look_after_timers());
    alarm.acknowledge();
}

/// A program asks for a way for one of its threads.
sel4::Message open(netsrv::Shared& shared, const sel4::Message& request) {
    const Word number = request.badge - user::badge_of_client(0);
    if (number >= user::most_sync_clients || request.info.label() != net::open_line)
        return {.info = abi::MessageInfo::make(static_cast<Word>(net::Error::unknown_request), 0)};
    std::optional<netsrv::Owner>& client = clients[number];
    if (!client)
        client.emplace(shared, callers());
    return callers().open(*client);
}

/// The reply to a call.
sel4::Message answer(netsrv::Shared& shared, const sel4::Message& call) {
    netsrv::CallingThread* const thread = callers().thread(call.badge);
    if (thread == nullptr)
        return open(shared, call);
    if (call.info.label() >= net::open_line)
        return netsrv::Callers::share(*thread, call.info.label());
    callers().begin(call.badge);
    thread->client->take(call.badge, call);
    interface().publish();
    return callers().end();
}

void forget_clients(Word badges) {
    for (unsigned index = 0; index < user::most_sync_clients; index++) {
        if ((badges & Word{1} << index) != 0)
            clients[index].reset();
    }
    interface().publish();
}

void take_signals(Word badges, CPtr irq, netsrv::Alarm& alarm) {
    if ((badges & netsrv::badge_of_card) != 0)
        take_frames(irq);
    if ((badges & badge_of_alarm) != 0)
        keep_time(alarm);
    if ((badges & user::badge_of_gone) != 0)
        forget_clients(badges);
}

} // namespace

int main() {
    const CPtr endpoint = user::granted(net::service);
    const CPtr notification = user::granted(user::gone_clients);
    const CPtr irq = notification == 0 ? 0 : netsrv::start_interface(notification).handler;
    netsrv::Alarm alarm;
    new (callers_place) netsrv::Callers;
    if (irq == 0 || !alarm.start(notification, badge_of_alarm) || !callers().create(endpoint) ||
        !sel4::invoke(abi::root_tcb, abi::TcbBindNotification{}, notification)) {
        println("net: cannot start");
        return 1;
    }
    clients = user::own_array<std::optional<netsrv::Owner>>(user::most_sync_clients);
    netsrv::Shared shared{sockets, interface(), work};
    netsrv::ask_for_address();
    keep_time(alarm);
    take_frames(irq);
    sel4::Message request = sel4::receive(endpoint);
    for (;;) {
        callers().traps++;
        if (request.badge >= user::badge_of_gone) {
            take_signals(request.badge, irq, alarm);
            request = sel4::receive(endpoint);
        } else {
            request = sel4::reply_receive(endpoint, answer(shared, request));
        }
    }
}
