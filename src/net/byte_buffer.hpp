#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace otpd::net {

// A flat buffer between a socket and a parser: bytes are appended behind and consumed in front. Grows by
// doubling up to a limit.
class byte_buffer {
 public:
  byte_buffer(std::size_t usual, std::size_t limit) : x_usual(usual), x_limit(std::max(usual, limit)) {
    allocate(usual);
  }

  [[nodiscard]] std::string_view content() const noexcept {
    return {x_bytes.get() + x_begin, x_end - x_begin};
  }
  [[nodiscard]] bool empty() const noexcept { return x_begin == x_end; }

  void consume(std::size_t n) noexcept {
    x_begin += n;
    if (x_begin == x_end) x_begin = x_end = 0;
  }

  // Room behind the content: at least one byte, unless the content has reached the limit.
  struct room {
    char* data;
    std::size_t size;
  };
  [[nodiscard]] room prepare() {
    if (x_begin > 0) {
      std::memmove(x_bytes.get(), x_bytes.get() + x_begin, x_end - x_begin);
      x_end -= x_begin;
      x_begin = 0;
    }
    if (x_end == x_capacity && x_capacity < x_limit) allocate(std::min(x_capacity * 2, x_limit));
    return {x_bytes.get() + x_end, x_capacity - x_end};
  }
  void commit(std::size_t n) noexcept { x_end += n; }

  // Back to the usual size if it is empty.
  void shrink() {
    if (empty() && x_capacity > x_usual) allocate(x_usual);
  }

 private:
  void allocate(std::size_t capacity) {
    auto bytes = std::make_unique_for_overwrite<char[]>(capacity);
    if (x_end > 0) std::memcpy(bytes.get(), x_bytes.get(), x_end);
    x_bytes = std::move(bytes);
    x_capacity = capacity;
  }

  std::size_t x_usual;
  std::size_t x_limit;
  std::size_t x_capacity = 0;
  std::size_t x_begin = 0;
  std::size_t x_end = 0;
  std::unique_ptr<char[]> x_bytes;
};

}  // namespace otpd::net
