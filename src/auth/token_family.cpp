#include "auth/token_family.hpp"

#include <algorithm>

#include "otp/bytes.hpp"

namespace otpd::auth {

namespace {
constexpr std::uint8_t format = 1;
}

std::string encode(const token_family& family) {
  otp::byte_writer out;
  out.integer(format);
  out.raw({reinterpret_cast<const char*>(family.account.data()), family.account.size()});
  out.text<std::uint8_t>(family.policy);
  out.integer(family.generation);
  out.moment(family.began);
  out.moment(family.rotated);
  out.integer(family.issued_s);
  out.moment(family.ends);
  out.integer(family.epoch);
  return out.take();
}

std::optional<token_family> decode_family(std::string_view bytes) {
  otp::byte_reader in(bytes);
  if (in.integer<std::uint8_t>() != format) return std::nullopt;
  token_family out;
  std::ranges::copy(in.raw(out.account.size()), out.account.begin());
  out.policy = in.text<std::uint8_t>();
  out.generation = in.integer<std::uint32_t>();
  out.began = in.moment();
  out.rotated = in.moment();
  out.issued_s = in.integer<std::int64_t>();
  out.ends = in.moment();
  out.epoch = in.integer<std::uint32_t>();
  if (!in.at_end()) return std::nullopt;
  return out;
}

rotation rotate(token_family& family, std::uint32_t generation, const token_policy& policy,
                const otp::moment& at) {
  // After a rollback nobody knows which tokens were used since (RELIABILITY S9).
  if (family.epoch != at.epoch || at.now >= expires_at(family, policy)) return rotation::kill;
  if (generation == family.generation) {
    family.generation += 1;
    family.rotated = at.now;
    return rotation::next;
  }
  const bool is_the_one_before = generation + 1 == family.generation && family.generation != 0;
  if (is_the_one_before && at.now < family.rotated + policy.grace) return rotation::again;
  return rotation::kill;
}

otp::instant expires_at(const token_family& family, const token_policy& policy) {
  return std::min(family.rotated + policy.refresh_lifetime, family.ends);
}

}  // namespace otpd::auth
