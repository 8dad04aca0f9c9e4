#include "sms/http_carrier.hpp"

#include <algorithm>
#include <charconv>

#include "sms/outcome.hpp"

namespace otpd::sms {

namespace {

// Seconds only (RFC 9110, 10.2.3): a date says more about the provider's clock than about its health.
std::optional<std::chrono::seconds> retry_after(const net::http_answer& answer) {
  const std::string_view text = answer.field_value("retry-after");
  std::uint32_t seconds = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return std::chrono::seconds(seconds);
}

}  // namespace

task<handover> http_carrier::hand_over(const rendered_message& message, std::chrono::milliseconds bound) {
  net::http_call call = codec_.encode(message);
  call.timeout = std::min(call.timeout, bound);
  call.connect_timeout = std::min(call.connect_timeout, call.timeout);
  call.still_wanted = message.still_wanted;
  const auto answer = co_await client_.send(std::move(call));
  handover out;
  if (answer.has_error()) {
    out.error = answer.error();
    out.failure = failure_of(answer.error());
    out.begun = answer.error() != net::http_errc::busy && answer.error() != net::http_errc::called_off;
    co_return out;
  }
  verdict said = codec_.decode(*answer);
  out.failure = said.failure;
  out.message_id = std::move(said.message_id);
  out.status = answer->status;
  out.retry_after = retry_after(*answer);
  co_return out;
}

}  // namespace otpd::sms
