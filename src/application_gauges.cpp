// What /metrics shows of the parts' state.

#include "loop_parts.hpp"

namespace otpd {

void application::add_gauges() {
  const auto add = [this](std::string name, std::string help, bool is_counter, std::function<double()> read) {
    numbers_->add({std::move(name), std::move(help), is_counter, std::move(read)});
  };
  add("otpd_connections", "Open connections of the API", false,
      [this] { return static_cast<double>(api_->now().connections); });
  add("otpd_connections_accepted_total", "Connections accepted", true,
      [this] { return static_cast<double>(api_->now().accepted); });
  add("otpd_requests_total", "Well-framed requests", true,
      [this] { return static_cast<double>(api_->now().requests); });
  for (std::size_t i = 0; i < net::refusal_names.size(); ++i) {
    add("otpd_refused_" + std::string(net::refusal_names[i]) + "_total", "Turned away by the transport", true,
        [this, i] { return static_cast<double>(api_->now().refused[i]); });
  }
  add("otpd_store_queue", "Updates that wait to be written", false,
      [this] { return static_cast<double>(store_.queued()); });
  add("otpd_store_open", "1 while the store accepts updates", false,
      [this] { return store_.is_open() ? 1.0 : 0.0; });
  add("otpd_store_has_room", "1 while new verifications are accepted", false,
      [this] { return store_.has_room() ? 1.0 : 0.0; });
  add("otpd_recipients", "Recipients with live state, estimated", false,
      [this] { return static_cast<double>(store_.estimated_records(otp::table::recipients)); });
  add("otpd_clock_suspect", "1 while nothing expired is collected because the clock is in doubt", false,
      [this] { return clock_.is_suspect() ? 1.0 : 0.0; });
  add("otpd_recovery_epoch", "How often lost state was noticed", false,
      [this] { return static_cast<double>(clock_.now().epoch); });
}

void application::add_delivery_gauges() {
  numbers_->add({"otpd_outbox", "Messages that wait to be sent", false, [this] {
                   std::size_t all = 0;
                   for (const auto& each : parts_)
                     all += each->queue.waiting();
                   return static_cast<double>(all);
                 }});
  for (const provider_config& each : settings_.providers) {
    const sms::provider_health* health = delivery_.health_of(each.name);
    numbers_->add({"otpd_breaker_state", "0 closed, 1 half-open, 2 open", false,
                   [health] { return static_cast<double>(health->state(sms::boot_time_now())); },
                   "provider=\"" + each.name + "\""});
  }
}

}  // namespace otpd
