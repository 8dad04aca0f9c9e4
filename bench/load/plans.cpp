#include <algorithm>

#include "numbers.hpp"
#include "plan.hpp"

namespace otpd::bench {
namespace {

// Hands out the items of a share.
class item_source {
 public:
  explicit item_source(const share& mine) : mine_(mine), at_(mine.index) {}

  bool next(std::uint64_t& item) {
    if (at_ >= mine_.limit) return false;
    item = at_;
    at_ += mine_.count;
    return true;
  }
  [[nodiscard]] std::uint64_t number(std::uint64_t item) const { return mine_.first + item; }

 private:
  share mine_;
  std::uint64_t at_;
};

// Takes the id out of the answer to an issue.
bool read_issue(const http_text& answer, verification_id& id, tally& counts) {
  if (answer.status() != 201) {
    counts.unexpected_statuses++;
    return false;
  }
  const auto found = string_member(answer.body, "id");
  if (!found || found->size() != id.size()) {
    counts.unreadable_answers++;
    return false;
  }
  std::copy(found->begin(), found->end(), id.begin());
  return true;
}

class post_plan final : public plan {
 public:
  post_plan(const share& mine, const request_form& form) : items_(mine), form_(form) {}

  bool next(job& out) override {
    out.what = step::post;
    return items_.next(out.item);
  }

  std::size_t compose(const job& what, char* out) override {
    const std::size_t size = form_.write(out);
    std::array<char, number_digits> digits;
    write_number(items_.number(what.item), digits.data());
    if (form_.number_at() != request_form::nowhere) {
      std::copy(digits.begin(), digits.end(), out + form_.number_at());
    } else {
      std::copy(digits.begin(), digits.end(), out + form_.id_at());
      std::copy(digits.end() - 6, digits.end(), out + form_.code_at());
    }
    return size;
  }

  verdict judge(job&, const http_text& answer, tally& counts) override {
    if (answer.status() != 200) counts.unexpected_statuses++;
    return verdict::finished;
  }

 private:
  item_source items_;
  request_form form_;
};

class issue_plan final : public plan {
 public:
  issue_plan(const share& mine, const endpoint& server, std::vector<verification_id>* ids)
      : items_(mine), forms_(server), ids_(ids) {}

  bool next(job& out) override {
    out.what = step::issue;
    return items_.next(out.item);
  }

  std::size_t compose(const job& what, char* out) override {
    return forms_.issue(items_.number(what.item), out);
  }

  verdict judge(job& what, const http_text& answer, tally& counts) override {
    if (read_issue(answer, what.id, counts) && ids_ != nullptr) (*ids_)[what.item] = what.id;
    return verdict::finished;
  }

 private:
  item_source items_;
  request_forms forms_;
  std::vector<verification_id>* ids_;
};

class round_plan final : public plan {
 public:
  round_plan(const share& mine, const endpoint& server, const mailbox& inbox)
      : items_(mine), forms_(server), inbox_(inbox) {}

  bool next(job& out) override {
    out.what = step::issue;
    return items_.next(out.item);
  }

  std::size_t compose(const job& what, char* out) override {
    if (what.what == step::issue) return forms_.issue(items_.number(what.item), out);
    return forms_.check(what.id, inbox_.code(what.item).value_or(packed_code{}), out);
  }

  verdict judge(job& what, const http_text& answer, tally& counts) override {
    if (what.what == step::issue) {
      if (!read_issue(answer, what.id, counts)) return verdict::finished;
      what.what = step::right;
      return ready(what) ? verdict::follow_up : verdict::await_message;
    }
    const auto valid = valid_member(answer.body);
    if (answer.status() != 200) {
      counts.unexpected_statuses++;
    } else if (!valid) {
      counts.unreadable_answers++;
    } else if (*valid) {
      counts.approvals++;
    } else {
      counts.wrong_verdicts++;
    }
    return verdict::finished;
  }

  bool ready(const job& what) override { return inbox_.code(what.item).has_value(); }

 private:
  item_source items_;
  request_forms forms_;
  const mailbox& inbox_;
};

}  // namespace

std::unique_ptr<plan> make_post_plan(const share& mine, const request_form& form) {
  return std::make_unique<post_plan>(mine, form);
}

std::unique_ptr<plan> make_issue_plan(const share& mine, const endpoint& server,
                                      std::vector<verification_id>* ids) {
  return std::make_unique<issue_plan>(mine, server, ids);
}

std::unique_ptr<plan> make_round_plan(const share& mine, const endpoint& server, const mailbox& inbox) {
  return std::make_unique<round_plan>(mine, server, inbox);
}

}  // namespace otpd::bench
