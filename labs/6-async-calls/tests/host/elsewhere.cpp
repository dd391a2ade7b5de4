// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercises 6.4 to 6.6 while the owner of the registration does something on another hart.
#include "labs/6-async-calls/tests/host/elsewhere.hpp"

namespace {

/// Every request is of the short path.
Word serve_all(const rt::Run& requests, abi::Item* reply) {
    for (const abi::Item& request : requests) {
        reply->id.store_relaxed(request.id.load_relaxed());
        reply->info.store_relaxed(0);
        reply++;
    }
    return requests.bytes();
}

constexpr const char* asleep =
    "The owner or the worker sleeps for ever. Who tells the owner, and when the worker may sleep, "
    "is decided in serve() and sleep(), behind a fence: a turn publishes nothing, and changes "
    "neither the state words nor the worker's state.";

/// The translation of a page in the TLB of some hart.
rt::SharedWord<Word>* translation = nullptr;

} // namespace

TEST_CASE("turn-asleep: whoever sleeps is woken: the worker for a request, the owner for a reply") {
    alone([] {
        script.pages = serve_all;
        explored(asleep, explore::all("a call while the worker sleeps", [] {
                     Elsewhere at;
                     explore::threads(
                         {{"owner", [&] { at.call(1); }}, {"worker", [&] { at.work(1); }}});
                 }));
        explored(asleep, explore::all("a call while the worker falls asleep", [] {
                     Elsewhere at;
                     at.wake();
                     explore::threads(
                         {{"owner", [&] { at.call(1); }}, {"worker", [&] { at.work(1); }}});
                 }));
        explored(asleep, explore::all("two calls, of which the second waits for room",
                                      [] {
                                          Elsewhere at;
                                          explore::threads({{"owner", [&] { at.call(2); }},
                                                            {"worker", [&] { at.work(2); }}});
                                      },
                                      {.preemptions = 2, .reorderings = 1}));
    });
}

TEST_CASE("turn-told: who is told that a page is unmapped finds no translation of it") {
    alone([] {
        script.forgotten = [] { translation->store_relaxed(0); };
        explored("The owner was told that a page is unmapped, and a hart could still write to it. "
                 "Replies are published by serve(), behind clean(), not in a turn.",
                 explore::all("unmapping a page", [] {
                     constexpr Word address = Word{64} << 21;
                     constexpr Word slot = 16;
                     Elsewhere at;
                     at.spaces.map_tables(address);
                     Slot& frame = in(at.world.caller().slot(Tcb::cspace), slot);
                     frame.cap = FrameCap(PAddr(1 << 30), 0, false, abi::all_rights);
                     static_cast<void>(at.spaces.map(frame, address));
                     rt::SharedWord<Word> in_tlb{1};
                     explore::name(in_tlb, "translation", {"forgotten", "in a TLB"});
                     translation = &in_tlb;
                     const auto label = static_cast<Word>(abi::Label::page_unmap);
                     const Asked unmap = {
                         .object = slot,
                         .info = abi::ItemInfo::make(abi::label_in_items(label), 1)};
                     explore::threads({{"owner",
                                        [&] {
                                            at.call(1, unmap);
                                            explore::check(in_tlb.load_relaxed() == 0,
                                                           "the translation is forgotten");
                                        }},
                                       {"worker", [&] { at.work(1); }}});
                     explore::check(!frame.cap.as<FrameCap>().mapped(), "the page is unmapped");
                 }));
    });
}
