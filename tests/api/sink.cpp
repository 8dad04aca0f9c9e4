#include "api/sink.hpp"

namespace otpd::api::test {

namespace {

class taker final : public net::handler {
 public:
  explicit taker(sink& to) : to_(to) {}

  task<void> handle(const net::request& in, net::response& out) override {
    out.status = to_.take(in.body);
    co_return;
  }
  void refuse(unsigned status, std::string_view, net::response& out) override { out.status = status; }

 private:
  sink& to_;
};

}  // namespace

sink::sink() {
  net::server_options options;
  options.address = {boost::asio::ip::make_address("127.0.0.1"), 0};
  server_ = std::make_unique<net::server>(
      loops_, options, [this](loop_executor, std::size_t) { return std::make_unique<taker>(*this); });
  server_->start();
  loops_.start();
}

sink::~sink() {
  server_->drain(std::chrono::milliseconds(0));
  static_cast<void>(server_->join());
  loops_.stop();
  loops_.join();
}

unsigned sink::take(std::string_view message) {
  const auto space = message.find(' ');
  const std::string to(message.substr(0, space));
  const std::string code(message.substr(space + 1));
  const std::lock_guard lock(mutex_);
  newest_[to] = code;
  codes_.push_back(code);
  if (to.ends_with("99")) return 400;
  return to.ends_with("98") ? 500 : 200;
}

std::string sink::code_for(const std::string& to) const {
  const std::lock_guard lock(mutex_);
  const auto found = newest_.find(to);
  return found == newest_.end() ? std::string() : found->second;
}

std::vector<std::string> sink::codes() const {
  const std::lock_guard lock(mutex_);
  return codes_;
}

}  // namespace otpd::api::test
