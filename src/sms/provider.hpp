#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "net/http_call.hpp"
#include "otp/channel.hpp"
#include "otp/ports.hpp"

namespace otpd::sms {

// One message, ready to go. Views live as long as the call to encode().
struct rendered_message {
  otp::channel channel = otp::channel::sms;
  std::string_view to = {};         // E.164 with '+', or an e-mail address
  std::string_view text = {};       // UTF-8; lines end with LF
  std::string_view code = {};       // ASCII letters and digits; it also stands in the text
  std::string_view locale = {};     // BCP 47, as the profile or the caller says
  std::string_view subject = {};    // of an e-mail: one line of UTF-8; else empty
  std::string_view html = {};       // of an e-mail: the text once more, as HTML; may be empty
  std::string_view from = {};       // who sends it, as the route says; empty: the provider's own sender
  std::string_view reference = {};  // names this send, the same on every attempt and in receipts: at most 40
                                    // characters of base64url; empty: no receipt is awaited
  std::string_view callback = {};   // absolute URL for the receipts of this send; empty: none
  std::chrono::seconds lifetime{};  // what is left of the code's
  std::chrono::sys_seconds at{};    // the wall clock, for signatures and dates
  std::function<bool()> still_wanted =
      {};  // asked by a carrier that had to wait before it could begin; false: it shall not. Empty: always
};

// What an answer means.
struct verdict {
  otp::failure failure = otp::failure::none;  // none: the provider accepted the message
  std::string message_id;                     // its name for the message, if it told one; at most 128 bytes
};

// How one provider is spoken to: a codec without I/O, state or clock. Immutable, shared by every loop.
class provider {
 public:
  virtual ~provider() = default;
  // The request that hands over `message`, time-outs and trust included.
  [[nodiscard]] virtual net::http_call encode(const rendered_message& message) const = 0;
  // Reads any answer, the malformed ones too.
  [[nodiscard]] virtual verdict decode(const net::http_answer& answer) const = 0;
};

}  // namespace otpd::sms
