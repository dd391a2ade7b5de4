// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What a server's handler takes and gives, read off its type. A handler is a function, or an
/// object with operator(), of one of these forms:
///
///     Message<m> (Request<n>)                      answers at once
///     Message<m> (LongRequest)                     the same, with messages of any length
///     rt::Task<Message<m>> (rt::Frames, Request<n>)     a coroutine, which may suspend
///
/// Read next: runtime/server.hpp.
/// @stage{5}
#pragma once

#include "runtime/message.hpp"
#include "runtime/task.hpp"

#include <type_traits>

namespace ipc {

namespace detail {

/// Parameter and result of a function that takes a request, and a pool before it or not.
template <class Result, class Parameter>
struct Signature {
    using Answer = Result;
    using Request = std::remove_cvref_t<Parameter>;
};

template <class R, class P>
Signature<R, P> signature(R (*)(P));
template <class R, class P>
Signature<R, P> signature(R (*)(rt::Frames, P));
template <class T, class R, class P>
Signature<R, P> signature(R (T::*)(P));
template <class T, class R, class P>
Signature<R, P> signature(R (T::*)(P) const);
template <class T, class R, class P>
Signature<R, P> signature(R (T::*)(rt::Frames, P));
template <class T, class R, class P>
Signature<R, P> signature(R (T::*)(rt::Frames, P) const);

template <class Handler>
auto signature_of() {
    if constexpr (requires { &Handler::operator(); })
        return decltype(signature(&Handler::operator())){};
    else
        return decltype(signature(std::declval<Handler>())){};
}

template <class T>
constexpr bool is_task = false;
template <class T>
constexpr bool is_task<rt::Task<T>> = true;

} // namespace detail

template <class Handler>
struct HandlerTraits {
    using Signature = decltype(detail::signature_of<Handler>());
    using Request = typename Signature::Request;
    using Answer = typename Signature::Answer;
    static constexpr bool suspends = detail::is_task<Answer>;
    static constexpr bool is_long = std::is_same_v<Request, LongRequest>;
};

} // namespace ipc
