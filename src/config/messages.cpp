// What a profile's messages say: profiles.NAME.message, .messages, .parameters and the autofill lines.

#include <algorithm>
#include <array>

#include "config/sections.hpp"
#include "config/text.hpp"
#include "net/ascii.hpp"
#include "sms/autofill.hpp"
#include "sms/message_length.hpp"
#include "sms/message_rules.hpp"

namespace otpd {
namespace {

using otp::message_parameter;
using otp::message_text;
using otp::profile;
using value = config_value;

constexpr std::size_t max_messages = 100;

constexpr std::array<std::pair<std::string_view, otp::channel>, 2> channel_names{
    {{"sms", otp::channel::sms}, {"email", otp::channel::email}}};
constexpr std::array<std::pair<std::string_view, otp::parameter_charset>, 4> charsets{
    {{"letters", otp::parameter_charset::letters},
     {"digits", otp::parameter_charset::digits},
     {"alnum", otp::parameter_charset::alnum},
     {"text", otp::parameter_charset::text}}};

// ---- keys
// ------------------------------------------------------------------------------------------------------------

std::string read_purpose(const value& v) {
  std::string text = v.text(1, 100);
  if (!is_name(text)) v.refuse(in_quotes(text) + " must be 1 to 32 of a-z 0-9 _ -");
  return text;
}

constexpr std::array<config_key<message_text>, 6> message_keys{{
    {"channel", [](const value& v, message_text& m) { m.channel = v.one_of(channel_names); }},
    {"purpose", [](const value& v, message_text& m) { m.purpose = read_purpose(v); }},
    {"locale", [](const value& v, message_text& m) { m.locale = read_language(v); }},
    {"text", [](const value& v, message_text& m) { m.text = v.text(1, 4000, "\n"); }},
    {"subject", [](const value& v, message_text& m) { m.subject = v.text(1, 200); }},
    {"html", [](const value& v, message_text& m) { m.html = v.text(1, 16384, "\t\n"); }},
}};

constexpr std::array<config_key<message_parameter>, 2> parameter_keys{{
    {"max_length",
     [](const value& v, message_parameter& p) { p.max_length = v.integer<std::uint8_t>(1, 40); }},
    {"charset", [](const value& v, message_parameter& p) { p.charset = v.one_of(charsets); }},
}};

// ---- checks
// ----------------------------------------------------------------------------------------------------------

void check_text(const value& v, std::string_view text, sms::text_place place, const profile& p) {
  if (const auto fault = sms::text_fault(text, place, p.parameters)) v.refuse(*fault);
}

// W2: what is longer than one segment costs more and comes in pieces, which autofill does not put together.
void check_length(const value& v, std::string_view text, const profile& p,
                  std::vector<std::string>& warnings) {
  const auto longest = sms::longest_sms(p, text);
  const bool is_gsm7 = longest.on_air.alphabet == sms::alphabet::gsm7;
  if (longest.on_air.segments > 1) {
    const std::string what = "is " + std::to_string(longest.on_air.segments) +
                             " segments at its longest: " + std::to_string(longest.on_air.units) +
                             (is_gsm7 ? " septets, where one has 160" : " UTF-16 units, where one has 70");
    if (!p.webotp.empty()) v.refuse(what + "; with webotp it must be one");
    if (!p.android_app_hash.empty()) v.refuse(what + "; with android_app_hash it must be one");
    warnings.push_back(v.located(what));
  }
  if (!p.android_app_hash.empty() && longest.bytes > sms::max_retriever_bytes) {
    v.refuse("is " + std::to_string(longest.bytes) +
             " bytes at its longest; with android_app_hash 140 are the most");
  }
}

void check_place(const value& v, const message_text& m, const profile& p,
                 std::vector<std::string>& warnings) {
  if (!m.channel && m.purpose.empty() && m.locale.empty())
    v.refuse("names no channel, purpose or locale; the text for all of them is the profile's message");
  const auto is_same = [&m](const message_text& other) {
    return other.channel == m.channel && other.purpose == m.purpose &&
           net::equal_without_case(other.locale, m.locale);
  };
  const auto first = std::ranges::find_if(p.messages, is_same) - p.messages.begin();
  if (&p.messages[static_cast<std::size_t>(first)] != &m)
    v.refuse("is for the same channel, purpose and locale as messages[" + std::to_string(first) + ']');
  if (m.channel && std::ranges::count(p.channels, *m.channel) == 0)
    warnings.push_back(v.at("channel").located("is none of the profile's channels"));
}

void check_message(const value& v, const message_text& m, const profile& p,
                   std::vector<std::string>& warnings) {
  check_place(v, m, p, warnings);
  if (!v.at("text").is_written()) v.at("text").refuse("is missing");
  check_text(v.at("text"), m.text, sms::text_place::text, p);
  for (const char* key : {"subject", "html"}) {
    if (m.channel == otp::channel::sms && v.at(key).is_written())
      v.at(key).refuse("is for e-mail, and the channel is \"sms\"");
  }
  check_text(v.at("subject"), m.subject, sms::text_place::subject, p);
  if (!m.html.empty()) check_text(v.at("html"), m.html, sms::text_place::html, p);
}

}  // namespace

std::string read_language(const value& v) {
  std::string tag = v.text(0, 100);
  if (!is_language_tag(tag)) v.refuse(in_quotes(tag) + " is not a language tag such as \"en\" or \"pt-BR\"");
  return tag;
}

void read_messages(const value& v, profile& out) {
  for (const auto& element : v.elements()) {
    if (out.messages.size() == max_messages) v.refuse("has more than 100 messages");
    read_table(element, message_keys, out.messages.emplace_back());
  }
}

void read_parameters(const value& v, profile& out) {
  for (const auto& [name, parameter] : v.members()) {
    if (out.parameters.size() == sms::max_parameters) v.refuse("has more than 8 parameters");
    message_parameter read;
    read.name = name;
    read_table(parameter, parameter_keys, read);
    out.parameters.push_back(std::move(read));
    if (const auto fault = sms::parameters_fault(out.parameters)) parameter.refuse(*fault);
  }
}

void read_webotp(const value& v, profile& out) {
  out.webotp = v.text(0, 253);
  if (!out.webotp.empty() && !sms::is_autofill_host(out.webotp))
    v.refuse(in_quotes(out.webotp) + " is not a host name such as \"example.com\", in lower case");
}

void read_android_app_hash(const value& v, profile& out) {
  out.android_app_hash = v.text(0, 100);
  if (!out.android_app_hash.empty() && !sms::is_app_hash(out.android_app_hash))
    v.refuse(in_quotes(out.android_app_hash) + " is not 11 characters of base64");
}

void check_messages(const value& table, const profile& p, std::vector<std::string>& warnings) {
  if (!p.webotp.empty() && !p.android_app_hash.empty())
    table.at("android_app_hash").refuse("cannot stand beside webotp: each must be a message's last line");
  check_text(table.at("message"), p.message, sms::text_place::text, p);
  const auto written = table.at("messages");
  const auto elements = written.is_written() ? written.elements() : std::vector<value>{};
  for (std::size_t i = 0; i < p.messages.size(); ++i)
    check_message(elements[i], p.messages[i], p, warnings);

  if (std::ranges::count(p.channels, otp::channel::sms) == 0) return;
  check_length(table.at("message"), p.message, p, warnings);
  for (std::size_t i = 0; i < p.messages.size(); ++i) {
    if (p.messages[i].channel != otp::channel::email)
      check_length(elements[i].at("text"), p.messages[i].text, p, warnings);
  }
}

void list_message_keys(std::vector<std::string>& out) {
  list_keys("profiles.NAME.messages", message_keys, out);
  list_keys("profiles.NAME.parameters.NAME", parameter_keys, out);
}

}  // namespace otpd
