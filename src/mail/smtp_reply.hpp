#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace otpd::mail {

// RFC 3463: "4.7.1" as class, subject and detail.
struct enhanced_status {
  std::uint16_t kind = 0;  // 2, 4 or 5; 0: the reply has none
  std::uint16_t subject = 0;
  std::uint16_t detail = 0;

  [[nodiscard]] bool operator==(const enhanced_status&) const = default;
};

// One reply of a mail server (RFC 5321, 4.2).
struct smtp_reply {
  unsigned code = 0;  // 200..559
  enhanced_status status;
  std::string text;  // of all lines, without codes, each ended by LF

  // 2 done, 3 go on, 4 not now, 5 no.
  [[nodiscard]] unsigned kind() const noexcept { return code / 100; }
};

// The status at the front of a reply's text; `kind` 0 if there is none.
[[nodiscard]] enhanced_status parse_enhanced_status(std::string_view text) noexcept;
// What a server that accepted a message calls it: what follows "queued as" or "id=", else the first line
// without its status, at most 128 bytes of printable ASCII. Empty if the text names nothing.
[[nodiscard]] std::string queue_name(std::string_view text);

// Reads one reply from bytes as they come.
//
//   250-first line CRLF
//   250 last line CRLF
//
// A line is at most 1,000 bytes with its CRLF (the RFC says 512; servers say more), a reply at most 100 of
// them, all with one code. A lone CR or LF or a NUL makes it malformed.
class smtp_reply_parser {
 public:
  enum class step : std::uint8_t { more, done, malformed };
  static constexpr std::size_t longest_line = 1000;
  static constexpr std::size_t most_lines = 100;

  // Takes from the front of `bytes` up to the end of the reply; whatever follows it stays there. After `done`
  // or `malformed` the parser is finished.
  [[nodiscard]] step feed(std::string_view& bytes);
  // After `done`.
  [[nodiscard]] const smtp_reply& reply() const noexcept { return reply_; }

 private:
  [[nodiscard]] step end_line();

  smtp_reply reply_;
  std::string line_;
  std::size_t lines_ = 0;
};

}  // namespace otpd::mail
