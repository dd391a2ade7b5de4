// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The server of the crowd: has a window for everybody, and is as large as servers are that keep
/// much of each client: 8 MiB, and 4 MiB for its own use. It ends when all rounds are over, with 2
/// if it has not all the memory, slots and frames that it had at its start.
/// Read next: crowd.hpp, user/lib/async_server.hpp.
/// @stage{5}
#include "user/lib/async_server.hpp"
#include "user/lib/console.hpp"
#include "user/lib/program.hpp"
#include "user/root/tests/crowd.hpp"

namespace {

using abi::Word;

[[gnu::section(".note.rel4"), gnu::used]]
constexpr user::NeedsNote needs{{.memory = 4 * 1024 * 1024, .peers = 256, .buffers = 0}};

/// A request takes two, so all guests can have one in progress.
constexpr unsigned most_frames = 1024;
alignas(64) constinit std::byte memory[most_frames * user::frame_bytes] = {};

/// How often each guest has asked for a number, by the number.
constexpr Word most_numbers = 4096;
constinit Word asked[user::most_peers][most_numbers] = {};

/// Guests so far.
struct Context {
    unsigned came = 0;
    unsigned gone = 0;
    unsigned may_go = 0; ///< all up to this one
    Word requests = 0;   ///< for numbers

    /// Is this the end of a round?
    [[nodiscard]] static bool all(unsigned count) {
        unsigned sum = 0;
        for (const unsigned guests : crowd::guests) {
            sum += guests;
            if (count == sum)
                return true;
        }
        return false;
    }
};

class Handler {
public:
    Handler(Context* context, const user::broker::Peer& guest)
        : context_(context), asked_(asked[guest.number]) {
        context->came++;
    }
    static void gone(Context* context, unsigned) { context->gone++; }

    rt::Task<ipc::Message<1>> operator()(rt::Frames frames, ipc::Request<1> request) const {
        if (request.label() == crowd::after) {
            asked_[request.words[0] % most_numbers]++;
            context_->requests++;
        }
        return answer(frames, context_, request);
    }

private:
    static rt::Task<ipc::Message<1>> answer(rt::Frames /*frames*/, Context* context,
                                            ipc::Request<1> request) {
        Word word = request.words[0] + 1;
        switch (request.label()) {
        case crowd::after:
            if (request.words[0] % 2 != 0) {
                co_await rt::sleep_until(machine::time() + 100);
            }
            break;
        case crowd::here:
            word = Context::all(context->came) ? 1 : 0;
            break;
        case crowd::go:
            context->may_go = context->came;
            break;
        case crowd::gone:
            word = context->may_go == context->came ? 1 : 0;
            break;
        default:
            break;
        }
        co_return ipc::Message(0, word);
    }

    Context* context_;
    Word* asked_; ///< by this guest
};

/// Is every request noted?
bool all_noted(const Context& context) {
    Word sum = 0;
    for (const auto& numbers : asked)
        for (const Word times : numbers)
            sum += times;
    return sum == context.requests;
}

/// What there is of everything.
struct Stock {
    Word bytes;
    Word slots;
    Word frames;

    explicit Stock(user::AsyncProcess& process)
        : bytes(user::allocator.free_bytes()), slots(user::allocator.free_slots()),
          frames(process.pool().blocks() - process.pool().used()) {}
    bool operator==(const Stock&) const = default;
};

/// Gives the root task time to look at what this program has left.
rt::Task<> end_later(rt::Frames /*frames*/, bool* ended) {
    co_await rt::sleep_until(machine::time() + user::start_block().ticks_per_second / 50);
    *ended = true;
}

} // namespace

int main() {
    user::AsyncProcess process(memory);
    Context context;
    user::AsyncServer<Handler, Context> server(process, &context);
    process.spawn(server.run(process.pool(), crowd::service));
    const Stock first(process);
    process.run([&] { return context.gone == crowd::connections && server.clients() == 0; });
    const Stock last(process);
    println("crowd: the server had ", context.gone, " guests, and has ", last.bytes, " bytes, ",
            last.slots, " slots, ", last.frames, " frames left");
    bool ended = false;
    process.spawn(end_later(process.pool(), &ended));
    process.run([&] { return ended; });
    return first == last && all_noted(context) ? 0 : 2;
}
