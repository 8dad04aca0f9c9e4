#include "otp/record_format.hpp"

#include "otp/bytes.hpp"

namespace otpd::otp {

namespace {

constexpr std::uint8_t format = 2;
constexpr std::uint8_t test_flag = 1;

void write(byte_writer& out, const verification& one) {
  out.integer(one.nonce);
  out.integer(one.tag);
  out.integer(one.epoch);
  out.integer(static_cast<std::uint8_t>(one.channel));
  out.integer(static_cast<std::uint8_t>(one.state));
  out.integer(static_cast<std::uint8_t>(one.delivery));
  out.integer(one.attempts);
  out.integer(one.attempts_allowed);
  out.integer(one.sends);
  out.integer(one.sends_allowed);
  out.integer(one.generation);
  out.integer(one.is_test ? test_flag : std::uint8_t{0});
  out.integer(one.provider);
  out.moment(one.created);
  out.moment(one.expires);
  out.moment(one.delivery_since);
  out.text<std::uint16_t>(one.sealed_address);
}

verification read_verification(byte_reader& in) {
  verification one;
  one.nonce = in.integer<std::uint64_t>();
  one.tag = in.integer<std::uint32_t>();
  one.epoch = in.integer<std::uint32_t>();
  one.channel = in.choice(channel::sms, channel::email);
  one.state = in.choice(status::pending, status::max_attempts_reached);
  one.delivery = in.choice(delivery::none, delivery::queued);
  one.attempts = in.integer<std::uint8_t>();
  one.attempts_allowed = in.integer<std::uint8_t>();
  one.sends = in.integer<std::uint8_t>();
  one.sends_allowed = in.integer<std::uint8_t>();
  one.generation = in.integer<std::uint8_t>();
  one.is_test = in.flag(test_flag);
  one.provider = in.integer<std::uint32_t>();
  one.created = in.moment();
  one.expires = in.moment();
  one.delivery_since = in.moment();
  one.sealed_address = in.text<std::uint16_t>();
  return one;
}

void write(byte_writer& out, const subject& one) {
  out.text<std::uint8_t>(one.profile);
  out.text<std::uint8_t>(one.purpose);
  out.integer(one.sends.theoretical_arrival_us());
  out.integer(one.failures.theoretical_arrival_us());
  out.integer(one.consecutive_failures);
  out.moment(one.next_send);
  out.integer(static_cast<std::uint8_t>(one.verifications.size()));
  for (const auto& each : one.verifications)
    write(out, each);
}

subject read_subject(byte_reader& in) {
  subject one;
  one.profile = in.text<std::uint8_t>();
  one.purpose = in.text<std::uint8_t>();
  one.sends = bucket(in.integer<std::int64_t>());
  one.failures = bucket(in.integer<std::int64_t>());
  one.consecutive_failures = in.integer<std::uint16_t>();
  one.next_send = in.moment();
  const std::size_t count = in.count(max_verifications);
  one.verifications.reserve(count);
  for (std::size_t i = 0; i < count && in.ok(); ++i)
    one.verifications.push_back(read_verification(in));
  return one;
}

}  // namespace

std::string encode(const recipient_record& record) {
  byte_writer out;
  out.reserve(160);
  out.integer(format);
  out.integer(record.day.theoretical_arrival_us());
  out.integer(static_cast<std::uint8_t>(record.subjects.size()));
  for (const auto& each : record.subjects)
    write(out, each);
  return out.take();
}

std::optional<recipient_record> decode_record(std::string_view bytes) {
  byte_reader in(bytes);
  if (in.integer<std::uint8_t>() != format) return std::nullopt;
  recipient_record record;
  record.day = bucket(in.integer<std::int64_t>());
  const std::size_t count = in.count(max_subjects);
  record.subjects.reserve(count);
  for (std::size_t i = 0; i < count && in.ok(); ++i)
    record.subjects.push_back(read_subject(in));
  if (!in.at_end()) return std::nullopt;
  return record;
}

}  // namespace otpd::otp
