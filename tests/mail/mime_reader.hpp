#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace otpd::test {

// A message as somebody who receives it sees it. Written from the RFCs, not from our writer.
struct read_mail {
  std::vector<std::pair<std::string, std::string>> fields;  // unfolded, encoded words still in them
  std::string text;                                         // the text/plain body, lines ended by LF
  std::string html;                                         // the text/html body; empty if there is none

  // The first field of this name, empty if there is none. `decoded`: with its encoded words read.
  [[nodiscard]] std::string field(std::string_view name) const;
  [[nodiscard]] std::string decoded(std::string_view name) const;
};

// Reads what write_message() or a mailbox made of it; line ends are CRLF or LF. Throws std::runtime_error if
// it is not a message of one text/plain, alone or beside a text/html.
[[nodiscard]] read_mail parse_mail(std::string_view message);

[[nodiscard]] std::string decode_base64(std::string_view text);
[[nodiscard]] std::string decode_quoted_printable(std::string_view text);

}  // namespace otpd::test
