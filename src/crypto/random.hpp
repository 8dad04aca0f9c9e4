#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace otpd::crypto {

// Bytes of OpenSSL's private generator (RAND_priv_bytes), drawn in blocks because a draw costs more than the
// bytes. One per thread; what was handed out is wiped here. Throws std::runtime_error if the generator fails.
class random_source {
 public:
  random_source() = default;
  random_source(const random_source&) = delete;
  random_source& operator=(const random_source&) = delete;
  ~random_source();

  void fill(std::span<std::uint8_t> out);

 private:
  std::array<std::uint8_t, 4096> block_{};
  std::size_t used_ = 4096;
};

}  // namespace otpd::crypto
