#include "otp/record_format.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto record = otpd::otp::decode_record(bytes);
  // What is accepted has one spelling.
  if (record && otpd::otp::encode(*record) != bytes) __builtin_trap();
  return 0;
}
