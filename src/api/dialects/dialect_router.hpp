#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "api/cors.hpp"
#include "api/dialects/dialect.hpp"

namespace otpd::api::dialects {

// Finds who answers a path, with or without its trailing slash. One per event loop.
class dialect_router {
 public:
  struct place {
    dialect* by;
    std::size_t number;  // of its route
  };

  // No two dialects have a path in common. `allowed` outlives the router.
  dialect_router(std::vector<std::unique_ptr<dialect>> all, const cors& allowed);

  // Nothing: the path is of no dialect that is switched on.
  [[nodiscard]] std::optional<place> find(std::string_view path) const noexcept;
  // Answers as Django REST Framework does where the method is another one; browsers' pages of other sites
  // only get through by `allowed`. References live until the task ends.
  task<void> serve(place where, const net::request& in, net::response& out);

 private:
  std::vector<std::unique_ptr<dialect>> all_;
  const cors& allowed_;
};

}  // namespace otpd::api::dialects
