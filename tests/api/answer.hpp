#pragma once

#include <boost/json/value.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace otpd::api::test {

// One HTTP answer, taken apart.
struct answer {
  int status = 0;  // 0: there was none
  std::string head;
  std::string body;

  // A header's value; empty if there is none.
  [[nodiscard]] std::string header(std::string_view name) const;
  // The body, strictly; null if it is not JSON.
  [[nodiscard]] boost::json::value json() const;
  [[nodiscard]] bool has(std::string_view member) const;
  // A string member of the body; empty if there is none.
  [[nodiscard]] std::string text(std::string_view member) const;
  // A number or boolean member; -1 if there is none.
  [[nodiscard]] std::int64_t number(std::string_view member) const;
  // The problem's stable name.
  [[nodiscard]] std::string code() const { return text("code"); }
  [[nodiscard]] std::set<std::string> members() const;
};

[[nodiscard]] answer parse_answer(std::string_view bytes);

// What is wrong with an answer whoever asked for whatever: its header lines, its content type, its problem.
// In words; empty: nothing.
[[nodiscard]] std::vector<std::string> flaws(const answer& what, bool to_head = false);

}  // namespace otpd::api::test
