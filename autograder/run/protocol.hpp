// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Reading what test programs say (labs/lib/protocol.hpp).
/// Always holds: a verdict or value is believed only if its sum is right for the run's nonce, its
/// test was begun and was asked for, and nothing was said of it before; everything else that looks
/// like the protocol is counted as forged.
/// Read next: tests.hpp.
#pragma once

#include "user/lib/siphash.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace grade {

/// The key of one run. Nobody can guess it.
class Nonce {
public:
    /// @throws EnvironmentError if the system gives no random numbers
    static Nonce draw();
    static Nonce of(std::string digits) { return Nonce(std::move(digits)); }

    /// 32 hexadecimal digits.
    [[nodiscard]] const std::string& digits() const { return digits_; }
    [[nodiscard]] std::uint64_t sum(std::string_view text) const;

private:
    explicit Nonce(std::string digits);

    std::string digits_;
    user::SipKey key_;
};

/// What one run said of one test.
struct Statement {
    std::string id;
    std::optional<bool> passed; ///< nothing: it did not come to its end
    std::optional<std::uint64_t> value;
    std::vector<std::string> messages;
};

struct Statements {
    std::vector<Statement> tests; ///< in the order in which they began
    bool complete = false;        ///< the run came to its end
    int forged = 0;
    std::vector<std::string> other; ///< lines that are none of the protocol
};

/// @param expected ids of the tests that the run was asked for
[[nodiscard]] Statements read_statements(std::string_view output, const Nonce& nonce,
                                         std::span<const std::string> expected);

} // namespace grade
