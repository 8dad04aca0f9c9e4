#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "net/server.hpp"

namespace otpd::api::test {

// Plays the SMS provider: takes "ADDRESS CODE" and remembers it. An address that ends in 99 is refused with
// 400; one that ends in 98 gets an answer that says nothing about its message, 500.
class sink {
 public:
  sink();
  sink(const sink&) = delete;
  sink& operator=(const sink&) = delete;
  ~sink();

  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  // The newest code for an address; empty if there was none.
  [[nodiscard]] std::string code_for(const std::string& to) const;
  // Every code so far.
  [[nodiscard]] std::vector<std::string> codes() const;
  // Called for each message. The status to answer with.
  unsigned take(std::string_view message);

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::string> newest_;
  std::vector<std::string> codes_;
  net::event_loops loops_{1};
  std::unique_ptr<net::server> server_;
};

}  // namespace otpd::api::test
