#include "otp/record_format.hpp"

#include <cassert>
#include <concepts>
#include <type_traits>

namespace otpd::otp {

namespace {

constexpr std::uint8_t format = 1;

class writer {
 public:
  template <std::integral Integer>
  void integer(Integer value) {
    auto bits = static_cast<std::make_unsigned_t<Integer>>(value);
    for (std::size_t i = 0; i < sizeof bits; ++i)
      out_ += static_cast<char>(static_cast<std::uint64_t>(bits) >> (8 * i) & 0xff);
  }
  void moment(instant value) { integer<std::int64_t>(value.time_since_epoch().count()); }
  template <std::unsigned_integral Length>
  void text(std::string_view value) {
    assert(value.size() <= static_cast<Length>(-1));
    integer(static_cast<Length>(value.size()));
    out_ += value;
  }
  void reserve(std::size_t size) { out_.reserve(size); }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

class reader {
 public:
  explicit reader(std::string_view in) : in_(in) {}

  template <std::integral Integer>
  Integer integer() {
    if (in_.size() < sizeof(Integer)) return fail<Integer>();
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < sizeof(Integer); ++i) {
      bits |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(in_[i])) << (8 * i);
    }
    in_.remove_prefix(sizeof(Integer));
    return static_cast<Integer>(bits);
  }
  instant moment() { return instant{milliseconds{integer<std::int64_t>()}}; }
  // An enum whose values go from `first` to `last`.
  template <class Enum>
  Enum choice(Enum first, Enum last) {
    const auto number = integer<std::uint8_t>();
    if (number < static_cast<std::uint8_t>(first) || number > static_cast<std::uint8_t>(last))
      return fail<Enum>();
    return static_cast<Enum>(number);
  }
  template <std::unsigned_integral Length>
  std::string text() {
    const std::size_t size = integer<Length>();
    if (in_.size() < size) return fail<std::string>();
    std::string out(in_.substr(0, size));
    in_.remove_prefix(size);
    return out;
  }
  std::size_t count(std::size_t most) {
    const std::size_t n = integer<std::uint8_t>();
    return n > most ? fail<std::size_t>() : n;
  }
  [[nodiscard]] bool ok() const { return !failed_; }
  [[nodiscard]] bool at_end() const { return !failed_ && in_.empty(); }

 private:
  template <class T>
  T fail() {
    failed_ = true;
    in_ = {};
    return T{};
  }

  std::string_view in_;
  bool failed_ = false;
};

void write(writer& out, const verification& one) {
  out.integer(one.nonce);
  out.integer(one.address_tag);
  out.integer(one.epoch);
  out.integer(static_cast<std::uint8_t>(one.channel));
  out.integer(static_cast<std::uint8_t>(one.state));
  out.integer(static_cast<std::uint8_t>(one.delivery));
  out.integer(one.attempts);
  out.integer(one.attempts_allowed);
  out.integer(one.sends);
  out.integer(one.sends_allowed);
  out.integer(one.generation);
  out.moment(one.created);
  out.moment(one.expires);
  out.text<std::uint16_t>(one.sealed_address);
}

verification read_verification(reader& in) {
  verification one;
  one.nonce = in.integer<std::uint64_t>();
  one.address_tag = in.integer<std::uint32_t>();
  one.epoch = in.integer<std::uint32_t>();
  one.channel = in.choice(channel::sms, channel::email);
  one.state = in.choice(status::pending, status::max_attempts_reached);
  one.delivery = in.choice(delivery::none, delivery::unknown);
  one.attempts = in.integer<std::uint8_t>();
  one.attempts_allowed = in.integer<std::uint8_t>();
  one.sends = in.integer<std::uint8_t>();
  one.sends_allowed = in.integer<std::uint8_t>();
  one.generation = in.integer<std::uint8_t>();
  one.created = in.moment();
  one.expires = in.moment();
  one.sealed_address = in.text<std::uint16_t>();
  return one;
}

void write(writer& out, const subject& one) {
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

subject read_subject(reader& in) {
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
  writer out;
  out.reserve(160);
  out.integer(format);
  out.integer(record.day.theoretical_arrival_us());
  out.integer(static_cast<std::uint8_t>(record.subjects.size()));
  for (const auto& each : record.subjects)
    write(out, each);
  return out.take();
}

std::optional<recipient_record> decode_record(std::string_view bytes) {
  reader in(bytes);
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
