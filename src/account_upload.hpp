#pragma once

#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "account_sheet.hpp"
#include "net/http_client.hpp"
#include "net/task_group.hpp"
#include "net/url.hpp"
#include "task.hpp"

namespace otpd {

struct upload_report {
  static constexpr std::size_t most_told = 20;

  std::size_t done = 0;               // accounts made or changed
  std::size_t refused = 0;            // lines that the server does not take
  std::vector<std::string> refusals;  // the first of them, "line 12: address_taken"
  std::string failure;                // why not every line was handed over; empty: every one was
};

// Hands lines to a server's administration listener over a few kept connections. A line is said again when
// there was no answer: saying it twice is no harm.
class account_upload {
 public:
  static constexpr std::size_t at_once = 32;

  using source = std::function<std::optional<account_line>()>;

  // `server` names the listener; its target is not looked at.
  account_upload(net::url server, std::string realm);

  // Blocks until every line is answered, or the server answers none any more. Once.
  [[nodiscard]] upload_report run(source lines);

 private:
  enum class verdict { done, refused, failed, try_again };

  task<void> work();
  task<void> hand_over(account_line line);
  // What an answer means for its line; the words for it are in `why`.
  [[nodiscard]] static verdict judge(const boost::system::result<net::http_answer>& answer, std::string& why);
  [[nodiscard]] net::http_call call_for(const account_line& line) const;

  net::url server_;
  std::string realm_;
  source lines_;
  upload_report report_;
  std::size_t working_ = 0;
  boost::asio::io_context loop_{1};
  net::http_client client_{loop_.get_executor()};
  net::task_group tasks_;
};

}  // namespace otpd
