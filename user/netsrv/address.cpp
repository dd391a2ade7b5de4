// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See address.hpp.
/// @stage{7}
#include "user/netsrv/address.hpp"

#include <charconv>

namespace netsrv {

namespace {

/// Reads from the front of a text.
class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}

    std::optional<uint32_t> number(uint32_t most) {
        uint32_t value = 0;
        const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
        if (error != std::errc{} || value > most)
            return {};
        rest_.remove_prefix(static_cast<size_t>(end - rest_.data()));
        return value;
    }
    bool is(char letter) {
        const bool found = rest_.starts_with(letter);
        rest_.remove_prefix(found ? 1 : 0);
        return found;
    }
    std::optional<uint32_t> address() {
        uint32_t value = 0;
        for (unsigned i = 0; i < 4; i++) {
            const auto part = i == 0 || is('.') ? number(255) : std::nullopt;
            if (!part)
                return {};
            value = value << 8 | *part;
        }
        return value;
    }
    [[nodiscard]] bool empty() const { return rest_.empty(); }

private:
    std::string_view rest_;
};

} // namespace

std::string_view address_in(std::string_view command_line) {
    constexpr std::string_view name = "net=";
    while (!command_line.empty()) {
        const std::string_view word = command_line.substr(0, command_line.find(' '));
        if (word.starts_with(name))
            return word.substr(name.size());
        command_line.remove_prefix(word.size());
        command_line.remove_prefix(command_line.empty() ? 0 : 1);
    }
    return {};
}

std::optional<FixedAddress> parse_address(std::string_view text) {
    constexpr uint32_t address_bits = 32;
    Reader reader(text);
    const auto address = reader.address();
    const auto bits = address && reader.is('/') ? reader.number(address_bits - 1) : std::nullopt;
    if (!bits || *address == 0 || *bits == 0)
        return {};
    const uint32_t mask = ~uint32_t{0} << (address_bits - *bits);
    if (reader.empty())
        return FixedAddress{*address, mask, 0};
    const auto gateway = reader.is(',') ? reader.address() : std::nullopt;
    if (!gateway || !reader.empty() || ((*gateway ^ *address) & mask) != 0)
        return {};
    return FixedAddress{*address, mask, *gateway};
}

} // namespace netsrv
