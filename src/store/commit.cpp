#include "store/commit.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

namespace otpd::store {

namespace {

// The finished commits of one loop. A loop that ends before it has run them ends their coroutines with it.
class completion {
 public:
  explicit completion(std::vector<commit*> finished) : finished_(std::move(finished)) {}
  completion(completion&&) = default;
  completion& operator=(completion&&) = delete;
  ~completion() {
    for (commit* one : finished_)
      auto dropped = std::move(one->resume);  // destroys the coroutine, and the commit in its frame
  }

  void operator()() {
    for (commit* one : std::exchange(finished_, {})) {
      const auto result = one->result;
      auto resume = *std::move(one->resume);  // the commit ends while it runs
      std::move(resume)(result);
    }
  }

 private:
  std::vector<commit*> finished_;
};

}  // namespace

void complete_on_loops(std::vector<commit*>& finished) {
  while (!finished.empty()) {
    boost::asio::io_context* loop = finished.front()->loop;
    const auto others = std::stable_partition(finished.begin(), finished.end(),
                                              [loop](const commit* c) { return c->loop == loop; });
    std::vector<commit*> mine(finished.begin(), others);
    finished.erase(finished.begin(), others);
    boost::asio::post(*loop, completion(std::move(mine)));
  }
}

}  // namespace otpd::store
