#include "sms/dispatcher.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/wiped.hpp"
#include "sms/outcome.hpp"

namespace otpd::sms {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

message_request request_of(const otp::outgoing& message) {
  message_request out;
  out.channel = message.to.channel;
  out.purpose = message.purpose;
  out.locale = message.locale;
  out.code = message.code;
  out.lifetime = message.lifetime;
  out.parameters = message.parameters;
  return out;
}

rendered_message ready_for(const otp::outgoing& message, const message_content& content, const route& way) {
  rendered_message out;
  out.channel = message.to.channel;
  out.to = message.to.address;
  out.text = content.text;
  out.code = message.code;
  out.locale = message.locale;
  out.subject = content.subject;
  out.html = content.html;
  out.from = way.from;
  out.reference = message.reference;
  out.lifetime = message.lifetime;
  return out;
}

// Out of line of any co_await: GCC 12 must not see the aggregate there.
otp::delivery_report misconfigured() noexcept {
  return {otp::delivery::failed, otp::failure::misconfigured};
}

task<void> pause_for(milliseconds length) {
  using timer =
      boost::asio::basic_waitable_timer<steady_clock, boost::asio::wait_traits<steady_clock>, loop_executor>;
  timer wait(co_await boost::asio::this_coro::executor);
  wait.expires_after(length);
  const auto token = boost::asio::as_tuple(boost::asio::use_awaitable_t<loop_executor>{});
  const std::tuple<boost::system::error_code> ended = co_await wait.async_wait(token);
  static_cast<void>(ended);
}

}  // namespace

dispatcher::dispatcher(dispatch_plan& common, std::vector<outlet> outlets, observer& watcher)
    : common_(common),
      outlets_(std::move(outlets)),
      observer_(watcher),
      random_(static_cast<std::minstd_rand::result_type>(steady_clock::now().time_since_epoch().count())) {}

bool dispatcher::serves(const otp::recipient& to, std::string_view profile) const noexcept {
  return common_.routes.find(to, profile) != nullptr;
}

bool dispatcher::sends(const otp::recipient& to, std::string_view profile) const noexcept {
  const route* way = common_.routes.find(to, profile);
  return way != nullptr && !way->providers.empty();
}

otp::parameter_verdict dispatcher::accepts(const otp::outgoing& message) const {
  const auto book = common_.books.find(message.profile.name);
  if (book == common_.books.end()) return {};
  return book->second.accepts(message.to.channel, message.purpose, message.locale, message.parameters);
}

std::optional<milliseconds> dispatcher::blocked_for(const otp::recipient& to,
                                                    std::string_view profile) const {
  const route* way = common_.routes.find(to, profile);
  if (way == nullptr || way->providers.empty()) return std::nullopt;
  const boot_time now = boot_time_now();
  milliseconds shortest = milliseconds::max();
  for (const std::size_t each : way->providers)
    shortest = std::min(shortest, outlets_[each].health->wait(to.country, now));
  if (shortest == milliseconds{0}) return std::nullopt;
  return shortest;
}

void dispatcher::on_approved(std::uint32_t provider, std::string_view country) noexcept {
  for (const outlet& each : outlets_) {
    if (otp::provider_tag(each.name) == provider) observer_.on_conversion(each.name, country);
  }
}

plan_options dispatcher::options_for(const otp::outgoing& message, const route& way) const {
  const bool is_sms = message.to.channel == otp::channel::sms;
  const milliseconds bound = is_sms ? common_.sms_deadline : common_.email_deadline;
  plan_options out;
  // A code that has expired is worth nothing to its reader: no attempt lasts into its last second.
  constexpr milliseconds last{1000};
  out.deadline = boot_time_now() + std::min(bound, message.left - last);
  out.on_ambiguous = common_.on_ambiguous;
  out.country = message.to.country;
  for (std::size_t i = 0; i < way.providers.size(); ++i) {
    if (otp::provider_tag(outlets_[way.providers[i]].name) == message.avoid) out.avoid = i;
  }
  return out;
}

task<otp::delivery_report> dispatcher::send(const otp::outgoing& message) {
  const auto book = common_.books.find(message.profile.name);
  const route* way = common_.routes.find(message.to, message.profile.name);
  if (book == common_.books.end() || way == nullptr || way->providers.empty()) co_return misconfigured();
  auto content = book->second.render(request_of(message));
  if (!content) co_return misconfigured();
  const net::wiped secret_text{content->text};
  const net::wiped secret_subject{content->subject};
  const net::wiped secret_html{content->html};
  rendered_message ready = ready_for(message, *content, *way);

  std::vector<provider_health*> candidates;
  for (const std::size_t each : way->providers)
    candidates.push_back(outlets_[each].health);
  const plan_options options = options_for(message, *way);
  delivery_plan plan(candidates, options, common_.duplicates);
  // A plan ends: three attempts and as many pauses at most.
  for (;;) {
    const delivery_plan::action step = plan.next(boot_time_now(), random());
    tell(plan.take_changes(), *way);
    if (const auto* end = std::get_if<delivery_plan::done>(&step)) {
      if (end->possible_duplicate) observer_.on_possible_duplicate(ready.channel);
      co_return report_of(*end, *way);
    }
    if (const auto* wait = std::get_if<delivery_plan::pause>(&step)) {
      co_await pause_for(wait->length);
      continue;
    }
    const auto& now = std::get<delivery_plan::attempt>(step);
    const outlet& by = outlets_[way->providers[now.candidate]];
    co_await attempt_once(now, by, ready, message.to.country, plan);
    tell(plan.take_changes(), *way);
  }
}

task<void> dispatcher::attempt_once(const delivery_plan::attempt& step, const outlet& by,
                                    rendered_message message, std::string_view country, delivery_plan& plan) {
  std::string callback = by.callback;
  if (const auto at = callback.find("{}"); at != callback.npos) callback.replace(at, 2, message.reference);
  message.callback = callback;
  message.at = common_.wall();
  message.still_wanted = [&plan] { return plan.still_wanted(); };
  const auto started = steady_clock::now();
  const handover came = co_await by.by->hand_over(message, step.bound);
  attempt seen;
  seen.provider = by.name;
  seen.channel = message.channel;
  seen.country = country;
  seen.failure = came.failure;
  seen.duration = steady_clock::now() - started;
  seen.number = step.number;
  seen.status = came.status;
  seen.error = came.error;
  observer_.on_attempt(seen);
  delivery_plan::outcome outcome;
  outcome.failure = came.failure;
  outcome.begun = came.begun;
  outcome.duration = std::chrono::duration_cast<milliseconds>(seen.duration);
  if (came.retry_after) outcome.retry_after = *came.retry_after;
  plan.report(outcome, boot_time_now(), random());
}

otp::delivery_report dispatcher::report_of(const delivery_plan::done& end, const route& way) const {
  otp::delivery_report out;
  out.state = delivery_after(end.failure);
  out.failure = end.failure;
  out.untried = end.nothing_was_tried;
  out.retry_after = end.retry_after;
  const bool may_have_it = out.state == otp::delivery::sent || out.state == otp::delivery::unknown;
  if (may_have_it && end.candidate)
    out.provider = otp::provider_tag(outlets_[way.providers[*end.candidate]].name);
  return out;
}

void dispatcher::tell(const std::vector<delivery_plan::change>& changes, const route& way) {
  for (const delivery_plan::change& each : changes)
    observer_.on_breaker(outlets_[way.providers[each.candidate]].name, each.of_country, each.what);
}

}  // namespace otpd::sms
