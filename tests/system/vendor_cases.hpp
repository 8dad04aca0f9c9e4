#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "system/delivery_server.hpp"
#include "system/vendor_stub.hpp"

namespace otpd::test {

// One thing that a vendor may do with a message, and what otpd makes of it.
struct vendor_case {
  std::string name;        // of the provider, too
  vendor_answer answer;    // to every request of this case
  std::string outcome;     // of each attempt, as /metrics calls it: "accepted", "bad_number", ...
  unsigned attempts = 1;   // requests that the vendor sees
  std::string lines = {};  // more of [providers.NAME]
};

// What every vendor may do, whatever its words are: statuses, silence, broken answers.
[[nodiscard]] std::vector<vendor_case> common_cases();

// Gives each case a provider of its own, and a number that is routed to it, at one stub; sends to all of
// them, one after the other, and expects what the cases say of the answer, of GET and of the metrics.
// `usual` answers the cases without bytes that end with `keep`.
void expect_cases(const std::string& vendor, const std::vector<vendor_case>& cases,
                  const vendor_stub::answerer& usual);

// What the API says of a message with this outcome: the status of the answer, and `delivery`.
void expect_told(const http_answer& issued, const delivery_server& server, std::string_view outcome);

}  // namespace otpd::test
