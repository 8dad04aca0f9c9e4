#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

namespace otpd {

// Every coroutine of the server runs on the event loop that started it; the executor is concrete, so no call
// is type-erased.
using loop_executor = boost::asio::io_context::executor_type;

// A coroutine that yields T on its event loop. Expected failures are results, not exceptions.
template <class T>
using task = boost::asio::awaitable<T, loop_executor>;

}  // namespace otpd
