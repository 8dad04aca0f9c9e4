#include "sms/twilio_receipt.hpp"

#include <algorithm>
#include <stdexcept>

#include "crypto/encoding.hpp"
#include "crypto/hmac.hpp"
#include "crypto/mac.hpp"
#include "crypto/secret.hpp"
#include "net/url.hpp"
#include "sms/escape.hpp"
#include "sms/json_text_at.hpp"
#include "sms/receipt_proof.hpp"

namespace otpd::sms {

namespace {

// Twilio signs some URLs as given and some with the port taken off or put in, so both are tried.
std::vector<std::string> spellings(std::string_view public_url) {
  const auto parsed = net::parse_url(public_url);
  if (!parsed || public_url.find('?') != public_url.npos)
    throw std::invalid_argument("public_url: is not an absolute http or https URL without a query");
  while (public_url.ends_with('/'))
    public_url.remove_suffix(1);
  const std::size_t host = public_url.find("://") + 3;
  const std::size_t path = std::min(public_url.find('/', host), public_url.size());
  const std::string_view authority = public_url.substr(host, path - host);
  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.find(':', bracket == authority.npos ? 0 : bracket);
  const std::string bare{public_url.substr(0, host + std::min(colon, authority.size()))};
  const std::string rest{public_url.substr(path)};
  return {bare + rest, bare + ":" + std::to_string(parsed->port) + rest};
}

otp::delivery state_of(std::string_view status) noexcept {
  if (status == "delivered") return otp::delivery::delivered;
  return status == "failed" || status == "undelivered" ? otp::delivery::failed : otp::delivery::sent;
}

bool is_digest_of(std::string_view hex, std::string_view body) {
  crypto::digest told{};
  return crypto::from_hex(hex, told) && crypto::constant_time_equal(told, crypto::sha256(body));
}

}  // namespace

twilio_receipt::twilio_receipt(const twilio_receipt_options& options) : auth_token_(options.auth_token) {
  if (!options.public_url.empty()) bases_ = spellings(options.public_url);
}

bool twilio_receipt::is_signed(const net::request& in, const net::form& fields) const {
  const auto given = crypto::from_base64(only_field(in, "X-Twilio-Signature"));
  if (!given) return false;
  std::string tail{in.path};
  if (!in.query.empty()) tail.append("?").append(in.query);
  std::vector<std::pair<std::string_view, std::string_view>> pairs;
  for (const net::form_field& each : fields)
    pairs.emplace_back(each.name, each.value);
  std::ranges::sort(pairs);
  const auto repeated = std::ranges::unique(pairs);
  pairs.erase(repeated.begin(), repeated.end());
  for (const auto& [name, value] : pairs)
    tail.append(name).append(value);
  return std::ranges::any_of(bases_, [&](const std::string& base) {
    return crypto::constant_time_equal(*given, crypto::hmac(crypto::hash::sha1, auth_token_, base + tail));
  });
}

boost::system::result<receipt> twilio_receipt::read(const net::request& in, std::chrono::sys_seconds) const {
  if (auth_token_.empty() || bases_.empty()) return receipt_errc::not_expected;
  const auto query = net::parse_form(in.query);
  if (in.method != net::method::post || !query) return receipt_errc::malformed;
  const auto is_hash = [](const net::form_field& each) { return each.name == "bodySHA256"; };
  if (std::ranges::any_of(*query, is_hash)) {
    const std::string* hash = net::find_only(*query, "bodySHA256");
    if (!is_signed(in, {}) || hash == nullptr || !is_digest_of(*hash, in.body)) return receipt_errc::forged;
    const auto status = json_text_at(in.body, "/MessageStatus");
    if (!status) return receipt_errc::malformed;
    return receipt_of(net::find_only(*query, "ref"), state_of(*status));
  }
  if (escape_for(in.field_value("Content-Type")) != escape::percent) return receipt_errc::malformed;
  const auto fields = net::parse_form(in.body);
  if (!fields) return receipt_errc::malformed;
  if (!is_signed(in, *fields)) return receipt_errc::forged;
  const std::string* status = net::find_only(*fields, "MessageStatus");
  if (status == nullptr) return receipt_errc::malformed;
  return receipt_of(net::find_only(*query, "ref"), state_of(*status));
}

}  // namespace otpd::sms
