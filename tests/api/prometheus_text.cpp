#include "api/prometheus_text.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <regex>
#include <set>

namespace otpd::api::test {

namespace {

const std::regex help_line("# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (\\S.*)");
const std::regex type_line("# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)");
const std::regex sample_line("([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{(.*)\\})? (\\S+)");
const std::regex label_list(
    R"re(([a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\["\\n])*")(,[a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\["\\n])*")*)re");

bool read_number(const std::string& text, double& out) {
  if (text == "+Inf") {
    out = std::numeric_limits<double>::infinity();
    return true;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() && std::isfinite(out);
}

class reader {
 public:
  prometheus_text out;

  void read(const std::string& line) {
    std::smatch part;
    if (std::regex_match(line, part, help_line)) return open(part[1]);
    if (std::regex_match(line, part, type_line)) return type(part[1], part[2]);
    if (std::regex_match(line, part, sample_line))
      return sample(part[1], part[3], part[4], line.substr(0, line.rfind(' ')));
    fault("no line of the format: " + line);
  }

  void finish() {
    close();
    for (const auto& [name, kind] : out.types) {
      const bool is_total = name.ends_with("_total");
      if (is_total != (kind == "counter")) fault(name + " is a " + kind);
    }
  }

 private:
  void fault(std::string text) { out.faults.push_back(std::move(text)); }

  void open(const std::string& name) {
    close();
    family_ = name;
    if (out.types.contains(name)) fault("a family twice: " + name);
  }

  void type(const std::string& name, const std::string& kind) {
    if (name != family_ || out.types.contains(name)) fault("a TYPE without its HELP: " + name);
    out.types[name] = kind;
  }

  void sample(const std::string& name, const std::string& labels, const std::string& value,
              const std::string& series) {
    double number = 0;
    if (!read_number(value, number)) fault("no number: " + value + " of " + series);
    if (!labels.empty() && !std::regex_match(labels, label_list)) fault("no labels: " + labels);
    if (!out.samples.emplace(series, number).second) fault("a series twice: " + series);
    const auto found = out.types.find(family_);
    const std::string kind = found == out.types.end() ? "" : found->second;
    if (kind == "histogram") return histogram_sample(name, labels, number);
    if (kind.empty() || name != family_) fault("a sample outside its family: " + series);
    if (kind == "counter" && number < 0) fault("a negative counter: " + series);
  }

  struct histogram {
    double bound = -std::numeric_limits<double>::infinity();
    double count = 0;
    bool has_sum = false;
    bool has_count = false;
  };

  void histogram_sample(const std::string& name, const std::string& labels, double number) {
    static const std::regex le("(.*?),?le=\"([^\"]+)\"");
    std::smatch part;
    if (name == family_ + "_sum") {
      histograms_[labels].has_sum = true;
    } else if (name == family_ + "_count") {
      histogram& one = histograms_[labels];
      one.has_count = true;
      if (one.count != number || std::isfinite(one.bound))
        fault("a histogram whose last bucket is not its count: " + name + labels);
    } else if (name == family_ + "_bucket" && std::regex_match(labels, part, le)) {
      histogram& one = histograms_[part[1]];
      double bound = 0;
      if (!read_number(part[2], bound) || bound <= one.bound || number < one.count)
        fault("a bucket that does not rise: " + name + labels);
      one.bound = bound;
      one.count = number;
    } else {
      fault("no sample of a histogram: " + name + labels);
    }
  }

  void close() {
    for (const auto& [labels, each] : histograms_) {
      if (!each.has_sum || !each.has_count) fault("an incomplete histogram: " + family_ + labels);
    }
    histograms_.clear();
  }

  std::string family_;
  std::map<std::string, histogram> histograms_;  // of the family, by the labels beside le
};

}  // namespace

prometheus_text parse_prometheus(std::string_view text) {
  reader all;
  if (!text.ends_with('\n')) all.out.faults.emplace_back("the last line does not end");
  for (auto end = text.find('\n'); end != text.npos; end = text.find('\n')) {
    all.read(std::string(text.substr(0, end)));
    text.remove_prefix(end + 1);
  }
  all.finish();
  return all.out;
}

}  // namespace otpd::api::test
