#include "sms/message_rules.hpp"

#include <algorithm>
#include <array>

#include "sms/allowed_text.hpp"
#include "sms/pattern.hpp"
#include "sms/segments.hpp"

namespace otpd::sms {

namespace {

using parameters_view = std::span<const otp::message_parameter>;
using names_view = std::span<const std::string_view>;
using fault = std::optional<std::string>;

constexpr std::array<std::string_view, first_parameter> fixed_names{"code", "app", "minutes"};

std::string in_braces(std::string_view name) {
  return std::string{"{"}.append(name).append("}");
}

// ---- characters

std::size_t longest(text_place place) noexcept {
  return place == text_place::subject ? 200 : place == text_place::text ? 4000 : 16384;
}

fault character_fault(std::string_view text, text_place place) {
  if (text.size() > longest(place)) return "must have at most " + std::to_string(longest(place)) + " bytes";
  if (place == text_place::text && text.ends_with('\n')) return "must not end with a line break";
  while (!text.empty()) {
    const char32_t c = take_code_point(text);
    const bool is_layout =
        (c == U'\n' && place != text_place::subject) || (c == U'\t' && place == text_place::html);
    if ((c < 0x20 && !is_layout) || (c >= 0x7f && c < 0xa0)) return "has a control character";
    if (c == U'\ufffd') return "is not UTF-8";
  }
  return std::nullopt;
}

// ---- placeholders

std::string no_placeholder(std::string_view what, names_view names) {
  std::string out = std::string{"\""}.append(what).append("\" is no placeholder; known are ");
  for (const std::string_view each : names)
    out.append(each == names.front() ? "" : ", ").append(in_braces(each));
  return out;
}

// Every brace belongs to a placeholder; in HTML only what looks like one is held to that.
fault placeholder_fault(std::string_view text, text_place place, names_view names) {
  for (;;) {
    text.remove_prefix(std::min(text.find_first_of("{}"), text.size()));
    if (text.empty()) return std::nullopt;
    const std::size_t end = text.front() == '{' ? text.find('}') : text.npos;
    const std::string_view name = end == text.npos ? std::string_view{} : text.substr(1, end - 1);
    const bool is_name =
        !name.empty() && std::ranges::all_of(name, [](char c) { return c == '_' || (c >= 'a' && c <= 'z'); });
    if (is_name && std::ranges::find(names, name) == names.end())
      return no_placeholder(text.substr(0, std::min<std::size_t>(end + 1, 60)), names);
    if (!is_name && place != text_place::html) return no_placeholder(text.substr(0, 1), names);
    text.remove_prefix(is_name ? end + 1 : 1);
  }
}

fault code_fault(const pattern& layout, text_place place) {
  const auto codes = std::ranges::count(layout.pieces(), code_name, &pattern::piece::name);
  if (place == text_place::text && codes != 1)
    return "must have {code} once, not " + std::to_string(codes) + " times";
  if (place == text_place::html && codes == 0) return "must have {code}";
  if (place == text_place::subject && codes > 1) return "must have {code} once at most";
  return std::nullopt;
}

// ---- what stands around a parameter

// A letter that may be the start of a domain's last label. Scripts that write without spaces have no such
// domains of their own, and their particles stand directly after a name.
bool continues_word(std::string_view text) noexcept {
  if (text.empty()) return false;
  const char32_t c = take_code_point(text);
  return c < 0x2e80 && is_word_character(c);
}

fault fault_after(const std::string& name, otp::parameter_charset charset, const pattern::piece& next) {
  const bool is_followed = next.name != pattern::no_name;
  if (next.literal.empty() && is_followed) return name + " stands directly beside another placeholder";
  if (charset == otp::parameter_charset::text && continues_word(next.literal))
    return name + " must be followed by a space or punctuation, since its value may end with a full stop";
  if (next.literal.starts_with('.') &&
      (continues_word(std::string_view{next.literal}.substr(1)) || (next.literal.size() == 1 && is_followed)))
    return "the full stop after " + name + " could make a host name of it";
  return std::nullopt;
}

fault neighbour_fault(const pattern& layout, parameters_view parameters) {
  const auto& pieces = layout.pieces();
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (pieces[i].name == pattern::no_name || pieces[i].name < first_parameter) continue;
    const otp::message_parameter& parameter = parameters[pieces[i].name - first_parameter];
    const std::string name = in_braces(parameter.name);
    if (i > 0 && pieces[i].literal.empty()) return name + " stands directly beside another placeholder";
    if (pieces[i].literal.ends_with('.'))
      return "the full stop before " + name + " could make a host name of it";
    if (i + 1 == pieces.size()) continue;
    if (auto found = fault_after(name, parameter.charset, pieces[i + 1])) return found;
  }
  return std::nullopt;
}

}  // namespace

fault text_fault(std::string_view text, text_place place, parameters_view parameters) {
  const auto names = message_names(parameters);
  if (auto found = character_fault(text, place)) return found;
  if (auto found = placeholder_fault(text, place, names)) return found;
  const pattern layout{text, names};
  if (auto found = code_fault(layout, place)) return found;
  return neighbour_fault(layout, parameters);
}

fault parameters_fault(parameters_view parameters) {
  if (parameters.size() > max_parameters) return "has more than 8 parameters";
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const otp::message_parameter& each = parameters[i];
    if (!is_parameter_name(each.name)) return "a parameter's name must be 1 to 20 of a-z _";
    if (std::ranges::find(fixed_names, each.name) != fixed_names.end())
      return in_braces(each.name) + " is a placeholder already";
    if (std::ranges::count(parameters.first(i), each.name, &otp::message_parameter::name) > 0)
      return in_braces(each.name) + " is there twice";
    if (each.max_length < 1 || each.max_length > 40) return in_braces(each.name) + " is not 1 to 40 long";
  }
  return std::nullopt;
}

bool is_parameter_name(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 20 &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
}

std::vector<std::string_view> message_names(parameters_view parameters) {
  std::vector<std::string_view> out{fixed_names.begin(), fixed_names.end()};
  for (const otp::message_parameter& each : parameters)
    out.emplace_back(each.name);
  return out;
}

}  // namespace otpd::sms
