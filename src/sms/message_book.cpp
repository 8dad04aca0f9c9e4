#include "sms/message_book.hpp"

#include <algorithm>
#include <boost/system/errc.hpp>
#include <stdexcept>
#include <tuple>

#include "net/ascii.hpp"
#include "sms/allowed_text.hpp"
#include "sms/escape.hpp"
#include "sms/message_rules.hpp"

namespace otpd::sms {

namespace {

using values_view = std::span<const otp::message_value>;

// `whole` is `range` or begins with its subtags.
bool is_within(std::string_view whole, std::string_view range) noexcept {
  return net::equal_without_case(whole.substr(0, range.size()), range) &&
         (whole.size() == range.size() || whole[range.size()] == '-');
}

// How well a page's locale fits: 0 is for every locale, more is better; nothing: not at all.
std::optional<std::size_t> locale_rank(std::string_view of_page, std::string_view asked,
                                       std::string_view of_profile) noexcept {
  if (of_page.empty()) return 0;
  if (is_within(asked, of_page)) return 1000 + of_page.size();
  if (is_within(of_profile, of_page)) return of_page.size();
  return std::nullopt;
}

void check(std::string_view text, text_place place, std::span<const otp::message_parameter> parameters,
           std::string_view what) {
  if (const auto fault = text_fault(text, place, parameters))
    throw std::invalid_argument(std::string{what}.append(" ").append(*fault));
}

const otp::message_value* find(values_view values, std::string_view name) noexcept {
  const auto found = std::ranges::find(values, name, &otp::message_value::name);
  return found == values.end() ? nullptr : &*found;
}

// What a request's placeholders stand for, by their numbers.
struct filling {
  std::string_view app;
  std::string minutes;
  const message_request& request;
  std::span<const otp::message_parameter> parameters;

  std::string_view value_of(std::size_t name) const noexcept {
    switch (name) {
      case code_name:
        return request.code;
      case app_name:
        return app;
      case minutes_name:
        return minutes;
      default:
        return find(request.parameters, parameters[name - first_parameter].name)->value;
    }
  }
  void append(std::string& out, const pattern& layout, escape how) const {
    layout.render(out, [&](std::string& to, std::size_t name) { append_escaped(to, value_of(name), how); });
  }
  // What append() and the autofill lines need at most: a string that grows leaves its code behind.
  static std::size_t room_for(const pattern& layout) {
    std::size_t out = 200;
    for (const pattern::piece& each : layout.pieces())
      out += each.literal.size() + 200;
    return out;
  }
};

std::string minutes_of(std::chrono::seconds lifetime) {
  const auto whole = std::chrono::ceil<std::chrono::minutes>(lifetime).count();
  return std::to_string(std::max<std::int64_t>(whole, 1));
}

}  // namespace

message_book::message_book(const otp::profile& of)
    : app_(of.app),
      locale_(of.locale),
      channels_(of.channels),
      parameters_(of.parameters),
      autofill_{of.webotp, of.android_app_hash} {
  if (const auto fault = parameters_fault(parameters_)) throw std::invalid_argument(*fault);
  if (!of.webotp.empty() && !is_autofill_host(of.webotp))
    throw std::invalid_argument("webotp is not a host name");
  if (!of.android_app_hash.empty() && !is_app_hash(of.android_app_hash))
    throw std::invalid_argument("android_app_hash is not 11 characters of base64");
  if (!of.webotp.empty() && !of.android_app_hash.empty())
    throw std::invalid_argument("webotp and android_app_hash cannot both be the last line");
  otp::message_text fallback;
  fallback.text = of.message;
  add(fallback, "message");
  for (const otp::message_text& each : of.messages)
    add(each, "a text of messages");
}

void message_book::add(const otp::message_text& from, std::string_view what) {
  check(from.text, text_place::text, parameters_, what);
  check(from.subject, text_place::subject, parameters_, what);
  if (!from.html.empty()) check(from.html, text_place::html, parameters_, what);
  const auto names = message_names(parameters_);
  std::string_view subject = from.subject;
  if (subject.empty()) subject = app_.empty() ? "Code" : otp::default_subject;
  page made{from.channel,
            from.purpose,
            from.locale,
            pattern{from.text, names},
            pattern{subject, names},
            pattern{from.html, names}};
  const bool uses_app = made.text.uses(app_name) || made.subject.uses(app_name) || made.html.uses(app_name);
  if (uses_app && !is_allowed_name(app_))
    throw std::invalid_argument("the app's name has a character that messages may not have");
  for (const page& each : pages_) {
    if (each.channel == made.channel && each.purpose == made.purpose &&
        net::equal_without_case(each.locale, made.locale))
      throw std::invalid_argument("two messages are for the same channel, purpose and locale");
  }
  pages_.push_back(std::move(made));
}

const message_book::page& message_book::choose(otp::channel channel, std::string_view purpose,
                                               std::string_view locale) const noexcept {
  const page* best = &pages_.front();
  std::tuple<bool, bool, std::size_t> best_rank{};
  for (const page& each : pages_) {
    const auto by_locale = locale_rank(each.locale, locale, locale_);
    if (!by_locale || (each.channel && *each.channel != channel) ||
        (!each.purpose.empty() && each.purpose != purpose))
      continue;
    const std::tuple rank{each.channel.has_value(), !each.purpose.empty(), *by_locale};
    if (rank > best_rank) {
      best = &each;
      best_rank = rank;
    }
  }
  return *best;
}

std::string_view message_book::missing_in(const page& of, otp::channel channel,
                                          values_view values) const noexcept {
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const std::size_t name = first_parameter + i;
    const bool is_used = of.text.uses(name) ||
                         (channel == otp::channel::email && (of.subject.uses(name) || of.html.uses(name)));
    if (is_used && find(values, parameters_[i].name) == nullptr) return parameters_[i].name;
  }
  return {};
}

otp::parameter_verdict message_book::accepts(std::optional<otp::channel> channel, std::string_view purpose,
                                             std::string_view locale, values_view values) const noexcept {
  using enum otp::parameter_fault;
  for (const otp::message_value& each : values) {
    const auto known = std::ranges::find(parameters_, each.name, &otp::message_parameter::name);
    if (known == parameters_.end()) return {unknown, each.name};
    if (find(values, each.name) != &each || !is_allowed_value(*known, each.value))
      return {invalid, each.name};
  }
  if (parameters_.empty()) return {};
  for (const otp::channel by : {otp::channel::sms, otp::channel::email}) {
    if (channel ? by != *channel : std::ranges::count(channels_, by) == 0) continue;
    const std::string_view name = missing_in(choose(by, purpose, locale), by, values);
    if (!name.empty()) return {missing, name};
  }
  return {};
}

boost::system::result<message_content> message_book::render(const message_request& request) const {
  const auto judged = accepts(request.channel, request.purpose, request.locale, request.parameters);
  if (!is_code_text(request.code) || judged.fault != otp::parameter_fault::none)
    return boost::system::errc::make_error_code(boost::system::errc::invalid_argument);

  const page& from = choose(request.channel, request.purpose, request.locale);
  const filling with{app_, minutes_of(request.lifetime), request, parameters_};
  message_content out;
  out.text.reserve(filling::room_for(from.text));
  if (request.channel == otp::channel::sms) {
    autofill_.open(out.text);
    with.append(out.text, from.text, escape::none);
    autofill_.close(out.text, request.code);
    return out;
  }
  out.subject.reserve(filling::room_for(from.subject));
  out.html.reserve(filling::room_for(from.html));
  with.append(out.text, from.text, escape::none);
  with.append(out.subject, from.subject, escape::none);
  with.append(out.html, from.html, escape::xml);
  return out;
}

}  // namespace otpd::sms
