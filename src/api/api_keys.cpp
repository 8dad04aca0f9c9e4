#include "api/api_keys.hpp"

#include <boost/beast/core/string.hpp>

#include "crypto/mac.hpp"
#include "crypto/secret.hpp"

namespace otpd::api {

std::optional<std::uint32_t> api_keys::identify(std::string_view authorization) const {
  constexpr std::string_view scheme = "Bearer ";
  constexpr std::size_t longest_key = 512;
  if (authorization.size() <= scheme.size() || authorization.size() > longest_key) return std::nullopt;
  if (!boost::beast::iequals(authorization.substr(0, scheme.size()), scheme)) return std::nullopt;
  const crypto::digest given = crypto::sha256(authorization.substr(scheme.size()));
  std::optional<std::uint32_t> number;
  for (std::size_t i = 0; i < hashes_.size(); ++i) {
    if (crypto::constant_time_equal(given, hashes_[i])) number = static_cast<std::uint32_t>(i + 1);
  }
  return number;
}

}  // namespace otpd::api
