#include "sms/http_receipt.hpp"

#include <algorithm>
#include <stdexcept>

#include "crypto/encoding.hpp"
#include "crypto/hmac.hpp"
#include "crypto/secret.hpp"
#include "net/ascii.hpp"
#include "net/field_syntax.hpp"
#include "sms/json_text_at.hpp"
#include "sms/receipt_proof.hpp"

namespace otpd::sms {

namespace {

constexpr std::size_t shortest_secret = 16;

[[noreturn]] void refuse(std::string_view option, std::string_view why) {
  throw std::invalid_argument(std::string{option} + ": " + std::string{why});
}

// 24 to 64 bytes, as the specification wants them.
std::string read_key(std::string_view secret) {
  constexpr std::string_view prefix = "whsec_";
  if (!secret.starts_with(prefix)) refuse("webhook_secret", "does not begin with whsec_");
  const auto key = crypto::from_base64(secret.substr(prefix.size()));
  if (!key || key->size() < 24 || key->size() > 64)
    refuse("webhook_secret", "is not base64 of 24 to 64 bytes after whsec_");
  return {key->begin(), key->end()};
}

bool is_place(const std::string& text) noexcept {
  return !text.empty() && (text.front() != '/' || is_json_pointer(text));
}

bool contains(const std::vector<std::string>& texts, std::string_view text) noexcept {
  return std::ranges::any_of(texts,
                             [text](const std::string& each) { return net::equal_without_case(each, text); });
}

bool is_signed(const net::request& in, std::string_view id, std::string_view time, const std::string& key) {
  std::string text{id};
  text.append(".").append(time).append(".").append(in.body);
  const auto made = crypto::hmac(crypto::hash::sha256, key, text);
  std::string_view list = only_field(in, "webhook-signature");
  while (!list.empty()) {
    std::string_view each = list.substr(0, list.find(' '));
    list.remove_prefix(std::min(each.size() + 1, list.size()));
    if (!each.starts_with("v1,")) continue;
    each.remove_prefix(3);
    const auto given = crypto::from_base64(each);
    if (given && crypto::constant_time_equal(*given, made)) return true;
  }
  return false;
}

}  // namespace

http_receipt::http_receipt(const http_receipt_options& options)
    : reference_(options.reference),
      status_(options.status),
      delivered_(options.delivered),
      failed_(options.failed),
      secret_header_(options.secret_header),
      secret_(options.secret) {
  if (options.webhook_secret.empty() && options.secret.empty()) return;
  if (!options.webhook_secret.empty()) {
    if (!secret_.empty()) refuse("secret", "stands beside webhook_secret; one of them is needed");
    webhook_key_ = read_key(options.webhook_secret);
  } else {
    if (secret_.size() < shortest_secret) refuse("secret", "is shorter than 16 characters");
    if (!net::is_field_value(secret_) || secret_.front() == ' ' || secret_.back() == ' ')
      refuse("secret", "is not what a header can carry");
    if (!net::is_token(secret_header_)) refuse("secret_header", "is not a header name");
  }
  if (!is_place(reference_)) refuse("reference", "is neither a JSON pointer nor a form field's name");
  if (!is_place(status_)) refuse("status", "is neither a JSON pointer nor a form field's name");
  if ((reference_.front() == '/') != (status_.front() == '/'))
    refuse("status", "stands in JSON and the reference in a form, or the other way round");
  if (delivered_.empty() && failed_.empty()) refuse("delivered", "and failed name no status");
  const auto is_both = [this](const std::string& each) { return contains(failed_, each); };
  if (std::ranges::any_of(delivered_, is_both)) refuse("delivered", "has a status that failed has, too");
}

boost::system::result<void> http_receipt::prove(const net::request& in, std::chrono::sys_seconds now) const {
  if (webhook_key_.empty() && secret_.empty()) return receipt_errc::not_expected;
  if (webhook_key_.empty()) {
    if (!equal_secrets(only_field(in, secret_header_), secret_)) return receipt_errc::forged;
    return {};
  }
  const std::string_view id = only_field(in, "webhook-id");
  const std::string_view time = only_field(in, "webhook-timestamp");
  if (id.empty() || !is_signed(in, id, time, webhook_key_)) return receipt_errc::forged;
  if (!is_fresh(time, now)) return receipt_errc::stale;
  return {};
}

otp::delivery http_receipt::state_of(std::string_view status) const noexcept {
  if (contains(delivered_, status)) return otp::delivery::delivered;
  return contains(failed_, status) ? otp::delivery::failed : otp::delivery::sent;
}

boost::system::result<receipt> http_receipt::read(const net::request& in,
                                                  std::chrono::sys_seconds now) const {
  const auto proven = prove(in, now);
  if (!proven) return proven.error();
  if (in.method != net::method::post) return receipt_errc::malformed;
  if (reference_.front() == '/') {
    const auto status = json_text_at(in.body, status_);
    if (!status) return receipt_errc::malformed;
    const auto reference = json_text_at(in.body, reference_);
    return receipt_of(reference ? &*reference : nullptr, state_of(*status));
  }
  const auto fields = net::parse_form(in.body);
  const std::string* status = fields ? net::find_only(*fields, status_) : nullptr;
  if (status == nullptr) return receipt_errc::malformed;
  return receipt_of(net::find_only(*fields, reference_), state_of(*status));
}

}  // namespace otpd::sms
