#include "log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>

#include "json/writer.hpp"

namespace otpd {

namespace {
constexpr std::string_view level_names[] = {"trace", "debug", "info", "warn", "error"};
}

log::log(log_level least)
    : least_(least),
      out_(std::make_shared<spdlog::logger>("otpd", std::make_shared<spdlog::sinks::stderr_sink_mt>())) {
  out_->set_pattern("%v");
  out_->set_level(spdlog::level::trace);
  out_->flush_on(spdlog::level::trace);
}

log::~log() = default;

void log::write(log_level level, std::string_view event, std::initializer_list<field> fields) {
  if (!shows(level)) return;
  using namespace std::chrono;
  std::string line;
  json::writer json(line);
  json.time("time", duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
  json.text("level", level_names[static_cast<std::size_t>(level)]);
  json.text("event", event);
  for (const auto& [name, value] : fields)
    json.text(name, value);
  json.end();
  out_->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace otpd
