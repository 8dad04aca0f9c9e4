#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace otpd::api {

// The SHA-256 of each key that may use the native API.
class api_keys {
 public:
  explicit api_keys(std::vector<std::array<std::uint8_t, 32>> hashes) : hashes_(std::move(hashes)) {}

  [[nodiscard]] bool empty() const noexcept { return hashes_.empty(); }
  // The number of the key that an Authorization value ("Bearer KEY") carries, from 1; nothing if we do not
  // know it. The time does not depend on which hash matches.
  [[nodiscard]] std::optional<std::uint32_t> identify(std::string_view authorization) const;

 private:
  std::vector<std::array<std::uint8_t, 32>> hashes_;
};

}  // namespace otpd::api
