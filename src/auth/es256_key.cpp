#include "auth/es256_key.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <array>
#include <stdexcept>

#include "crypto/encoding.hpp"
#include "crypto/mac.hpp"
#include "json/writer.hpp"

namespace otpd::auth {

namespace {

constexpr std::size_t half = 32;  // bytes of r, of s, of a coordinate

template <auto Free>
struct freed {
  template <class T>
  void operator()(T* what) const {
    Free(what);
  }
};
using pkey = std::unique_ptr<EVP_PKEY, freed<EVP_PKEY_free>>;
using pkey_context = std::unique_ptr<EVP_PKEY_CTX, freed<EVP_PKEY_CTX_free>>;
using digest_context = std::unique_ptr<EVP_MD_CTX, freed<EVP_MD_CTX_free>>;
using number = std::unique_ptr<BIGNUM, freed<BN_clear_free>>;
using curve = std::unique_ptr<EC_GROUP, freed<EC_GROUP_free>>;
using point = std::unique_ptr<EC_POINT, freed<EC_POINT_free>>;
using signature = std::unique_ptr<ECDSA_SIG, freed<ECDSA_SIG_free>>;
using memory_bio = std::unique_ptr<BIO, freed<BIO_free>>;
using params_builder = std::unique_ptr<OSSL_PARAM_BLD, freed<OSSL_PARAM_BLD_free>>;
using params = std::unique_ptr<OSSL_PARAM, freed<OSSL_PARAM_free>>;

void require(bool done) {
  if (!done) throw std::runtime_error("OpenSSL fails at a P-256 key");
}

// Never asks anybody for a passphrase.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

bool is_p256(const EVP_PKEY* key) {
  std::array<char, 64> name{};
  std::size_t size = 0;
  return EVP_PKEY_is_a(key, "EC") == 1 &&
         EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, name.data(), name.size(), &size) ==
             1 &&
         std::string_view(name.data(), size) == "prime256v1";
}

std::string coordinate(const EVP_PKEY* key, const char* name) {
  BIGNUM* raw = nullptr;
  require(EVP_PKEY_get_bn_param(key, name, &raw) == 1);
  const number value(raw);
  std::array<std::uint8_t, half> bytes{};
  require(BN_bn2binpad(value.get(), bytes.data(), half) == static_cast<int>(half));
  return crypto::to_base64url(bytes);
}

// A number of 1..n-1, uniform over the seeds: of the seed's MACs the first one that fits.
number scalar_of(const crypto::secret_key& seed, const EC_GROUP* group) {
  const crypto::mac_key mac(seed);
  for (unsigned round = 0; round < 256; ++round) {
    const crypto::secret_key bytes(mac.sign(std::array{static_cast<std::uint8_t>(round)}));
    number d(BN_bin2bn(bytes.bytes().data(), half, nullptr));
    require(d != nullptr);
    if (!BN_is_zero(d.get()) && BN_cmp(d.get(), EC_GROUP_get0_order(group)) < 0) return d;
  }
  // All of a seed's 256: once in 2^8192.
  throw std::runtime_error("no P-256 key can be made of this seed");
}

pkey key_of(const BIGNUM* d, const EC_GROUP* group) {
  const point q(EC_POINT_new(group));
  require(q && EC_POINT_mul(group, q.get(), d, nullptr, nullptr, nullptr) == 1);
  std::array<std::uint8_t, 1 + 2 * half> open{};
  require(EC_POINT_point2oct(group, q.get(), POINT_CONVERSION_UNCOMPRESSED, open.data(), open.size(),
                             nullptr) == open.size());
  const params_builder builder(OSSL_PARAM_BLD_new());
  require(builder &&
          OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) == 1 &&
          OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, open.data(),
                                           open.size()) == 1 &&
          OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, d) == 1);
  const params all(OSSL_PARAM_BLD_to_param(builder.get()));
  const pkey_context context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* made = nullptr;
  require(all && context && EVP_PKEY_fromdata_init(context.get()) == 1 &&
          EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_KEYPAIR, all.get()) == 1);
  return pkey(made);
}

}  // namespace

struct es256_key::key {
  pkey value;
};

es256_key::es256_key(std::unique_ptr<key> from, bool is_private)
    : key_(std::move(from)),
      is_private_(is_private),
      x_(coordinate(key_->value.get(), OSSL_PKEY_PARAM_EC_PUB_X)),
      y_(coordinate(key_->value.get(), OSSL_PKEY_PARAM_EC_PUB_Y)) {
  // RFC 7638, 3.2: the required members, in lexicographic order.
  const std::string canonical = R"({"crv":"P-256","kty":"EC","x":")" + x_ + R"(","y":")" + y_ + R"("})";
  kid_ = crypto::to_base64url(crypto::sha256(canonical));
}

es256_key::es256_key(es256_key&&) noexcept = default;
es256_key& es256_key::operator=(es256_key&&) noexcept = default;
es256_key::~es256_key() = default;

es256_key es256_key::from_pem(const std::string& pem) {
  const auto read = [&pem](auto reader) {
    const memory_bio in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    return pkey(reader(in.get(), nullptr, no_passphrase, nullptr));
  };
  pkey found = read(PEM_read_bio_PrivateKey);
  const bool is_private = found != nullptr;
  if (!is_private) found = read(PEM_read_bio_PUBKEY);
  if (!found) throw std::invalid_argument("is no key in PEM, or one with a passphrase");
  if (!is_p256(found.get())) throw std::invalid_argument("is no key of the curve P-256");
  auto held = std::make_unique<key>();
  held->value = std::move(found);
  return {std::move(held), is_private};
}

es256_key es256_key::derived_from(const crypto::secret_key& seed) {
  const curve group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  require(group != nullptr);
  auto held = std::make_unique<key>();
  held->value = key_of(scalar_of(seed, group.get()).get(), group.get());
  return {std::move(held), true};
}

std::string es256_key::jwk() const {
  std::string out;
  json::writer json(out);
  json.text("kty", "EC");
  json.text("crv", "P-256");
  json.text("x", x_);
  json.text("y", y_);
  json.text("kid", kid_);
  json.text("use", "sig");
  json.text("alg", "ES256");
  json.end();
  return out;
}

std::string es256_key::sign(std::string_view header, std::string_view payload) const {
  std::string text = unsigned_jws(header, payload);
  const auto* from = reinterpret_cast<const unsigned char*>(text.data());
  const digest_context context(EVP_MD_CTX_new());
  std::array<unsigned char, 80> der{};
  std::size_t size = der.size();
  require(context &&
          EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_->value.get()) == 1 &&
          EVP_DigestSign(context.get(), der.data(), &size, from, text.size()) == 1);
  const unsigned char* at = der.data();
  const signature parts(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)));
  std::vector<std::uint8_t> raw(2 * half);
  require(parts && BN_bn2binpad(ECDSA_SIG_get0_r(parts.get()), raw.data(), half) == static_cast<int>(half) &&
          BN_bn2binpad(ECDSA_SIG_get0_s(parts.get()), raw.data() + half, half) == static_cast<int>(half));
  return append_signature(std::move(text), raw);
}

bool es256_key::has_signed(const jws& what) const {
  if (what.alg != "ES256" || what.signature.size() != 2 * half) return false;
  const signature parts(ECDSA_SIG_new());
  number r(BN_bin2bn(what.signature.data(), half, nullptr));
  number s(BN_bin2bn(what.signature.data() + half, half, nullptr));
  require(parts && r && s && ECDSA_SIG_set0(parts.get(), r.get(), s.get()) == 1);
  static_cast<void>(r.release());
  static_cast<void>(s.release());
  std::array<unsigned char, 80> der{};
  unsigned char* end = der.data();
  const int size = i2d_ECDSA_SIG(parts.get(), &end);
  const digest_context context(EVP_MD_CTX_new());
  const auto* from = reinterpret_cast<const unsigned char*>(what.signed_part.data());
  return size > 0 && context &&
         EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key_->value.get()) == 1 &&
         EVP_DigestVerify(context.get(), der.data(), static_cast<std::size_t>(size), from,
                          what.signed_part.size()) == 1;
}

}  // namespace otpd::auth
