#include "json/object.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  static otpd::json::object body{"a"};
  if (body.parse({reinterpret_cast<const char*>(data), size}) != otpd::json::object::fault::none) return 0;
  // What was accepted is within the bounds, and every name leads to its member.
  if (body.members().size() > otpd::json::object::max_members) __builtin_trap();
  if (body.inner().size() > otpd::json::object::max_members) __builtin_trap();
  if (!body.inner().empty() && body.find("a") == nullptr) __builtin_trap();
  for (const auto& member : body.members()) {
    if (member.text.size() > otpd::json::object::max_text || body.find(member.name) != &member)
      __builtin_trap();
  }
  return 0;
}
