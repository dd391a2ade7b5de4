// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Who has sockets, and is answered: a client behind a ring.
/// @cond NONE
/// In PROFILE=sel4 a client whose threads call.
/// @endcond
/// Read next: client_end.hpp.
/// @stage{7}
#pragma once

/// @cond NONE
#include "kernel/config.hpp"
#if REL4_SYNCHRONOUS_IPC
#include "user/netsrv/sync_client.hpp"
#else
/// @endcond
#include "user/netsrv/client_end.hpp"
/// @cond NONE
#endif
/// @endcond

#include <type_traits>

namespace netsrv {

static_assert(!std::is_copy_constructible_v<Owner>, "its sockets know where it is");

} // namespace netsrv
