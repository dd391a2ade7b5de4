// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See script.hpp.
/// @stage{none}
#include "tools/load/script.hpp"

#include <array>

namespace load {

namespace {

using Milliseconds = Script::Milliseconds;

std::string requests(Protocol& protocol, std::uint64_t& number, std::uint64_t count) {
    std::string text;
    for (; count != 0; count--)
        protocol.request(number++, text);
    return text;
}

std::string random_bytes(Random& random, std::size_t count) {
    std::string text(count, '\0');
    for (char& c : text)
        c = static_cast<char>(random.next());
    return text;
}

/// A request that is wrong in one way.
std::string malformed(Random& random) {
    static const std::array<std::string, 14> requests = {
        "\r\n\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "get / http/1.1\r\n\r\n",
        "GET / HTTP/1.1\nHost: x\n\n",
        "GET  /  HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "GET / HTTP/1.1\r\n: no name\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "GET /" + std::string(20000, 'a') + " HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\n" + std::string(20000, 'a') + ": b\r\n\r\n",
    };
    return requests.at(random.between(0, requests.size() - 1));
}

} // namespace

Script make_script(Kind kind, Mode mode, Protocol& protocol, std::uint64_t& number,
                   Random& random) {
    Script script;
    switch (kind) {
    case Kind::slow:
        script.text = requests(protocol, number, 1);
        script.piece = 1;
        script.pause = Milliseconds(10);
        script.verifies = true;
        break;
    case Kind::half:
        script.text = requests(protocol, number, random.between(0, 1));
        script.text.resize(script.text.size() / 2);
        script.hold = Milliseconds(random.between(500, 3000));
        break;
    case Kind::reset:
        script.text = requests(protocol, number, random.between(0, 4));
        script.text.resize(random.between(0, script.text.size()));
        script.reads = random.between(0, 1) == 0;
        script.hold = Milliseconds(random.between(0, 5));
        script.breaks = true;
        break;
    case Kind::garbage:
        script.text = mode == Mode::http && random.between(0, 1) == 0
                          ? malformed(random)
                          : random_bytes(random, random.between(1, 4096));
        script.hold = Milliseconds(random.between(0, 50));
        break;
    case Kind::flood:
        script.text = requests(protocol, number, 64);
        script.endless = true;
        script.reads = false;
        script.hold = Milliseconds(random.between(500, 3000));
        script.breaks = true;
        break;
    }
    return script;
}

} // namespace load
