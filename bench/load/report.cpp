#include "report.hpp"

#include <cstdio>
#include <utility>
#include <vector>

namespace otpd::bench {
namespace {

struct figure {
  std::string name;
  std::string value;
};

std::string fixed(double value, int digits) {
  std::array<char, 64> text;
  std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  return text.data();
}

double per(double sum, std::uint64_t count) {
  return count == 0 ? 0.0 : sum / static_cast<double>(count);
}

void add_counts(std::vector<figure>& out, const tally& counts) {
  const auto add = [&](std::string name, std::uint64_t value) {
    out.push_back({std::move(name), std::to_string(value)});
  };
  for (std::size_t status = 0; status < counts.statuses.size(); status++) {
    if (counts.statuses[status] > 0) add("status_" + std::to_string(status), counts.statuses[status]);
  }
  add("approvals", counts.approvals);
  add("refusals", counts.refusals);
  add("repeats_refused", counts.repeats);
  add("wrong_verdicts", counts.wrong_verdicts);
  add("double_approvals", counts.double_approvals);
  add("unexpected_statuses", counts.unexpected_statuses);
  add("unreadable_answers", counts.unreadable_answers);
  add("broken_connections", counts.broken_connections);
  add("timeouts", counts.timeouts);
  add("missing_messages", counts.missing_messages);
  add("unsent", counts.unsent);
  add("reopened", counts.reopened);
}

void add_messages(std::vector<figure>& out, const sink_figures& messages) {
  out.push_back({"sink_messages", std::to_string(messages.messages)});
  out.push_back({"sink_repeated", std::to_string(messages.repeated)});
  out.push_back({"sink_strangers", std::to_string(messages.strangers)});
  out.push_back({"sink_unreadable", std::to_string(messages.unreadable)});
  out.push_back(
      {"sink_cpu_us_per_message", fixed(per(static_cast<double>(messages.cpu_us), messages.messages), 2)});
}

std::vector<figure> figures(const options& how, const measurement& sum, const sink_figures& messages) {
  const auto us = [](std::uint64_t nanoseconds) { return fixed(static_cast<double>(nanoseconds) / 1e3, 1); };
  std::vector<figure> out{
      {"connections", std::to_string(how.connections)},
      {"threads", std::to_string(how.threads)},
      {"rate", fixed(how.rate, 0)},
      {"seed", std::to_string(how.seed % 64)},
      {"seconds", fixed(sum.seconds, 3)},
      {"operations", std::to_string(sum.operations)},
      {"ops_per_second", fixed(sum.seconds > 0 ? static_cast<double>(sum.operations) / sum.seconds : 0, 0)},
      {"p50_us", us(sum.latency.quantile(0.5))},
      {"p99_us", us(sum.latency.quantile(0.99))},
      {"p999_us", us(sum.latency.quantile(0.999))},
      {"max_us", us(sum.latency.max())},
      {"mean_us", fixed(sum.latency.mean() / 1e3, 1)},
      {"server_cpu_us_per_op", fixed(per(static_cast<double>(sum.server_cpu_us), sum.operations), 2)},
      {"own_cpu_us_per_op", fixed(per(static_cast<double>(sum.own_cpu_us), sum.operations), 2)},
      {"server_rss_kib", std::to_string(sum.server_rss_kib)},
  };
  add_counts(out, sum.counts);
  if (how.what == scenario::check || how.what == scenario::round) add_messages(out, messages);
  return out;
}

}  // namespace

std::string report(const options& how, const measurement& sum, const sink_figures& messages) {
  std::string text;
  for (const auto& [name, value] : figures(how, sum, messages)) {
    if (how.json) {
      text += (text.empty() ? "{\"" : ",\"") + name + "\":" + value;
    } else {
      text += name + std::string(name.size() < 26 ? 26 - name.size() : 1, ' ') + value + '\n';
    }
  }
  return how.json ? text + "}\n" : text;
}

int exit_status(const tally& counts) {
  if (counts.violations() > 0) return 1;
  return counts.failures() > 0 ? 2 : 0;
}

}  // namespace otpd::bench
