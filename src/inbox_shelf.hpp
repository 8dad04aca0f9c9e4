#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/inbox_desk.hpp"
#include "sms/inbox.hpp"

namespace otpd {

// The inboxes of all providers of that type, as the admin listener shows them. Thread-safe once all are
// added.
class inbox_shelf final : public api::inbox_desk {
 public:
  // `unix_ms` is the wall clock, thread-safe. Milliseconds, for messages of all inboxes are shown in the
  // order of their coming.
  void add(const std::string& name, std::function<std::int64_t()> unix_ms);
  [[nodiscard]] bool empty() const noexcept { return inboxes_.empty(); }
  // `name` was added.
  [[nodiscard]] sms::inbox& of(std::string_view name) const { return *inboxes_.find(name)->second; }

  [[nodiscard]] std::vector<std::string> names() const override;
  [[nodiscard]] std::vector<api::inbox_entry> messages(std::string_view name) const override;
  [[nodiscard]] api::inbox_counts counts(std::string_view name) const override;
  [[nodiscard]] api::inbox_behaviour behaviour(std::string_view name) const override;
  void set_behaviour(std::string_view name, const api::inbox_behaviour& how) override;
  void clear(std::string_view name) override;

 private:
  std::map<std::string, std::unique_ptr<sms::inbox>, std::less<>> inboxes_;
};

}  // namespace otpd
