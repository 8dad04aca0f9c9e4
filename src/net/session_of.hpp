#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>
#include <string>

#include "net/byte_buffer.hpp"
#include "net/request_parser.hpp"
#include "net/session.hpp"

namespace otpd::net {

namespace session_sizes {

inline constexpr std::size_t usual_input = 2 * 1024;
inline constexpr std::size_t input_limit = 16 * 1024;
inline constexpr std::size_t flush_at = 64 * 1024;
inline constexpr std::size_t usual_output = 4 * 1024;
// A connection that was accepted while draining has this long to send its one request.
inline constexpr std::chrono::seconds drain_idle{1};

}  // namespace session_sizes

// The session over a kind of stream; included by the two files that instantiate it. What depends on the
// stream is in `Wire`:
//
//   using stream;                                   what is read and written asynchronously
//   static constexpr bool encrypted;
//   static task<bool> open(stream&);                handshake; false: over
//   static task<void> close(stream&, byte_buffer&); after our last byte, until the peer's end
//   static std::size_t write_now(stream&, buffer, error_code&), read_now: without waiting; would_block where
//   it cannot
//
// A round is: read what is there, answer every complete request in it, write the answers at once, read again.
template <class Wire>
class session_of final : public timed {
 public:
  using stream = typename Wire::stream;

  session_of(stream s, boost::asio::ip::address peer, std::shared_ptr<service> owner,
             connection_caps::ticket place);
  ~session_of() override;

  task<void> run();
  // The connection is one too many: 503 and out.
  task<void> turn_away();

  void expire() override;
  void wind_down() override;
  void abort() override;

 private:
  using error_code = boost::system::error_code;
  enum class phase { opening, idle, receiving, handling, writing, closing };
  enum class step {
    answer,   // a request is complete
    receive,  // more bytes are needed
    leave,    // the connection is over
  };
  enum class ending {
    none,
    orderly,  // what is to be said is in out_; then half-close, and close after the peer
    broken,   // nothing can be said any more
  };

  step advance();
  void begin_handling();
  void finish_answer();
  void fail_handler(std::string_view what);
  void refuse(unsigned status, std::string_view code, refusal why);
  void offer_continue();
  bool begin_receive();
  void end_receive(error_code ec, std::size_t n);
  bool is_between_requests() const noexcept;
  bool has_last_bytes();
  bool flush_now();
  task<void> flush();
  task<void> leave();
  void shrink();

  stream stream_;
  std::shared_ptr<service> service_;
  connection_caps::ticket place_;
  request_parser parser_;
  byte_buffer in_;
  std::string out_;
  std::size_t sent_ = 0;
  response response_;
  std::chrono::nanoseconds request_deadline_{0};
  phase phase_ = phase::opening;
  ending ending_ = ending::none;
  request_parser::state deadline_for_ = request_parser::state::start;
  bool continued_ = false;
  bool late_ = false;
  bool used_ = false;  // has answered a request
};

}  // namespace otpd::net
