#include "otp/outbox_format.hpp"

#include <algorithm>

#include "otp/bytes.hpp"

namespace otpd::otp {

namespace {
constexpr std::uint8_t format = 1;
constexpr std::size_t most_parameters = 255;
}  // namespace

record_key outbox_key(const record_key& record, std::uint64_t nonce) {
  record_key key{table::outbox, record.bytes};
  for (std::size_t i = 0; i < sizeof nonce; ++i)
    key.bytes[8 + i] ^= static_cast<std::uint8_t>(nonce >> (8 * i));
  return key;
}

std::string encode(const outbox_row& row) {
  byte_writer out;
  out.reserve(32 + row.sealed_words.size());
  out.integer(format);
  out.raw({reinterpret_cast<const char*>(row.record.bytes.data()), row.record.bytes.size()});
  out.integer(row.nonce);
  out.integer(row.send);
  out.raw(row.sealed_words);
  return out.take();
}

std::optional<outbox_row> decode_outbox_row(std::string_view bytes) {
  byte_reader in(bytes);
  if (in.integer<std::uint8_t>() != format) return std::nullopt;
  outbox_row row;
  const std::string_view key = in.raw(row.record.bytes.size());
  std::ranges::copy(key, reinterpret_cast<char*>(row.record.bytes.data()));
  row.nonce = in.integer<std::uint64_t>();
  row.send = in.integer<std::uint8_t>();
  row.sealed_words = in.rest();
  if (!in.at_end()) return std::nullopt;
  return row;
}

std::string encode(const message_words& words) {
  byte_writer out;
  out.text<std::uint8_t>(words.locale);
  out.text<std::uint8_t>(words.fallback);
  out.integer(static_cast<std::uint8_t>(words.parameters.size()));
  for (const message_value& each : words.parameters) {
    out.text<std::uint8_t>(each.name);
    out.text<std::uint8_t>(each.value);
  }
  return out.take();
}

std::optional<message_words> decode_words(std::string_view bytes) {
  byte_reader in(bytes);
  message_words words;
  words.locale = in.text<std::uint8_t>();
  words.fallback = in.text<std::uint8_t>();
  const std::size_t count = in.count(most_parameters);
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    message_value& one = words.parameters.emplace_back();
    one.name = in.text<std::uint8_t>();
    one.value = in.text<std::uint8_t>();
  }
  if (!in.at_end()) return std::nullopt;
  return words;
}

}  // namespace otpd::otp
