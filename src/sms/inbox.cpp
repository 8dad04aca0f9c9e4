#include "sms/inbox.hpp"

#include <string.h>

#include <cassert>

namespace otpd::sms {

namespace {

constexpr std::size_t longest_name = 320;  // an address; anything that is no text
constexpr std::size_t longest_line = 1024;
constexpr std::size_t longest_text = 8192;
constexpr std::size_t longest_html = 32768;

// At most `most` bytes, not ending within a character.
std::string cut(std::string_view text, std::size_t most) {
  if (text.size() > most) {
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80)
      --most;
    text = text.substr(0, most);
  }
  return std::string{text};
}

void wipe(std::string& text) noexcept {
  explicit_bzero(text.data(), text.size());
}

}  // namespace

std::string_view to_string(inbox_outcome value) noexcept {
  switch (value) {
    case inbox_outcome::accepted:
      return "accepted";
    case inbox_outcome::late:
      return "late";
    case inbox_outcome::refused:
      return "refused";
    case inbox_outcome::hung:
      return "hung";
    case inbox_outcome::dropped:
      return "dropped";
  }
  return "";
}

inbox_message::inbox_message(std::uint64_t n, std::int64_t at, const rendered_message& m, inbox_outcome o,
                             otp::failure f)
    : number(n),
      at_ms(at),
      channel(m.channel),
      outcome(o),
      failure(f),
      to(cut(m.to, longest_name)),
      subject(cut(m.subject, longest_line)),
      text(cut(m.text, longest_text)),
      html(cut(m.html, longest_html)),
      code(cut(m.code, longest_name)),
      locale(cut(m.locale, longest_name)),
      from(cut(m.from, longest_name)),
      reference(cut(m.reference, longest_name)) {}

inbox_message::~inbox_message() {
  for (std::string* each : {&to, &subject, &text, &html, &code, &locale, &from, &reference})
    wipe(*each);
}

inbox::ticket inbox::admit() {
  const std::lock_guard lock(mutex_);
  const inbox_step step = step_of(behaviour_, ++seen_);
  if (behaviour_.count != 0 && seen_ >= behaviour_.count) {
    behaviour_ = {};
    seen_ = 0;
  }
  return {++last_number_, step};
}

void inbox::file(std::uint64_t number, const rendered_message& message, inbox_outcome outcome,
                 otp::failure failure) {
  std::shared_ptr<const inbox_message> filed, oldest;
  if (outcome != inbox_outcome::dropped)
    filed = std::make_shared<const inbox_message>(number, unix_ms_(), message, outcome, failure);
  const std::lock_guard lock(mutex_);
  std::uint64_t* const counters[] = {&counts_.accepted, &counts_.late, &counts_.refused, &counts_.hung,
                                     &counts_.dropped};
  ++*counters[static_cast<std::size_t>(outcome)];
  if (!filed) return;
  kept_.push_back(std::move(filed));
  if (kept_.size() <= most_messages) return;
  oldest = std::move(kept_.front());
  kept_.pop_front();
}

std::vector<std::shared_ptr<const inbox_message>> inbox::messages() const {
  const std::lock_guard lock(mutex_);
  return {kept_.rbegin(), kept_.rend()};
}

inbox_counts inbox::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

void inbox::clear() {
  std::deque<std::shared_ptr<const inbox_message>> gone;
  const std::lock_guard lock(mutex_);
  gone.swap(kept_);
  counts_ = {};
}

inbox_behaviour inbox::behaviour() const {
  const std::lock_guard lock(mutex_);
  inbox_behaviour out = behaviour_;
  if (out.count != 0) out.count -= static_cast<std::uint32_t>(seen_);
  return out;
}

void inbox::set_behaviour(const inbox_behaviour& how) {
  assert(is_sound(how));
  if (!is_sound(how)) return;
  const std::lock_guard lock(mutex_);
  behaviour_ = how;
  seen_ = 0;
}

}  // namespace otpd::sms
