// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A net server that has no network: it plays the other ends of all connections itself. What they
/// say is drawn by chance, from the seed; what comes back it compares, and counts for the judge.
///
///     TCP server ──ring──> this ──page──> judge
///
/// Read next: report.hpp; streams.hpp; user/net/protocol.hpp.
#include "labs/7-tcp-server/tests/net/streams.hpp"
#include "user/lib/async_server.hpp"
#include "user/lib/program.hpp"

namespace {

using abi::Word;
using lab7::Report;
using lab7::Stream;
using net::Error;
using net::Request;

alignas(64) constinit std::byte memory[64 * user::frame_bytes] = {};
constinit Report* report = nullptr;
constinit bool all_closed = false;

constexpr Word first_listener = 1000; ///< handles: this and the port
constexpr uint16_t echo_port = 7;
constexpr uint16_t http_port = 80;
constexpr Word first_stream = 20; ///< handles, from here on

constinit Stream streams[lab7::most_streams] = {};
constinit Word begun = 0;

uint16_t wanted_port() { return report->task == lab7::Task::pages ? http_port : echo_port; }

Word wanted_streams() {
    switch (report->task) {
    case lab7::Task::echo:
        return lab7::echo_connections;
    case lab7::Task::pages:
        return lab7::page_connections;
    case lab7::Task::measured:
        return 1;
    }
    return 0;
}

void count(rt::SharedWord<Word>& word) { word.store_relaxed(word.load_relaxed() + 1); }

/// The TCP server, as a client.
class Client : public ipc::ServerEnd {
public:
    Client(rt::Executor& executor, rt::Ends ends, rt::Callback notify, Report*,
           const user::broker::Peer&)
        : ServerEnd(executor, ends, notify, 2,
                    [](Connection& self) { static_cast<Client&>(self).take_requests(); }) {}

private:
    using Words = std::span<const Word>;

    void take_requests() {
        if (!find_lines())
            return;
        begin_burst();
        static constinit Taken taken;
        while (take_whole(taken))
            serve(taken.header, {taken.words, rt::info_of(taken.header).length()});
    }

    void serve(Word header, Words words) {
        const auto request = static_cast<Request>(rt::info_of(header).label());
        if (request == Request::count) {
            constexpr Word counters[sizeof(net::Counters) / sizeof(Word)] = {};
            return reply(header, Error::none, counters);
        }
        if (request == Request::listen && words.size() >= 2) {
            count(report->listeners);
            const Word answer[] = {first_listener + words[0], words[0]};
            return reply(header, Error::none, answer);
        }
        if (request == Request::accept && !words.empty() && words[0] >= first_listener)
            return accept(header, static_cast<uint16_t>(words[0] - first_listener));
        const Word number = words.empty() ? ~Word{0} : words[0] - first_stream;
        if (number < begun && streams[number].open)
            return serve(header, request, words, streams[number]);
        count(report->refused);
        reply(header, Error::bad_handle);
    }

    /// One that does not get a connection waits for ever.
    void accept(Word header, uint16_t port) {
        if (port != wanted_port() || begun == wanted_streams())
            return;
        streams[begun].begin(*report, begun);
        const Word answer[] = {first_stream + begun, 0, net::Endpoint{0x7f000001, 4000}.word()};
        begun++;
        count(report->begun);
        reply(header, Error::none, answer);
    }

    void serve(Word header, Request request, Words words, Stream& stream) {
        const Word room = words.size() <= net::first_data_word
                              ? 0
                              : (words.size() - net::first_data_word) * sizeof(Word);
        const auto* const data = reinterpret_cast<const char*>(words.data() + net::first_data_word);
        switch (request) {
        case Request::send:
        case Request::exchange:
            stream.came({data, std::min(words[1], room)});
            return request == Request::send ? reply(header, Error::none) : give(header, stream);
        case Request::receive:
            return give(header, stream);
        case Request::close:
            stream.open = false;
            reply(header, Error::none);
            count(report->closed);
            all_closed = report->closed.load_relaxed() == wanted_streams();
            return;
        default:
            count(report->refused);
            return reply(header, Error::unknown_request);
        }
    }

    /// What the stream says next; no byte: no more.
    void give(Word header, Stream& stream) {
        static constinit Word words[abi::message_words] = {};
        words[1] = stream.say(reinterpret_cast<char*>(words + net::first_data_word));
        reply(header, Error::none, std::span(words).first(net::words_with(words[1])));
    }

    void reply(Word header, Error error, Words words = {}) {
        if (make_room(abi::lines_of(static_cast<unsigned>(words.size())) * abi::line_bytes))
            put_answer(header, abi::ItemInfo::make(static_cast<Word>(error), words.size()), words);
    }
};

} // namespace

int main() {
    report =
        reinterpret_cast<Report*>(user::vspace.map_somewhere(user::granted(lab7::report_name)));
    if (report == nullptr)
        return 2;
    user::AsyncProcess process(memory);
    user::AsyncServer<Client, Report> server(process, report);
    process.spawn(server.run(process.pool(), net::service));
    process.run([] { return all_closed; });
    return 0;
}
