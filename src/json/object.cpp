#include "json/object.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/error.hpp>

namespace otpd::json {

// The parser's events. The document's own members are at depth 1, those of the opened member at depth 2;
// whatever else is deep is only checked.
struct object_events {
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = object::max_text;
  static constexpr std::size_t max_string_size = object::max_text;

  using string_view = boost::json::string_view;
  using error_code = boost::json::error_code;

  object& out;
  object::fault fault = object::fault::none;
  std::size_t depth = 0;
  bool is_opened = false;  // within the opened member
  std::size_t begin = 0;   // of the text that is being gathered

  bool refuse(error_code& ec, object::fault why = object::fault::invalid) {
    fault = why;
    ec = boost::json::error::exception;
    return false;
  }
  bool at_member() const { return depth == 1 || (is_opened && depth == 2); }
  void gather(string_view part) {
    if (at_member()) out.text_.append(part.data(), part.size());
  }
  std::string_view gathered() {
    const std::string_view text = std::string_view(out.text_).substr(begin);
    begin = out.text_.size();
    return text;
  }
  bool value(json::kind kind, error_code& ec) {
    if (depth == 0) return refuse(ec);
    if (!at_member()) return true;
    object::member& last = is_opened ? out.inner_[out.inner_count_ - 1] : out.members_[out.count_ - 1];
    last.kind = kind;
    last.text = gathered();
    return true;
  }
  bool open(json::kind kind, error_code& ec) {
    if (depth == 0 ? kind != json::kind::object : !value(kind, ec)) return refuse(ec);
    if (depth == 1 && kind == json::kind::object && !out.opened_.empty())
      is_opened = out.members_[out.count_ - 1].name == out.opened_;
    ++depth;
    return true;
  }
  bool close() {
    --depth;
    is_opened = is_opened && depth > 1;
    return true;
  }
  // Appends a member to those of its object, of which there are `count`.
  bool add(std::array<object::member, object::max_members>& to, std::size_t& count, error_code& ec) {
    const std::string_view name = gathered();
    if (std::ranges::count(to.data(), to.data() + count, name, &object::member::name) > 0)
      return refuse(ec, object::fault::duplicate);
    if (count == to.size()) return refuse(ec);
    to[count++] = {name, json::kind::null, {}};
    return true;
  }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code& ec) { return open(json::kind::object, ec); }
  bool on_array_begin(error_code& ec) { return open(json::kind::array, ec); }
  bool on_object_end(std::size_t, error_code&) { return close(); }
  bool on_array_end(std::size_t, error_code&) { return close(); }
  bool on_key_part(string_view part, std::size_t, error_code&) { return gather(part), true; }
  bool on_key(string_view part, std::size_t, error_code& ec) {
    gather(part);
    if (!at_member()) return true;
    return is_opened ? add(out.inner_, out.inner_count_, ec) : add(out.members_, out.count_, ec);
  }
  bool on_string_part(string_view part, std::size_t, error_code&) { return gather(part), true; }
  bool on_string(string_view part, std::size_t, error_code& ec) {
    return gather(part), value(json::kind::string, ec);
  }
  bool on_number_part(string_view part, error_code&) { return gather(part), true; }
  bool on_int64(std::int64_t, string_view part, error_code& ec) {
    return gather(part), value(json::kind::number, ec);
  }
  bool on_uint64(std::uint64_t, string_view part, error_code& ec) {
    return gather(part), value(json::kind::number, ec);
  }
  bool on_double(double, string_view part, error_code& ec) {
    return gather(part), value(json::kind::number, ec);
  }
  bool on_bool(bool is_true, error_code& ec) {
    return gather(is_true ? "true" : "false"), value(json::kind::boolean, ec);
  }
  bool on_null(error_code& ec) { return value(json::kind::null, ec); }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }
};

object::fault object::parse(std::string_view body) {
  count_ = 0;
  inner_count_ = 0;
  text_.clear();
  text_.reserve(body.size() + 8 * max_members);
  boost::json::parse_options strict;
  strict.max_depth = max_depth;
  boost::json::basic_parser<object_events> parser(strict, object_events{*this});
  boost::json::error_code ec;
  const std::size_t used = parser.write_some(false, body.data(), body.size(), ec);
  if (parser.handler().fault != fault::none) return parser.handler().fault;
  return ec || used != body.size() ? fault::invalid : fault::none;
}

const object::member* object::find(std::string_view name) const noexcept {
  const auto all = members();
  const auto found = std::ranges::find(all, name, &member::name);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace otpd::json
