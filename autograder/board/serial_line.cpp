// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// termios, poll and flock.
#include "autograder/board/serial_line.hpp"

#include <algorithm>
#include <array>
#include <poll.h>
#include <sys/file.h>
#include <termios.h>

namespace grade {

namespace {

using namespace std::chrono_literals;

/// A line that is longer comes in pieces: what runs on a board may print without end.
constexpr std::size_t longest_line = 4096;
/// How often somebody who asks to stop is heard.
constexpr auto patience = 200ms;

struct Rate {
    unsigned baud;
    speed_t code;
};
constexpr std::array rates = {
    Rate{9600, B9600},       Rate{19200, B19200},     Rate{38400, B38400},
    Rate{57600, B57600},     Rate{115200, B115200},   Rate{230400, B230400},
    Rate{460800, B460800},   Rate{921600, B921600},   Rate{1000000, B1000000},
    Rate{1500000, B1500000}, Rate{2000000, B2000000}, Rate{3000000, B3000000}};

void set_up(int descriptor, const std::string& device, unsigned baud) {
    const auto* const rate = std::ranges::find(rates, baud, &Rate::baud);
    if (rate == rates.end()) {
        throw EnvironmentError(fmt::format("no serial line has {} baud; 115200 is usual", baud));
    }
    termios line{};
    if (::tcgetattr(descriptor, &line) != 0) {
        throw EnvironmentError(device + " is no serial line");
    }
    ::cfmakeraw(&line);
    line.c_cflag |= CLOCAL | CREAD;
    line.c_cflag &= ~static_cast<tcflag_t>(CRTSCTS | CSTOPB);
    ::cfsetispeed(&line, rate->code);
    ::cfsetospeed(&line, rate->code);
    if (::tcsetattr(descriptor, TCSANOW, &line) != 0) {
        throw system_error(fmt::format("{} cannot be set to {} baud", device, baud));
    }
}

/// What is left until then, in milliseconds, but not longer than anybody's patience.
int milliseconds(Deadline deadline) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, patience.count()));
}

bool is_past(Deadline deadline) { return std::chrono::steady_clock::now() >= deadline; }

} // namespace

std::optional<SerialLine> SerialLine::take(const std::filesystem::path& device, unsigned baud) {
    Descriptor descriptor(
        ::open(device.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)); // NOLINT
    if (!descriptor.is_open()) {
        throw system_error(device.string() + " cannot be opened");
    }
    if (::flock(descriptor.number(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) {
            return std::nullopt;
        }
        throw system_error(device.string() + " cannot be locked");
    }
    set_up(descriptor.number(), device.string(), baud);
    return SerialLine(std::move(descriptor));
}

bool SerialLine::write(std::string_view bytes, Deadline deadline) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(descriptor_.number(), bytes.data(), bytes.size());
        if (count >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(count));
            continue;
        }
        if (errno != EAGAIN && errno != EINTR) {
            throw system_error("the serial line is gone");
        }
        pollfd ready{.fd = descriptor_.number(), .events = POLLOUT, .revents = 0};
        ::poll(&ready, 1, milliseconds(deadline));
        if (is_past(deadline)) {
            return false;
        }
    }
    return true;
}

std::optional<std::string> SerialLine::read_line(Deadline deadline, const std::stop_token& stop) {
    for (;;) {
        const std::size_t end = unread_.find('\n');
        if (end != unread_.npos || unread_.size() > longest_line) {
            const bool is_cut = end > longest_line;
            std::string line = unread_.substr(0, is_cut ? longest_line : end);
            unread_.erase(0, is_cut ? longest_line : end + 1);
            if (line.ends_with('\r')) {
                line.pop_back();
            }
            return line;
        }
        if (!receive(deadline) && (is_past(deadline) || stop.stop_requested())) {
            return std::nullopt;
        }
    }
}

void SerialLine::discard() {
    ::tcflush(descriptor_.number(), TCIFLUSH);
    unread_.clear();
}

bool SerialLine::receive(Deadline deadline) {
    pollfd ready{.fd = descriptor_.number(), .events = POLLIN, .revents = 0};
    if (::poll(&ready, 1, milliseconds(deadline)) <= 0) {
        return false;
    }
    std::array<char, 4096> bytes{};
    const ssize_t count = ::read(descriptor_.number(), bytes.data(), bytes.size());
    if (count > 0) {
        unread_.append(bytes.data(), static_cast<std::size_t>(count));
        return true;
    }
    if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
        throw EnvironmentError("the serial line is gone");
    }
    return false;
}

} // namespace grade
