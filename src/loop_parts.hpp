#pragma once

// What one event loop has for itself. Included by the two files of application alone.

#include "api/dialects/dialect_router.hpp"
#include "api/hooks.hpp"
#include "api/token_calls.hpp"
#include "api/yields.hpp"
#include "application.hpp"
#include "auth/accounts.hpp"
#include "auth/attempts.hpp"
#include "auth/tokens.hpp"
#include "auth/web_sessions.hpp"
#include "dialect_parts.hpp"
#include "receipt_office.hpp"

namespace otpd {

class thread_entropy final : public otp::entropy {
 public:
  void fill(std::span<std::uint8_t> out) override { source_.fill(out); }

 private:
  crypto::random_source source_;
};

// What the public listener serves: the native API, its tokens, providers' receipts, and the dialects.
class public_handler final : public net::handler {
 public:
  public_handler(api::native& native, api::token_calls& tokens, api::hooks& hooks,
                 api::dialects::dialect_router& dialects)
      : native_(native), tokens_(tokens), hooks_(hooks), dialects_(dialects) {}
  task<void> handle(const net::request& in, net::response& out) override {
    if (api::native::serves(in.path)) return native_.handle(in, out);
    if (api::token_calls::serves(in.path)) return tokens_.handle(in, out);
    if (api::hooks::serves(in.path)) return hooks_.handle(in, out);
    if (const auto place = dialects_.find(in.path)) return dialects_.serve(*place, in, out);
    return native_.handle(in, out);
  }
  void refuse(unsigned status, std::string_view code, net::response& out) override {
    native_.refuse(status, code, out);
  }

 private:
  api::native& native_;
  api::token_calls& tokens_;
  api::hooks& hooks_;
  api::dialects::dialect_router& dialects_;
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
        accounts(app.store_, app.clock_, app.ring_, random),
        attempts(app.store_, app.clock_, app.ring_),
        sessions(app.store_, app.clock_, app.ring_, random),
        tokens({app.store_, app.clock_, app.signer_, app.unix_ms_}, app.ring_, accounts, random),
        desk(verifier, watch),
        yields(app.settings_.profiles, accounts, tokens, app.settings_.tokens.policy),
        native({app.keys_, app.unix_ms_}, desk, yields),
        token_calls({app.keys_, app.origins_, app.settings_.tokens.policy, app.signer_.jwks()}, tokens),
        dialects(make_dialects(app.settings_,
                               {desk, accounts, tokens, attempts, sessions, app.hasher_, app.proxies_}),
                 app.origins_),
        office(app.delivery_, verifier),
        hooks(office),
        account_calls(accounts, attempts, app.settings_.profiles, app.unix_ms_),
        open(native, token_calls, hooks, dialects),
        admin({[&app] { return app.why_not_ready(); },
               [&app] { return app.numbers_->text(); },
               [&app](std::string_view provider, std::string_view mode) {
                 return app.force_breaker(provider, mode);
               },
               app.delivery_.inboxes(),
               &account_calls,
               {app.settings_.server.admin_listen}},
              verifier) {}

  loop_watch watch;
  thread_entropy random;
  net::http_client client;
  loop_outlets ways;
  sms::dispatcher dispatcher;
  outbox queue;
  otp::verifier verifier;
  auth::accounts accounts;
  auth::attempts attempts;
  auth::web_sessions sessions;
  auth::tokens tokens;
  api::desk desk;
  api::yields yields;
  api::native native;
  api::token_calls token_calls;
  api::dialects::dialect_router dialects;
  receipt_office office;
  api::hooks hooks;
  api::account_calls account_calls;
  public_handler open;
  api::admin admin;
};

}  // namespace otpd
