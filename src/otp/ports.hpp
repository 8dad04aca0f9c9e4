#pragma once

// What the rules need of the world. Drivers implement these; the use cases know nothing else of them.

#include <algorithm>
#include <array>
#include <boost/system/result.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "otp/message_text.hpp"
#include "otp/profile.hpp"
#include "otp/recipient.hpp"
#include "otp/time.hpp"
#include "task.hpp"

namespace otpd::otp {

// ---- clock and entropy
// -----------------------------------------------------------------------------------------------

class clock {
 public:
  virtual ~clock() = default;
  // Thread-safe.
  [[nodiscard]] virtual moment now() const = 0;
};

class entropy {
 public:
  virtual ~entropy() = default;
  // Fills `out` with bytes of a cryptographic generator. One instance per thread.
  virtual void fill(std::span<std::uint8_t> out) = 0;
};

// ---- store
// -----------------------------------------------------------------------------------------------------------

// Which kind of record; the numbers name column families on disk.
enum class table : std::uint8_t {
  recipients = 0,  // a recipient's subjects, buckets and verifications
  limits = 1,      // buckets of addresses, prefixes, countries, keys
  outbox = 2,      // sends that are accepted and not begun
  accounts = 3,    // accounts, and their further addresses
  sessions = 4,    // families of refresh tokens, browsers' sessions, failed attempts: what ends by itself
};
inline constexpr std::size_t table_count = 5;

struct record_key {
  otp::table table = table::recipients;
  std::array<std::uint8_t, 16> bytes{};  // a MAC: never scanned in order

  [[nodiscard]] bool operator==(const record_key&) const = default;
};

// The row that a MAC names, by its first 128 bits.
[[nodiscard]] inline record_key row_of_mac(table in, std::span<const std::uint8_t, 32> mac) {
  record_key key{in, {}};
  std::ranges::copy(mac.first<16>(), key.bytes.begin());
  return key;
}

// What one transition writes, all or nothing.
struct write_set {
  struct write {
    record_key key;
    std::optional<std::string> value;  // nothing: delete
    instant expires = never;           // from then on the record is not there any more
  };
  std::vector<write> writes;

  void put(const record_key& key, std::string value, instant expires) {
    writes.push_back({key, std::move(value), expires});
  }
  void erase(const record_key& key) { writes.push_back({key, std::nullopt, never}); }
};

// A pure step from the current value to the next. It may run more than once (a second engine retries on
// conflict), so it starts from its inputs each time. It runs without waiting; `current` lives until apply()
// returns.
class transition {
 public:
  virtual ~transition() = default;
  // `current` is the newest value of the key, or nothing if there is none or it has expired. Writing nothing
  // leaves all as it is.
  virtual void apply(std::optional<std::string_view> current, write_set& out) = 0;
};

// Durable records. Every task resumes on the loop that awaited it.
class store {
 public:
  virtual ~store() = default;
  // The durable value, or nothing if there is none or it has expired. Fails with errc::store_unavailable.
  virtual task<boost::system::result<std::optional<std::string>>> get(record_key key) = 0;
  // Runs `step` on the newest value of `key`, atomically for that key, and returns once everything it saw and
  // wrote is durable. Fails with errc::store_unavailable (nothing may be revealed then) or errc::overloaded
  // (nothing was run). `step` lives until the task ends.
  virtual task<boost::system::result<void>> update(record_key key, transition& step) = 0;
  // False while too little disk space is left for new verifications.
  [[nodiscard]] virtual bool has_room() const noexcept = 0;
};

// ---- sender
// ----------------------------------------------------------------------------------------------------------

// Where a message is. The numbers are stored.
enum class delivery : std::uint8_t {
  none = 0,       // the channel's provider sends nothing, by configuration
  sending = 1,    // handed to a provider; no outcome yet
  sent = 2,       // a provider accepted it
  delivered = 3,  // a receipt says so
  failed = 4,     // no provider took it, or a receipt says so
  unknown = 5,    // it may or may not have been sent: a time-out, or a crash while sending
  queued = 6,     // in the outbox: it will be sent while its code lives, also after a crash
};

// Names a provider in records and receipts: FNV-1a of its name in the configuration, never 0.
[[nodiscard]] constexpr std::uint32_t provider_tag(std::string_view name) noexcept {
  std::uint32_t hash = 0x811c9dc5;
  for (const char c : name)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193;
  return hash != 0 ? hash : 1;
}

// Why a provider did not take a message (DESIGN section 6). `none` is success.
enum class failure : std::uint8_t {
  none,
  bad_number,     // the number cannot receive it
  not_permitted,  // we may not send there
  rejected,       // the provider refuses this message
  rate_limited,   // the provider asks us to slow down
  out_of_credit,  // our account is empty
  misconfigured,  // credentials, sender or template are wrong
  unavailable,    // the provider did not take it: connect or TLS error, 5xx before anything was accepted
  unknown,        // it may have been sent: time-out or reset after the request was written
};

struct outgoing {
  const recipient& to;
  const otp::profile& profile;
  std::string_view purpose;
  std::string_view locale;
  std::string_view code;          // wiped by the caller after send() ends
  std::chrono::seconds lifetime;  // what is left of it, for {minutes}
  std::span<const message_value> parameters = {};
  std::string_view reference = {};  // names this send to providers and in their receipts
  std::uint32_t avoid = 0;          // provider_tag() of who had the send before: another one is tried first
  milliseconds left{};              // of the lifetime, exactly: nothing is begun after that
};

struct delivery_report {
  delivery state = delivery::unknown;
  otp::failure failure = otp::failure::none;
  std::uint32_t provider = 0;   // provider_tag() of who accepted it, or may have
  bool untried = false;         // failed before anybody was asked: no provider may be tried now
  milliseconds retry_after{0};  // untried: until one may be tried
};

class sender {
 public:
  virtual ~sender() = default;
  // True if something is configured for such recipients. `profile` is the name of the one that sends.
  [[nodiscard]] virtual bool serves(const recipient& to, std::string_view profile) const noexcept = 0;
  // False if what is configured for them sends nothing: then send() is not called and the state is `none`.
  [[nodiscard]] virtual bool sends(const recipient& to, std::string_view profile) const noexcept = 0;
  // What is wrong with the parameters for the text that would be sent. `message` has no code.
  [[nodiscard]] virtual parameter_verdict accepts(const outgoing& message) const {
    static_cast<void>(message);
    return {};
  }
  // Nothing: a provider may be tried for `to` now. Else how long none may.
  [[nodiscard]] virtual std::optional<milliseconds> blocked_for(const recipient& to,
                                                                std::string_view profile) const {
    static_cast<void>(to);
    static_cast<void>(profile);
    return std::nullopt;
  }
  // The code of a message that this provider had accepted was entered. `country` as in recipient.
  virtual void on_approved(std::uint32_t provider, std::string_view country) noexcept {
    static_cast<void>(provider);
    static_cast<void>(country);
  }
  // One message, within its channel's deadline. Resumes on the loop that awaited it. `message` lives
  // until the task ends.
  virtual task<delivery_report> send(const outgoing& message) = 0;
};

}  // namespace otpd::otp
