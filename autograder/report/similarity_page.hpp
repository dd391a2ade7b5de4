// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Two submissions side by side, what both have marked and numbered alike.
/// Always holds: the page tells what is alike and how little that may mean, and judges nobody.
/// Read next: ../similarity/similarity.hpp.
#pragma once

#include "autograder/similarity/similarity.hpp"

#include <string>

namespace grade {

/// In the folder similarity/.
[[nodiscard]] std::string pair_page_name(std::size_t number);

[[nodiscard]] std::string pair_page(const Similarity& similarity, std::size_t number);

} // namespace grade
