#include "request.hpp"

#include <cstring>
#include <stdexcept>

#include "numbers.hpp"

namespace otpd::bench {

void request_form::begin(const endpoint& server, const std::string& path, const std::string& body) {
  text_ = "POST " + path + " HTTP/1.1\r\nHost: " + server.host + ':' + std::to_string(server.port) +
          "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  if (!server.key.empty()) text_ += "Authorization: Bearer " + server.key + "\r\n";
  text_ += "\r\n" + body;
  if (text_.size() > request_room) throw std::length_error("path or key too long");
}

request_form request_form::issue(const endpoint& server) {
  const std::string body = R"({"to":"+)" + std::string(number_digits, '0') + R"("})";
  request_form form;
  form.begin(server, server.path, body);
  form.number_at_ = form.text_.size() - 2 - number_digits;
  return form;
}

request_form request_form::check(const endpoint& server, std::size_t code_size) {
  const std::string path = server.path + '/' + std::string(verification_id{}.size(), '-') + "/check";
  const std::string body = R"({"code":")" + std::string(code_size, '0') + R"("})";
  request_form form;
  form.begin(server, path, body);
  form.id_at_ = std::strlen("POST ") + server.path.size() + 1;
  form.code_at_ = form.text_.size() - 2 - code_size;
  return form;
}

request_forms::request_forms(const endpoint& server) : issue_(request_form::issue(server)) {
  for (std::size_t size = 0; size < checks_.size(); size++)
    checks_[size] = request_form::check(server, size);
}

std::size_t request_forms::issue(std::uint64_t number, char* out) const {
  const std::size_t size = issue_.write(out);
  write_number(number, out + issue_.number_at());
  return size;
}

std::size_t request_forms::check(const verification_id& id, packed_code code, char* out) const {
  std::array<char, packed_code::max_size> text;
  const std::size_t code_size = code.write(text.data());
  const request_form& form = checks_[code_size];
  const std::size_t size = form.write(out);
  std::memcpy(out + form.id_at(), id.data(), id.size());
  std::memcpy(out + form.code_at(), text.data(), code_size);
  return size;
}

}  // namespace otpd::bench
