#pragma once

#include <functional>
#include <string>

#include "mail/scripted_mail_server.hpp"

namespace otpd::test {

// A mail server that does everything right, but for one step.
struct mail_dialogue {
  enum step { greeting, hello, tls_reply, hello_again, login, sender, recipient, data, final_dot, steps };

  bool with_tls = false;  // offers STARTTLS, and then AUTH PLAIN; else neither
  int odd = -1;           // the step at which it is odd
  // What it answers there; false: the connection ends.
  std::function<bool(scripted_mail_server::peer&)> oddity = [](auto&) { return false; };
  // Sees every line of the client, and contents.
  std::function<void(const std::string&)> on_line = [](const std::string&) {};

  void operator()(scripted_mail_server::peer& peer) const {
    bool encrypted = false;
    bool goes_on = answer(peer, greeting, "220 mx");
    while (goes_on) {
      const std::string line = peer.read_line();
      on_line(line);
      const std::string verb = line.substr(0, 4);
      if (verb == "EHLO" && !encrypted)
        goes_on = answer(peer, hello, with_tls ? "250-mx\r\n250 STARTTLS" : "250 mx");
      else if (verb == "EHLO")
        goes_on = answer(peer, hello_again, "250-mx\r\n250 AUTH PLAIN");
      else if (verb == "STAR")
        goes_on = answer(peer, tls_reply, "220 go") && (encrypted = peer.start_tls());
      else if (verb == "AUTH")
        goes_on = answer(peer, login, "235 ok");
      else if (verb == "MAIL")
        goes_on = answer(peer, sender, "250 ok");
      else if (verb == "RCPT")
        goes_on = answer(peer, recipient, "250 ok");
      else if (verb == "DATA")
        goes_on = answer(peer, data, "354 go") && (odd == data || take(peer));
      else if (verb == "RSET")
        peer.say("250 ok");
      else
        return;
    }
  }

 private:
  bool answer(scripted_mail_server::peer& peer, int at, const std::string& usual) const {
    if (at == odd) return oddity(peer);
    peer.say(usual);
    return true;
  }
  bool take(scripted_mail_server::peer& peer) const {
    on_line(peer.read_content());
    return answer(peer, final_dot, "250 2.0.0 Ok: queued as 4F2B");
  }
};

}  // namespace otpd::test
