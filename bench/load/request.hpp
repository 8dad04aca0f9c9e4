#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "mailbox.hpp"

namespace otpd::bench {

using verification_id = std::array<char, 32>;

// No request is longer.
constexpr std::size_t request_room = 640;

// Whom the requests are for.
struct endpoint {
  std::string host = "127.0.0.1";
  std::uint16_t port = 18080;
  std::string path = "/v1/verifications";
  std::string key;  // sent as a bearer token unless empty
};

// A request whose bytes are made once; each use copies them and fills its two places in.
class request_form {
 public:
  static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

  // POST {"to":"+..........."}: place one takes the number's digits.
  [[nodiscard]] static request_form issue(const endpoint& server);
  // POST {"code":"......"}: place one takes the id, place two the code of `code_size` characters.
  [[nodiscard]] static request_form check(const endpoint& server, std::size_t code_size);

  // Copies the bytes to `out` and returns how many.
  std::size_t write(char* out) const {
    text_.copy(out, text_.size());
    return text_.size();
  }
  [[nodiscard]] std::size_t number_at() const { return number_at_; }
  [[nodiscard]] std::size_t id_at() const { return id_at_; }
  [[nodiscard]] std::size_t code_at() const { return code_at_; }

 private:
  void begin(const endpoint& server, const std::string& path, const std::string& body);

  std::string text_;
  std::size_t number_at_ = nowhere;
  std::size_t id_at_ = nowhere;
  std::size_t code_at_ = nowhere;
};

// The requests of one server, for codes of every length.
class request_forms {
 public:
  explicit request_forms(const endpoint& server);

  std::size_t issue(std::uint64_t number, char* out) const;
  std::size_t check(const verification_id& id, packed_code code, char* out) const;

 private:
  request_form issue_;
  std::array<request_form, packed_code::max_size + 1> checks_;
};

}  // namespace otpd::bench
