#pragma once

// The words of Django REST Framework, which the five systems are made with.

#include <span>
#include <string_view>

#include "api/dialects/dialect.hpp"
#include "api/dialects/request_data.hpp"
#include "net/message.hpp"
#include "otp/time.hpp"

namespace otpd::api::dialects {

// {"message": text}
void answer_message(unsigned status, std::string_view text, net::response& out);
// {"detail": text}
void answer_detail(unsigned status, std::string_view text, net::response& out);
// {"field": [text]}, status 400: what a serializer says of a field.
void answer_field(std::string_view field, std::string_view text, net::response& out);
// A member that a serializer requires. Nothing: `out` says what is missing.
[[nodiscard]] std::optional<std::string_view> required(const request_data& data, std::string_view field,
                                                       net::response& out);
// Whether the body could be read; else `out` says why.
[[nodiscard]] bool read_data(const net::request& in, request_data& into, net::response& out);

void answer_method_not_allowed(net::method method, std::string_view allowed, net::response& out);
// 401, with WWW-Authenticate. `is_given`: a token came, and is not good.
void answer_unauthenticated(bool is_given, net::response& out);
// Nothing is added for a wait of nothing.
void add_retry_after(otp::milliseconds wait, net::response& out);

// Why nothing was sent or judged, as far as the clients of these systems can tell.
enum class trouble : std::uint8_t {
  bad_address,  // none that we send to
  too_many,     // a limit; try again later
  wrong,        // not a right code
  expired,      // its time is over
  ours,         // delivery or store
};
[[nodiscard]] trouble trouble_of(otp::errc code) noexcept;

// A code as clients spell it: white space around it dropped, digits of any script folded.
[[nodiscard]] std::string written_code(std::string_view text);
// The same of a member; empty if it is no text. A JSON number cannot begin with zeros: those that it lacks of
// the `length` of the codes are put back.
[[nodiscard]] std::string written_code(const request_data& data, std::string_view name, std::size_t length);

// Who asks.
[[nodiscard]] otp::caller caller_of(const net::request& in, const trusted_proxies& proxies);
// A code for who asks. What is said here lives until it is issued.
[[nodiscard]] otp::issue_request code_for(const otp::caller& by, const otp::profile& policy,
                                          std::string_view purpose, std::string_view to,
                                          otp::channel channel = otp::channel::sms);

}  // namespace otpd::api::dialects
