#include "inbox_shelf.hpp"

namespace otpd {

void inbox_shelf::add(const std::string& name, std::function<std::int64_t()> unix_ms) {
  inboxes_.emplace(name, std::make_unique<sms::inbox>(std::move(unix_ms)));
}

std::vector<std::string> inbox_shelf::names() const {
  std::vector<std::string> out;
  for (const auto& [name, box] : inboxes_)
    out.push_back(name);
  return out;
}

std::vector<api::inbox_entry> inbox_shelf::messages(std::string_view name) const {
  const auto found = inboxes_.find(name);
  std::vector<api::inbox_entry> out;
  for (const auto& each : found->second->messages()) {
    api::inbox_entry& entry = out.emplace_back();
    entry.provider = found->first;
    entry.number = each->number;
    entry.at_ms = each->at_ms;
    entry.channel = each->channel;
    entry.outcome = sms::to_string(each->outcome);
    entry.failure = each->failure;
    entry.to = each->to;
    entry.subject = each->subject;
    entry.text = each->text;
    entry.html = each->html;
    entry.code = each->code;
    entry.locale = each->locale;
    entry.from = each->from;
    entry.reference = each->reference;
    entry.kept = each;
  }
  return out;
}

api::inbox_counts inbox_shelf::counts(std::string_view name) const {
  const sms::inbox_counts seen = of(name).counts();
  return {seen.accepted, seen.late, seen.refused, seen.hung, seen.dropped};
}

api::inbox_behaviour inbox_shelf::behaviour(std::string_view name) const {
  const sms::inbox_behaviour how = of(name).behaviour();
  return {how.delay, how.fail, how.hang, how.drop, how.every, how.percent, how.count};
}

void inbox_shelf::set_behaviour(std::string_view name, const api::inbox_behaviour& how) {
  of(name).set_behaviour({how.delay, how.fail, how.hang, how.drop, how.every, how.percent, how.count});
}

void inbox_shelf::clear(std::string_view name) {
  of(name).clear();
}

}  // namespace otpd
