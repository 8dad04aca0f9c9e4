#include "sms/console.hpp"

#include <string>

namespace otpd::sms {

namespace {

bool write_line(std::FILE* out, const std::string& line) {
  return std::fwrite(line.data(), 1, line.size(), out) == line.size() && std::fflush(out) == 0;
}

void append_visible(std::string& line, std::string_view text) {
  for (const char c : text) {
    if (c == '\n') {
      line.append("\\n");
    } else {
      const auto byte = static_cast<unsigned char>(c);
      line.push_back(byte < 0x20 || byte == 0x7f ? '?' : c);
    }
  }
}

}  // namespace

console::console(std::FILE* out) : out_(out) {
  write_line(out_, "-- console provider: codes are visible here. For development only.\n");
}

bool console::print(const rendered_message& message) {
  std::string line = "-- ";
  line.append(otp::to_string(message.channel)).append(" to ");
  append_visible(line, message.to);
  line.append(": ");
  append_visible(line, message.text);
  line.push_back('\n');
  const std::lock_guard lock(mutex_);
  return write_line(out_, line);
}

}  // namespace otpd::sms
