#pragma once

#include <string>
#include <string_view>

#include "api/observer.hpp"
#include "otp/verifier.hpp"

namespace otpd::api {

// The use cases as the wire knows them: each answer is told to the observer. One per event loop; every
// function is otp::verifier's of the same name.
class desk {
 public:
  desk(otp::verifier& verifier, observer& watch) : verifier_(verifier), watch_(watch) {}

  task<otp::outcome<otp::verification_view>> issue(otp::issue_request request);
  task<otp::outcome<otp::check_view>> check(std::string_view id, std::string_view code, otp::caller by);
  task<otp::outcome<otp::check_view>> check_recipient(std::string_view to, std::string_view code,
                                                      std::string_view profile, std::string_view purpose,
                                                      otp::caller by, std::string_view variant = {});
  task<otp::outcome<otp::check_view>> check_uuid(std::string_view to, std::string_view uuid,
                                                 std::string_view code, std::string_view profile,
                                                 otp::caller by);
  task<otp::outcome<otp::verification_view>> resend(otp::resend_request request);
  task<otp::outcome<otp::verification_view>> find(std::string_view id);
  task<otp::outcome<otp::verification_view>> cancel(std::string_view id);
  [[nodiscard]] std::string uuid_of(std::string_view id) { return verifier_.uuid_of(id); }

 private:
  using time = std::chrono::steady_clock::time_point;
  void tell(operation what, time began, const otp::outcome<otp::verification_view>& result) const;
  void tell(time began, const otp::outcome<otp::check_view>& result) const;
  void tell(operation what, time began, std::string_view result, const otp::verification_view* about) const;

  otp::verifier& verifier_;
  observer& watch_;
};

}  // namespace otpd::api
