#pragma once

// What one event loop has for itself. Included by the two files of application alone.

#include "api/hooks.hpp"
#include "application.hpp"
#include "receipt_office.hpp"

namespace otpd {

class thread_entropy final : public otp::entropy {
 public:
  void fill(std::span<std::uint8_t> out) override { source_.fill(out); }

 private:
  crypto::random_source source_;
};

// What the public listener serves: providers' receipts, and the API.
class public_handler final : public net::handler {
 public:
  public_handler(api::hooks& hooks, api::native& native) : hooks_(hooks), native_(native) {}
  task<void> handle(const net::request& in, net::response& out) override {
    return api::hooks::serves(in.path) ? hooks_.handle(in, out) : native_.handle(in, out);
  }
  void refuse(unsigned status, std::string_view code, net::response& out) override {
    native_.refuse(status, code, out);
  }

 private:
  api::hooks& hooks_;
  api::native& native_;
};

struct application::loop_parts {
  loop_parts(application& app, std::size_t index)
      : watch(*app.numbers_, app.lines_, index),
        client(app.loops_[index].executor()),
        ways(app.delivery_.make_outlets(app.loops_[index].executor(), client)),
        dispatcher(app.delivery_.plan(), ways.outlets, watch),
        queue(app.loops_[index].executor(),
              [&app](std::string_view text) {
                app.lines_.write(log_level::error, "outbox", {{"detail", text}});
              }),
        verifier({app.store_, app.clock_, app.limits_.limiter(), app.settings_.profiles, app.settings_.limits,
                  app.settings_.test_recipients},
                 app.ring_, random, dispatcher,
                 app.settings_.delivery.mode == delivery_mode::queue ? &queue : nullptr),
        desk(verifier, watch),
        native({app.keys_, app.unix_ms_}, desk),
        office(app.delivery_, verifier),
        hooks(office),
        open(hooks, native),
        admin({[&app] { return app.why_not_ready(); },
               [&app] { return app.numbers_->text(); },
               [&app](std::string_view provider, std::string_view mode) {
                 return app.force_breaker(provider, mode);
               },
               app.delivery_.inboxes(),
               {app.settings_.server.admin_listen}},
              verifier) {}

  loop_watch watch;
  thread_entropy random;
  net::http_client client;
  loop_outlets ways;
  sms::dispatcher dispatcher;
  outbox queue;
  otp::verifier verifier;
  api::desk desk;
  api::native native;
  receipt_office office;
  api::hooks hooks;
  public_handler open;
  api::admin admin;
};

}  // namespace otpd
