#include "system/configuration.hpp"

namespace otpd::test {

namespace {

constexpr const char* limits = R"(
[limits]
client_ip = "1000000000/1s"
prefix = "1000000000/1s"
country = "1000000000/1s"
api_key = "1000000000/1s"
server = "1000000000/1s"
recipient_per_day = "1000000000/1s"
failures_per_ip = "1000000000/1s"
)";

std::string line(const std::string& key, const std::string& value) {
  return key + " = \"" + value + "\"\n";
}

std::string sink_tables(std::uint16_t port) {
  return "[providers.sink]\ntype = \"http\"\n" +
         line("url", "http://127.0.0.1:" + std::to_string(port) + "/send") +
         "body = '{\"to\":\"{to}\",\"code\":\"{code}\",\"text\":\"{text}\"}'\n" +
         "[delivery]\nsms = \"sink\"\nemail = \"sink\"\n";
}

}  // namespace

std::string configuration::text(const std::filesystem::path& directory) const {
  std::string out = "[server]\n" + line("listen", "127.0.0.1:0") + line("admin_listen", admin_listen) +
                    line("pre_drain", pre_drain) + server;
  out += "[store]\n" + line("path", (directory / "data").string()) + line("durability", durability) +
         "ballast_mib = 0\nmin_free_percent = 0\nmin_free_mib = 1\n" + store;
  out += limits;
  out += "[profiles.default]\n" + line("sharing", sharing) + line("lifetime", lifetime) +
         line("failures", failures) + line("sends", "1000000/1s") + line("resend_after", "0s") +
         "code_length = " + std::to_string(code_length) + "\nattempts = " + std::to_string(attempts) + "\n";
  out += "[log]\n" + line("level", log_level);
  if (!delivery.empty()) return out + delivery + tables;
  const std::string built_in = console ? "console" : "null";
  const std::string sent_nowhere = "[delivery]\n" + line("sms", built_in) + line("email", built_in);
  return out + (sink_port != 0 ? sink_tables(sink_port) : sent_nowhere) + tables;
}

}  // namespace otpd::test
