#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "net/message.hpp"
#include "task.hpp"

namespace otpd::api {

// What became of a receipt that a provider has sent.
enum class receipt_result : std::uint8_t {
  taken,             // it is ours and was believed, whether it changed anything or not
  refused,           // it was not believed
  unknown_provider,  // there is no such provider, or it sends no receipts
  malformed,         // it is nothing that the provider sends
  unavailable,       // it could not be kept; to be sent again
};

// Where receipts go. One per event loop.
class receipt_desk {
 public:
  virtual ~receipt_desk() = default;
  // Believes or refuses, and keeps what is new. `provider` and `in` live until the task ends. A receipt that
  // is believed but late, replayed, irrelevant or of a message that nobody knows is `taken`.
  virtual task<receipt_result> receive(std::string_view provider, const net::request& in) = 0;
};

struct hook_route {
  net::method method;
  std::string_view path;  // as docs/openapi.yaml writes it
};

// Everything that is served. A test holds it against docs/openapi.yaml.
inline constexpr std::array hook_routes{
    hook_route{net::method::get, "/hooks/{provider}"},
    hook_route{net::method::post, "/hooks/{provider}"},
};

// Providers' receipts at the public listener. No API key is asked for: whoever signs is authentic, which the
// desk finds out. Each answer depends on `receipt_result` alone: 204 does not tell whether a message exists,
// and no refusal tells why. GET has an effect here and HEAD is not served: Vonage's protocol is older than
// these words.
class hooks {
 public:
  explicit hooks(receipt_desk& desk) : desk_(desk) {}

  // True for every path that begins with /hooks/; others are somebody else's.
  [[nodiscard]] static bool serves(std::string_view path) noexcept { return path.starts_with("/hooks/"); }
  // Fills `out`. Both references live until the task ends.
  task<void> handle(const net::request& in, net::response& out);

 private:
  receipt_desk& desk_;
};

}  // namespace otpd::api
