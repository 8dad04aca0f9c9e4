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
  byte_buffer(std::size_t usual, std::size_t limit) : usual_(usual), limit_(std::max(usual, limit)) {
    allocate(usual);
  }

  [[nodiscard]] std::string_view content() const noexcept { return {bytes_.get() + begin_, end_ - begin_}; }
  [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }

  void consume(std::size_t n) noexcept {
    begin_ += n;
    if (begin_ == end_) begin_ = end_ = 0;
  }

  // Room behind the content: at least one byte, unless the content has reached the limit.
  struct room {
    char* data;
    std::size_t size;
  };
  [[nodiscard]] room prepare() {
    if (begin_ > 0) {
      std::memmove(bytes_.get(), bytes_.get() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    if (end_ == capacity_ && capacity_ < limit_) allocate(std::min(capacity_ * 2, limit_));
    return {bytes_.get() + end_, capacity_ - end_};
  }
  void commit(std::size_t n) noexcept { end_ += n; }

  // Back to the usual size if it is empty.
  void shrink() {
    if (empty() && capacity_ > usual_) allocate(usual_);
  }

 private:
  void allocate(std::size_t capacity) {
    auto bytes = std::make_unique_for_overwrite<char[]>(capacity);
    if (end_ > 0) std::memcpy(bytes.get(), bytes_.get(), end_);
    bytes_ = std::move(bytes);
    capacity_ = capacity;
  }

  std::size_t usual_;
  std::size_t limit_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::unique_ptr<char[]> bytes_;
};

}  // namespace otpd::net
