#include "crypto/random.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace otpd::crypto {

random_source::~random_source() {
  OPENSSL_cleanse(block_.data(), block_.size());
}

void random_source::fill(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    if (used_ == block_.size()) {
      if (RAND_priv_bytes(block_.data(), static_cast<int>(block_.size())) != 1) {
        throw std::runtime_error("the random generator failed");
      }
      used_ = 0;
    }
    const std::size_t n = std::min(out.size(), block_.size() - used_);
    std::memcpy(out.data(), block_.data() + used_, n);
    OPENSSL_cleanse(block_.data() + used_, n);
    used_ += n;
    out = out.subspan(n);
  }
}

}  // namespace otpd::crypto
