// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See net_server.hpp.
#include "labs/7-tcp-server/tests/played/net_server.hpp"

#include <algorithm>
#include <cstring>

namespace played {

using net::Error;
using net::Request;

NetServer::NetServer(rt::Executor& executor, rt::Ends ends, rt::Callback notify)
    : ServerEnd(executor, ends, notify, 1,
                [](Connection& self) { static_cast<NetServer&>(self).take_requests(); }) {}

Word NetServer::open(Stream stream) {
    const Word handle = first_handle + handles_++;
    streams_[handle] = std::move(stream);
    return handle;
}

Word NetServer::come(uint16_t port) {
    const Word handle = open();
    listener(port).queue.push_back(handle);
    look();
    return handle;
}

Listener& NetServer::listener(uint16_t port) {
    for (auto& [handle, listener] : listeners_) {
        if (listener.port == port)
            return listener;
    }
    static Listener none;
    return none = {};
}

void NetServer::look() {
    for (auto& [handle, stream] : streams_)
        progress(handle, stream);
    for (auto& [handle, listener] : listeners_)
        progress(listener);
}

void NetServer::take_requests() {
    if (!find_lines())
        return;
    begin_burst();
    Taken taken;
    while (take_whole(taken))
        serve(taken.header, {taken.words, rt::info_of(taken.header).length()});
}

void NetServer::serve(Word header, Words words) {
    const auto request = static_cast<Request>(rt::info_of(header).label());
    if (request == Request::listen)
        return listen(header, words);
    if (request == Request::count) {
        constexpr Word counters[sizeof(net::Counters) / sizeof(Word)] = {};
        return reply(header, Error::none, counters);
    }
    const Word handle = words.empty() ? 0 : words[0];
    if (request == Request::accept && listeners_.contains(handle)) {
        Listener& listener = listeners_[handle];
        listener.accepts++;
        if (listener.accept != 0)
            return reply(header, Error::busy);
        listener.accept = header;
        return progress(listener);
    }
    if (!streams_.contains(handle) || streams_[handle].closed != 0) {
        wrong.push_back("request " + std::to_string(rt::info_of(header).label()) + " of handle " +
                        std::to_string(handle) + ", which is not open");
        return reply(header, Error::bad_handle);
    }
    serve_stream(header, words, streams_[handle]);
}

void NetServer::serve_stream(Word header, Words words, Stream& stream) {
    const auto request = static_cast<Request>(rt::info_of(header).label());
    switch (request) {
    case Request::send:
    case Request::exchange: {
        const Error error = std::exchange(stream.answer_to_send, Error::none);
        if (error != Error::none)
            return reply(header, error);
        const auto* const data = reinterpret_cast<const char*>(words.data() + net::first_data_word);
        const Word room = (words.size() - net::first_data_word) * sizeof(Word);
        stream.got.append(data, std::min(words[1], room));
        if (request == Request::send)
            return reply(header, Error::none);
        [[fallthrough]];
    }
    case Request::receive:
        if (stream.receive != 0)
            return reply(header, Error::busy);
        stream.receive = header;
        return progress(words[0], stream);
    case Request::close:
        stream.closed++;
        if (stream.receive != 0)
            reply(std::exchange(stream.receive, 0), Error::closed);
        return reply(header, Error::none);
    case Request::finish:
        return reply(header, Error::none);
    default:
        wrong.push_back("request " + std::to_string(rt::info_of(header).label()) + " of a stream");
        return reply(header, Error::unknown_request);
    }
}

void NetServer::listen(Word header, Words words) {
    if (answer_to_listen != Error::none)
        return reply(header, answer_to_listen);
    const Word handle = first_handle + handles_++;
    Listener& listener = listeners_[handle];
    listener.port = static_cast<uint16_t>(words[0]);
    listener.backlog = words[1];
    listener.patience = words.size() > 2 ? words[2] : 0;
    const Word answer[] = {handle, listener.port};
    reply(header, Error::none, answer);
}

void NetServer::progress(Word, Stream& stream) {
    if (stream.receive == 0)
        return;
    if (!stream.comes.empty()) {
        reply_data(std::exchange(stream.receive, 0), stream.comes.front());
        stream.comes.pop_front();
    } else if (stream.error != Error::none) {
        reply(std::exchange(stream.receive, 0), stream.error);
    } else if (stream.ends) {
        reply(std::exchange(stream.receive, 0), Error::none);
    }
}

void NetServer::progress(Listener& listener) {
    if (listener.accept == 0)
        return;
    if (listener.gone)
        return reply(std::exchange(listener.accept, 0), Error::closed);
    if (listener.queue.empty())
        return;
    const Word answer[] = {listener.queue.front(), 0, net::Endpoint{0x7f000001, 4000}.word()};
    listener.queue.pop_front();
    reply(std::exchange(listener.accept, 0), Error::none, answer);
}

void NetServer::reply(Word header, Error error, Words words) {
    join_burst();
    if (make_room(abi::lines_of(static_cast<unsigned>(words.size())) * abi::line_bytes))
        put_answer(header, abi::ItemInfo::make(static_cast<Word>(error), words.size()), words);
    else
        wrong.emplace_back("more requests than there is room for answers");
}

void NetServer::reply_data(Word header, const std::string& data) {
    Word words[abi::message_words] = {0, data.size()};
    std::memcpy(words + net::first_data_word, data.data(), data.size());
    reply(header, Error::none, std::span(words).first(net::words_with(data.size())));
}

} // namespace played
