#include "receipt_office.hpp"

namespace otpd {

namespace {

api::receipt_result why_not(const boost::system::error_code& error) {
  if (error == sms::receipt_errc::malformed) return api::receipt_result::malformed;
  if (error == sms::receipt_errc::not_expected) return api::receipt_result::unknown_provider;
  return api::receipt_result::refused;
}

}  // namespace

task<api::receipt_result> receipt_office::receive(std::string_view provider, const net::request& in) {
  const sms::receipt_reader* reader = delivery_.reader_of(provider);
  if (reader == nullptr) co_return api::receipt_result::unknown_provider;
  const auto read = reader->read(in, delivery_.plan().wall());
  if (read.has_error()) co_return why_not(read.error());
  if (read->state == otp::delivery::sent) co_return api::receipt_result::taken;
  const auto kept = co_await verifier_.receive(read->reference, otp::provider_tag(provider), read->state);
  co_return kept.has_error() ? api::receipt_result::unavailable : api::receipt_result::taken;
}

}  // namespace otpd
