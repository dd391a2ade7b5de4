// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// 7.3, Socket::progress_receive: what comes from lwIP, which is played, is answered to a client,
/// which is the test.
#include "labs/7-tcp-server/tests/host/draw.hpp"
#include "labs/lib/alone.hpp"
#include "user/netsrv/owner.hpp"

#include <memory>

namespace netsrv {

bool Owner::answer(Word header, Error error, std::span<const Word> words) {
    if (!has_room)
        return false;
    static_cast<void>(words);
    answers.push_back({header, error, ""});
    return true;
}

void Owner::answer_data(Word header, const pbuf* data, unsigned bytes, Word from) {
    expect("no more bytes are answered than room_for_data() has just said", bytes <= promised);
    promised = 0;
    std::string text(bytes, '\0');
    const unsigned there = pbuf_copy_partial(data, text.data(), static_cast<u16_t>(bytes), 0);
    expect_equal("bytes of the answer that were received", bytes, there);
    answers.push_back({header, Error::none, text});
    static_cast<void>(from);
}

unsigned Owner::room_for_data(unsigned wanted) { return promised = std::min(wanted, room); }

Socket* Owner::open_socket() { return nullptr; }
void Owner::release(Socket&) {}

} // namespace netsrv

namespace {

using netsrv::Error;
using netsrv::Owner;
using netsrv::Socket;
using netsrv::Word;

constexpr net::Endpoint other_end{0x0a000202, 4000};

/// A stream of a client, and both ends of it.
class Stream {
public:
    Stream() {
        netsrv::Handles::own(*socket, owner);
        static_cast<void>(socket->connect(other_end, 1));
        tcp = played::last_tcp;
        tcp->state = ESTABLISHED;
        tcp->connected(tcp->arg, tcp, ERR_OK);
        owner.answers.clear();
    }

    /// The client asks for data.
    void ask(Word header) {
        const Error error = socket->receive(header);
        if (error == Error::busy)
            fail("receive() takes a request: expected it to, got \"busy\": the one before, which "
                 "was answered, still waits");
        else
            expect_equal("receive() takes a request: error", std::string(net::text(Error::none)),
                         std::string(net::text(error)));
    }
    /// Data comes, in parts of at most so many bytes.
    void come(std::string_view data, size_t part = UINT16_MAX) {
        tcp->recv(tcp->arg, tcp, played::buffer_of(data, part), ERR_OK);
    }
    /// The other end says that it sends no more.
    void end() { tcp->recv(tcp->arg, tcp, nullptr, ERR_OK); }
    /// lwIP gives the connection up: it is not there any more.
    void give_up(err_t error) { std::exchange(tcp, nullptr)->failed(tcp_arg_, error); }

    /// The last answer is to this request.
    bool expect_answer(const std::string& what, Word header, const std::string& data,
                       Error error = Error::none) {
        if (!expect(what + ": the request is answered",
                    !owner.answers.empty() && owner.answers.back().header == header))
            return false;
        const Owner::Answer& answer = owner.answers.back();
        return expect_equal(what + ": error", std::string(net::text(error)),
                            std::string(net::text(answer.error))) &&
               expect_equal(what + ": data", "\"" + data + "\"", "\"" + answer.data + "\"");
    }

    Owner owner;
    std::unique_ptr<Socket> socket = std::make_unique<Socket>();
    tcp_pcb* tcp = nullptr;

private:
    void* tcp_arg_ = socket.get();
};

} // namespace

TEST_CASE("receive-data: data that comes is answered to the request that waits, whole, once") {
    alone([] {
        Stream at;
        const uint64_t before = played::window_given;
        at.come("early");
        expect_equal("answers to nobody", 0, at.owner.answers.size());
        expect_equal("bytes that the other end may send again, while nobody has any", 0,
                     played::window_given - before);
        at.ask(11);
        at.expect_answer("data that is there already", 11, "early");
        at.ask(12);
        expect_equal("answers to a request without data", 1, at.owner.answers.size());
        at.come("late");
        at.expect_answer("data that comes later", 12, "late");
        at.come("more");
        expect_equal("answers to two requests", 2, at.owner.answers.size());
        at.ask(13);
        at.expect_answer("a third one", 13, "more");
        expect_equal("bytes that the other end may send again: those that the client has", 13,
                     played::window_given - before);
        expect_equal("buffers that are kept for data that the client has", 0, played::buffers);
    });
}

TEST_CASE("receive-room: a client with little room gets a part, and the rest later") {
    alone([] {
        const std::string data = "0123456789abcdefghijklmnopqrstuvwxyz";
        for (const size_t part : {size_t{1}, size_t{5}, data.size()}) {
            for (const unsigned room : {1U, 5U, 7U, 35U}) {
                Stream at;
                const uint64_t before = played::window_given;
                const std::string what = "room for " + lab::shown(room) +
                                         " of 36 bytes, in parts of " + lab::shown(part);
                at.owner.room = room;
                at.come(data, part);
                std::string got;
                for (Word header = 20; got.size() < data.size(); header++) {
                    at.ask(header);
                    const std::string next = data.substr(got.size(), room);
                    if (!at.expect_answer(what, header, next))
                        return;
                    got += next;
                    expect_equal(what + ": bytes that the other end may send again", got.size(),
                                 played::window_given - before);
                }
                expect_equal(what + ": buffers that are kept at last", 0, played::buffers);
            }
        }
        Stream at;
        at.ask(11);
        const std::string large(size_t{3} * net::most_data, 'x');
        at.come(large);
        at.expect_answer("more than a message holds", 11, large.substr(0, net::most_data));
    });
}

TEST_CASE("receive-full: a client without room is answered when there is some") {
    alone([] {
        Stream at;
        const uint64_t before = played::window_given;
        at.ask(11);
        at.owner.room = 0;
        at.come("data");
        expect_equal("answers that have no room", 0, at.owner.answers.size());
        at.socket->progress();
        expect_equal("bytes that the other end may send again, while nobody has any", 0,
                     played::window_given - before);
        expect("the request still waits: another one is refused",
               at.socket->receive(12) == Error::busy);
        at.owner.room = net::most_data;
        at.socket->progress();
        at.expect_answer("there is room again", 11, "data");

        at.ask(13);
        at.owner.has_room = false;
        at.end();
        expect_equal("answers, while the end has no room", 1, at.owner.answers.size());
        at.owner.has_room = true;
        at.socket->progress();
        at.expect_answer("there is room for the end", 13, "");
        at.socket->progress();
        expect_equal("answers, when there is progress once more", 2, at.owner.answers.size());
    });
}

TEST_CASE("receive-end: the end of a stream comes behind the last of its data, as no data") {
    alone([] {
        Stream at;
        at.owner.room = 4;
        at.come("lastbytes");
        at.end();
        at.ask(11);
        at.expect_answer("data before the end", 11, "last");
        at.ask(12);
        at.expect_answer("more data before the end", 12, "byte");
        at.ask(13);
        at.expect_answer("the last byte", 13, "s");
        at.ask(14);
        at.expect_answer("the end", 14, "");
        at.ask(15);
        at.expect_answer("the end once more", 15, "");
        Stream other;
        other.ask(21);
        other.end();
        other.expect_answer("an end for which a request waits", 21, "");
        Stream open;
        open.ask(31);
        open.socket->progress();
        expect_equal("answers, if there are neither data nor an end", 0, open.owner.answers.size());
    });
}

TEST_CASE("receive-error: data that came before a connection broke off is not lost") {
    alone([] {
        for (const auto& [given, error] :
             {std::pair{ERR_RST, Error::reset}, std::pair{ERR_TIMEOUT, Error::timed_out}}) {
            Stream at;
            const uint64_t before = played::window_given;
            at.come("some");
            at.give_up(given);
            at.ask(11);
            at.expect_answer("data that came before", 11, "some");
            expect_equal("bytes that a connection may send again that is not there any more", 0,
                         played::window_given - before);
            at.ask(12);
            at.expect_answer("why there is no more", 12, "", error);
            at.ask(13);
            at.expect_answer("the same once more", 13, "", error);
            Stream other;
            other.ask(21);
            other.give_up(given);
            other.expect_answer("a request that waits when it breaks off", 21, "", error);
        }
    });
}

TEST_CASE("receive-datagram: datagrams are answered one by one, also empty ones") {
    alone([] {
        Owner owner;
        const auto socket = std::make_unique<Socket>();
        netsrv::Handles::own(*socket, owner);
        expect("a socket for datagrams", socket->open_udp(0) == Error::none);
        udp_pcb& udp = *played::last_udp;
        const ip_addr_t from = {lwip_htonl(other_end.address)};
        const auto come = [&](std::string_view text) {
            udp.recv(udp.arg, &udp, played::buffer_of(text), &from, other_end.port);
        };
        const auto expect_answer = [&](Word header, const std::string& text) {
            const Error error = socket->receive(header);
            if (error == Error::busy)
                fail("receive() takes a request: expected it to, got \"busy\": the one before, "
                     "which "
                     "was answered, still waits");
            else
                expect_equal("receive() takes a request: error",
                             std::string(net::text(Error::none)), std::string(net::text(error)));
            const bool is_there = !owner.answers.empty() && owner.answers.back().header == header;
            if (expect("a datagram \"" + text + "\" is answered", is_there))
                expect_equal("a datagram", text, owner.answers.back().data);
        };
        come("one");
        come("");
        come("three");
        expect_answer(11, "one");
        expect_answer(12, "");
        expect_answer(13, "three");
        expect("receive() takes a request", socket->receive(14) == Error::none);
        expect_equal("answers to three datagrams", 3, owner.answers.size());
        owner.room = 2;
        come("four");
        expect_equal("answers that have no room", 3, owner.answers.size());
        owner.room = net::most_data;
        socket->progress();
        expect_equal("answers, when there is room", 4, owner.answers.size());
    });
}

TEST_CASE("receive-random: whatever comes, and however little room, every byte is answered once") {
    alone([] {
        Draw draw;
        for (unsigned round = 0; round < 100; round++) {
            Stream at;
            const uint64_t before = played::window_given;
            std::string sent;
            std::string got;
            bool waits = false;
            bool ended = false;
            size_t seen = 0;
            for (Word i = 1; i < 300 && (!ended || got.size() != sent.size()); i++) {
                at.owner.room = static_cast<unsigned>(draw.below(3) * draw.below(400));
                if (!ended && draw.below(2) == 0 && sent.size() - got.size() < 3000) {
                    const std::string data = draw.bytes(1 + draw.below(1000));
                    sent += data;
                    at.come(data, 1 + draw.below(600));
                }
                if (i > 250 && !std::exchange(ended, true))
                    at.end();
                if (!waits) {
                    at.ask(i);
                    waits = true;
                }
                at.socket->progress();
                const size_t answers = at.owner.answers.size();
                if (!expect("a request gets one answer", answers - seen <= 1))
                    return;
                waits = answers == seen;
                if (answers != seen)
                    got += at.owner.answers.back().data;
                seen = answers;
                if (!expect_equal("bytes that the other end may send again, in round " +
                                      lab::shown(round),
                                  got.size(), played::window_given - before))
                    return;
            }
            if (!expect("what is answered is what came, byte by byte",
                        got == sent.substr(0, got.size())))
                return;
        }
    });
}
