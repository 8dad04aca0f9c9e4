#include "sms/dispatcher.hpp"

#include <stdexcept>

#include "net/wiped.hpp"
#include "sms/outcome.hpp"

namespace otpd::sms {

using std::chrono::steady_clock;

namespace {

message_request request_of(const otp::outgoing& message) {
  message_request out;
  out.channel = message.to.channel;
  out.purpose = message.purpose;
  out.locale = message.locale;
  out.code = message.code;
  out.lifetime = message.lifetime;
  return out;
}

rendered_message ready_for(const otp::outgoing& message, const message_content& content) {
  rendered_message out;
  out.channel = message.to.channel;
  out.to = message.to.address;
  out.text = content.text;
  out.code = message.code;
  out.locale = message.locale;
  out.subject = content.subject;
  out.html = content.html;
  return out;
}

// Out of line of any co_await: GCC 12 must not see the aggregate there.
otp::delivery_report report_of(otp::failure failure) noexcept {
  return {delivery_after(failure), failure};
}

}  // namespace

dispatcher::dispatcher(std::span<const otp::profile> profiles, outlets use, net::http_client& client,
                       observer& watcher)
    : outlets_(std::move(use)), client_(client), observer_(watcher) {
  for (const otp::profile& each : profiles) {
    try {
      books_.emplace(each.name, message_book{each});
    } catch (const std::invalid_argument& error) {
      throw std::invalid_argument(each.name + ": " + error.what());
    }
  }
}

const outlet& dispatcher::outlet_of(otp::channel kind) const noexcept {
  return kind == otp::channel::sms ? outlets_.sms : outlets_.email;
}

bool dispatcher::serves(otp::channel kind) const noexcept {
  return !std::holds_alternative<channel_off>(outlet_of(kind).by);
}

bool dispatcher::sends(otp::channel kind) const noexcept {
  return serves(kind) && !std::holds_alternative<channel_silent>(outlet_of(kind).by);
}

task<otp::delivery_report> dispatcher::send(const otp::outgoing& message) {
  const auto book = books_.find(message.profile.name);
  if (book == books_.end() || !sends(message.to.channel)) co_return report_of(otp::failure::misconfigured);
  auto content = book->second.render(request_of(message));
  if (!content) co_return report_of(otp::failure::misconfigured);
  const net::wiped secret_text{content->text};
  const net::wiped secret_subject{content->subject};
  const net::wiped secret_html{content->html};
  const rendered_message ready = ready_for(message, *content);

  const outlet& out = outlet_of(message.to.channel);
  const auto started = steady_clock::now();
  attempt what;
  what.provider = out.name;
  what.channel = ready.channel;
  if (console* const* printer = std::get_if<console*>(&out.by)) {
    what.failure = (*printer)->print(ready) ? otp::failure::none : otp::failure::unavailable;
  } else {
    const provider& codec = *std::get<const provider*>(out.by);
    co_await hand_over(codec, ready, what);
  }
  what.duration = steady_clock::now() - started;
  observer_.on_attempt(what);
  co_return report_of(what.failure);
}

task<void> dispatcher::hand_over(const provider& codec, rendered_message message, attempt& report) {
  net::http_call call = codec.encode(message);
  const auto answer = co_await client_.send(std::move(call));
  if (answer) {
    report.status = answer->status;
    report.failure = codec.decode(*answer).failure;
  } else {
    report.error = answer.error();
    report.failure = failure_of(answer.error());
  }
}

}  // namespace otpd::sms
