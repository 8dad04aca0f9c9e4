#include "api/desk.hpp"

#include "api/problem.hpp"

namespace otpd::api {

namespace {
auto now() {
  return std::chrono::steady_clock::now();
}
}  // namespace

task<otp::outcome<otp::verification_view>> desk::issue(otp::issue_request request) {
  const auto began = now();
  auto result = co_await verifier_.issue(std::move(request));
  tell(operation::issue, began, result);
  co_return result;
}

task<otp::outcome<otp::check_view>> desk::check(std::string_view id, std::string_view code, otp::caller by) {
  const auto began = now();
  auto result = co_await verifier_.check(id, code, by);
  tell(began, result);
  co_return result;
}

task<otp::outcome<otp::check_view>> desk::check_recipient(std::string_view to, std::string_view code,
                                                          std::string_view profile, std::string_view purpose,
                                                          otp::caller by, std::string_view variant) {
  const auto began = now();
  auto result = co_await verifier_.check_recipient(to, code, profile, purpose, by, variant);
  tell(began, result);
  co_return result;
}

task<otp::outcome<otp::check_view>> desk::check_uuid(std::string_view to, std::string_view uuid,
                                                     std::string_view code, std::string_view profile,
                                                     otp::caller by) {
  const auto began = now();
  auto result = co_await verifier_.check_uuid(to, uuid, code, profile, by);
  tell(began, result);
  co_return result;
}

task<otp::outcome<otp::verification_view>> desk::resend(otp::resend_request request) {
  const auto began = now();
  auto result = co_await verifier_.resend(std::move(request));
  tell(operation::resend, began, result);
  co_return result;
}

task<otp::outcome<otp::verification_view>> desk::find(std::string_view id) {
  const auto began = now();
  auto result = co_await verifier_.find(id);
  tell(operation::find, began, result);
  co_return result;
}

task<otp::outcome<otp::verification_view>> desk::cancel(std::string_view id) {
  const auto began = now();
  auto result = co_await verifier_.cancel(id);
  tell(operation::cancel, began, result);
  co_return result;
}

void desk::tell(operation what, time began, const otp::outcome<otp::verification_view>& result) const {
  if (result.has_error()) return tell(what, began, problem_code(result.error().code), nullptr);
  tell(what, began, "ok", &*result);
}

void desk::tell(time began, const otp::outcome<otp::check_view>& result) const {
  if (result.has_error()) return tell(operation::check, began, problem_code(result.error().code), nullptr);
  tell(operation::check, began, result->valid ? "ok" : "wrong", &result->verification);
}

void desk::tell(operation what, time began, std::string_view result,
                const otp::verification_view* about) const {
  answered said;
  said.operation = what;
  said.result = result;
  if (about != nullptr) {
    said.to = about->masked_to;
    said.id = about->id;
    said.is_test = about->is_test;
  }
  said.took = now() - began;
  watch_.on_answer(said);
}

}  // namespace otpd::api
