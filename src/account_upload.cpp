#include "account_upload.hpp"

#include <chrono>
#include <utility>

#include "json/object.hpp"
#include "json/writer.hpp"
#include "net/wakeup.hpp"

namespace otpd {

namespace {

using namespace std::chrono_literals;

constexpr int most_tries = 5;
constexpr auto first_pause = 100ms;  // twice as long after each further try

std::string problem_in(const net::http_answer& answer) {
  json::object body;
  if (body.parse(answer.body) == json::object::fault::none) {
    std::string out;
    if (const auto* code = body.find("code")) out = code->text;
    if (const auto* member = body.find("member")) out.append(" (").append(member->text).append(")");
    if (!out.empty()) return out;
  }
  return "status " + std::to_string(answer.status);
}

}  // namespace

account_upload::account_upload(net::url server, std::string realm)
    : server_(std::move(server)),
      realm_(std::move(realm)),
      tasks_(loop_.get_executor(), [this](std::string_view what) { report_.failure = what; }) {
  server_.target = "/accounts";
}

upload_report account_upload::run(source lines) {
  lines_ = std::move(lines);
  working_ = at_once;
  for (std::size_t i = 0; i < at_once; ++i)
    tasks_.spawn(work());
  loop_.run();
  return std::move(report_);
}

task<void> account_upload::work() {
  while (report_.failure.empty()) {
    auto line = lines_();
    if (!line) break;
    co_await hand_over(*std::move(line));
  }
  if (--working_ == 0) client_.close();
}

net::http_call account_upload::call_for(const account_line& line) const {
  net::http_call out;
  out.url = server_;
  out.add_field("Content-Type", "application/json");
  out.max_connections = at_once;
  json::writer json(out.body);
  json.text("realm", realm_);
  if (!line.phone.empty()) json.text("phone", line.phone);
  if (!line.email.empty()) json.text("email", line.email);
  // A file is older than the server: what was verified since stays so. A new account is not verified anyway.
  if (line.phone_verified.value_or(false)) json.boolean("phone_verified", true);
  if (line.email_verified.value_or(false)) json.boolean("email_verified", true);
  json.end();
  return out;
}

account_upload::verdict account_upload::judge(const boost::system::result<net::http_answer>& answer,
                                              std::string& why) {
  if (answer.has_error()) {
    why = answer.error().message();
    return verdict::try_again;
  }
  if (answer->status == 200) return verdict::done;
  why = problem_in(*answer);
  // The realm is the same in every line.
  const bool is_of_the_line =
      answer->status == 409 || (answer->status == 422 && why.find("realm") == why.npos);
  if (is_of_the_line) return verdict::refused;
  return answer->status >= 500 ? verdict::try_again : verdict::failed;
}

task<void> account_upload::hand_over(account_line line) {
  std::string why;
  auto pause = first_pause;
  for (int i = 0; i < most_tries; ++i) {
    net::http_call call = call_for(line);
    const auto answer = co_await client_.send(std::move(call));
    const verdict out = judge(answer, why);
    if (out == verdict::done) ++report_.done;
    if (out == verdict::refused && ++report_.refused <= upload_report::most_told)
      report_.refusals.push_back("line " + std::to_string(line.number) + ": " + why);
    if (out == verdict::done || out == verdict::refused) co_return;
    if (out == verdict::failed || !report_.failure.empty()) break;
    net::loop_timer timer(loop_.get_executor(), pause);
    co_await timer.async_wait(net::as_results);
    pause *= 2;
  }
  if (report_.failure.empty()) report_.failure = why;
}

}  // namespace otpd
