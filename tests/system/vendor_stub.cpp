#include "system/vendor_stub.hpp"

#include <algorithm>
#include <cctype>
#include <stdexcept>

namespace otpd::test {

namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

}  // namespace

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out.push_back(static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16)));
      i += 2;
    } else {
      out.push_back(text[i] == '+' ? ' ' : text[i]);
    }
  }
  return out;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  for (const char each : text) {
    const auto c = static_cast<unsigned char>(each);
    if (std::isalnum(c)) {
      out.push_back(each);
    } else {
      out.append({'%', hex[c >> 4], hex[c & 15]});
    }
  }
  return out;
}

std::string vendor_request::method() const {
  return head.substr(0, head.find(' '));
}

std::string vendor_request::target() const {
  const auto begin = head.find(' ') + 1;
  return head.substr(begin, head.find(' ', begin) - begin);
}

std::string vendor_request::field(std::string_view name) const {
  const std::string mark = "\r\n" + lower(name) + ":";
  const std::string names = lower(head);
  const auto at = names.find(mark);
  if (at == names.npos || names.find(mark, at + 1) != names.npos) return {};
  std::string value = head.substr(at + mark.size(), head.find("\r\n", at + 2) - at - mark.size());
  value.erase(0, value.find_first_not_of(' '));
  return value;
}

std::map<std::string, std::string> vendor_request::form() const {
  std::map<std::string, std::string> out;
  std::string_view rest = body;
  while (!rest.empty()) {
    const std::string_view piece = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(piece.size() + 1, rest.size()));
    const auto equals = std::min(piece.find('='), piece.size());
    const std::string name = percent_decoded(piece.substr(0, equals));
    const auto value = equals == piece.size() ? std::string_view{} : piece.substr(equals + 1);
    if (!out.emplace(name, percent_decoded(value)).second) throw std::runtime_error(name + " is there twice");
  }
  return out;
}

vendor_answer answer_of(unsigned status, std::string_view body, std::string_view fields) {
  std::string bytes = "HTTP/1.1 " + std::to_string(status) + " Reason\r\nContent-Type: application/json\r\n";
  bytes.append(fields).append("Content-Length: ").append(std::to_string(body.size()));
  return {bytes.append("\r\n\r\n").append(body)};
}

vendor_stub::vendor_stub(const identity& who, answerer how)
    : x_how(std::move(how)), x_server([this](scripted_server::peer& client) { serve(client); }, &who) {}

std::string vendor_stub::url() const {
  return "https://127.0.0.1:" + std::to_string(x_server.port());
}

void vendor_stub::serve(scripted_server::peer& client) {
  for (;;) {
    const std::string text = client.read_request();
    if (text.empty()) return;
    const auto head = text.find("\r\n\r\n") + 2;
    const vendor_request request{text.substr(0, head), text.substr(head + 2)};
    {
      const std::lock_guard held(x_mutex);
      x_requests.push_back(request);
    }
    const vendor_answer answer = x_how(request);
    client.write(answer.bytes);
    if (answer.then == vendor_answer::end::hang) client.wait_for_close();
    if (answer.then == vendor_answer::end::reset) client.reset();
    if (answer.then != vendor_answer::end::keep) return;
  }
}

std::vector<vendor_request> vendor_stub::requests() const {
  const std::lock_guard held(x_mutex);
  return x_requests;
}

std::vector<vendor_request> vendor_stub::requests_with(std::string_view text) const {
  std::vector<vendor_request> out;
  for (vendor_request& each : requests()) {
    if (each.body.find(text) != each.body.npos) out.push_back(std::move(each));
  }
  return out;
}

}  // namespace otpd::test
