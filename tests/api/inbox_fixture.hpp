#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "api/answer.hpp"
#include "api/inbox_pages.hpp"

namespace otpd::api::test {

// A desk that holds what a test puts there.
class fake_desk final : public inbox_desk {
 public:
  struct box {
    std::vector<inbox_entry> messages;
    inbox_behaviour behaviour;
    inbox_counts counts;
    int clears = 0;
  };

  std::vector<std::string> names() const override {
    std::vector<std::string> out;
    for (const auto& each : boxes)
      out.push_back(each.first);
    return out;
  }
  std::vector<inbox_entry> messages(std::string_view name) const override { return at(name).messages; }
  inbox_counts counts(std::string_view name) const override { return at(name).counts; }
  inbox_behaviour behaviour(std::string_view name) const override { return at(name).behaviour; }
  void set_behaviour(std::string_view name, const inbox_behaviour& how) override {
    boxes.find(name)->second.behaviour = how;
    ++changes;
  }
  void clear(std::string_view name) override {
    ++boxes.find(name)->second.clears;
    ++changes;
  }

  std::map<std::string, box, std::less<>> boxes{{"first", {}}, {"second", {}}};
  int changes = 0;

 private:
  const box& at(std::string_view name) const { return boxes.find(name)->second; }
};

// Asks the pages without a socket.
class InboxPages : public testing::Test {
 protected:
  using fields = std::vector<net::field>;

  net::response ask(net::method method, std::string_view path, fields extra = {},
                    std::string_view body = {}) {
    const auto mark = std::min(path.find('?'), path.size());
    const bool has_host =
        std::ranges::any_of(extra, [](const net::field& each) { return each.name == "Host"; });
    if (!has_host) extra.insert(extra.begin(), {"Host", "127.0.0.1:8081"});
    net::request in;
    in.method = method;
    in.path = path.substr(0, mark);
    if (mark < path.size()) in.query = path.substr(mark + 1);
    in.fields = extra;
    in.body = body;
    net::response out;
    pages.serve(in, out);
    return out;
  }
  net::response get(std::string_view path) { return ask(net::method::get, path); }
  net::response put(std::string_view json) {
    return ask(net::method::put, "/inbox/first/behaviour", {{"Content-Type", "application/json"}}, json);
  }
  // As a browser posts the page's own form.
  net::response post(std::string_view form, std::string_view path = "/inbox/first/behaviour") {
    return ask(net::method::post, path,
               {{"Content-Type", "application/x-www-form-urlencoded"},
                {"Origin", "http://127.0.0.1:8081"},
                {"Sec-Fetch-Site", "same-origin"}},
               form);
  }
  static answer seen(const net::response& out) { return {static_cast<int>(out.status), {}, out.body}; }

  void add(std::string_view provider, inbox_entry entry) {
    auto& box = desk.boxes.find(provider)->second;
    entry.provider = provider;
    if (entry.outcome.empty()) entry.outcome = "accepted";
    if (entry.number == 0) entry.number = box.messages.size() + 1;
    box.messages.insert(box.messages.begin(), entry);
  }
  inbox_behaviour& first() { return desk.boxes.find("first")->second.behaviour; }

  fake_desk desk;
  inbox_pages pages{desk, {"10.1.2.3:8081", "otpd.internal"}};
};

}  // namespace otpd::api::test
