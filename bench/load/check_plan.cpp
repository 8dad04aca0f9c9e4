#include <deque>

#include "plan.hpp"

namespace otpd::bench {
namespace {

// A number in [0, 1) that an item always has (the finaliser of SplitMix64).
double chance(std::uint64_t item, std::uint64_t salt) {
  std::uint64_t z = item + salt * 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1.0p-53;
}

// Another code of the same form.
packed_code altered(packed_code code) {
  std::array<char, packed_code::max_size> text;
  const std::size_t size = code.write(text.data());
  char& last = text[size - 1];
  last = last == '9' ? '0' : static_cast<char>(last + 1);
  return packed_code{std::string_view{text.data(), size}};
}

class check_plan final : public plan {
 public:
  check_plan(const share& mine, const endpoint& server, const prepared& items, const mixture& mix)
      : mine_(mine),
        forms_(server),
        items_(items),
        mix_(mix),
        at_(mine.index),
        seen_(mine.limit / mine.count + 1) {}

  bool next(job& out) override {
    if (repeat_) {
      repeat_ = false;
      out.what = step::again;
      out.item = repeated_;
      return true;
    }
    if (!judged_wrong_.empty()) {
      out.item = judged_wrong_.front();
      judged_wrong_.pop_front();
      return right(out);
    }
    while (at_ < mine_.limit && !usable(at_))
      at_ += mine_.count;
    if (at_ >= mine_.limit) return false;
    out.item = at_;
    at_ += mine_.count;
    if (mix_.wrong <= 0 || chance(out.item, 1) >= mix_.wrong) return right(out);
    out.what = step::wrong;
    return true;
  }

  std::size_t compose(const job& what, char* out) override {
    const packed_code code = items_.inbox.code(what.item).value_or(packed_code{});
    return forms_.check(items_.ids[what.item], what.what == step::wrong ? altered(code) : code, out);
  }

  verdict judge(job& what, const http_text& answer, tally& counts) override {
    if (what.what == step::wrong) {
      judge_wrong(what, answer, counts);
    } else {
      judge_right(what, answer, counts);
    }
    return verdict::finished;
  }

  void finish(tally& counts) override {
    for (std::uint64_t item = mine_.index; item < mine_.limit; item += mine_.count) {
      const sightings& seen = seen_[item / mine_.count];
      if (repeats(item) && seen.answers == 2 && seen.approvals == 0) counts.wrong_verdicts++;
    }
  }

 private:
  struct sightings {
    std::uint8_t answers = 0;
    std::uint8_t approvals = 0;
  };

  [[nodiscard]] bool usable(std::uint64_t item) const {
    return items_.ids[item] != verification_id{} && items_.inbox.code(item).has_value();
  }
  [[nodiscard]] bool repeats(std::uint64_t item) const {
    return mix_.repeat > 0 && chance(item, 2) < mix_.repeat;
  }

  // The next operation is the same code on another connection, so that the two race.
  bool right(job& out) {
    out.what = step::right;
    repeat_ = repeats(out.item);
    repeated_ = out.item;
    return true;
  }

  void judge_right(const job& what, const http_text& answer, tally& counts) {
    sightings& seen = seen_[what.item / mine_.count];
    seen.answers++;
    const int status = answer.status();
    if (status == 409 && repeats(what.item)) {
      counts.repeats++;
      return;
    }
    const auto valid = valid_member(answer.body);
    if (status != 200) {
      counts.unexpected_statuses++;
    } else if (!valid) {
      counts.unreadable_answers++;
    } else if (!*valid) {
      counts.wrong_verdicts++;
    } else if (++seen.approvals > 1) {
      counts.double_approvals++;
    } else {
      counts.approvals++;
    }
  }

  void judge_wrong(const job& what, const http_text& answer, tally& counts) {
    const auto valid = valid_member(answer.body);
    if (answer.status() != 200) {
      counts.unexpected_statuses++;
    } else if (!valid) {
      counts.unreadable_answers++;
    } else if (*valid) {
      counts.wrong_verdicts++;
    } else {
      counts.refusals++;
      judged_wrong_.push_back(what.item);
    }
  }

  share mine_;
  request_forms forms_;
  const prepared& items_;
  mixture mix_;
  std::uint64_t at_;
  std::deque<std::uint64_t> judged_wrong_;
  bool repeat_ = false;
  std::uint64_t repeated_ = 0;
  std::vector<sightings> seen_;
};

}  // namespace

std::unique_ptr<plan> make_check_plan(const share& mine, const endpoint& server, const prepared& items,
                                      const mixture& mix) {
  return std::make_unique<check_plan>(mine, server, items, mix);
}

}  // namespace otpd::bench
