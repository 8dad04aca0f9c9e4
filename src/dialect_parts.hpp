#pragma once

#include <memory>
#include <vector>

#include "api/dialects/dialect.hpp"
#include "config.hpp"

namespace otpd {

// The dialects that the configuration switches on. `settings` outlives them.
[[nodiscard]] std::vector<std::unique_ptr<api::dialects::dialect>> make_dialects(
    const config& settings, const api::dialects::dialect_parts& parts);

}  // namespace otpd
