#include "store/commit.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>

namespace otpd::store {

void complete_on_loops(std::vector<commit*>& finished) {
  while (!finished.empty()) {
    boost::asio::io_context* loop = finished.front()->loop;
    const auto others = std::stable_partition(finished.begin(), finished.end(), [loop](const commit* c) { return c->loop == loop; });
    std::vector<commit*> mine(finished.begin(), others);
    finished.erase(finished.begin(), others);
    boost::asio::post(*loop, [mine = std::move(mine)] {
      for (commit* one : mine) {
        const auto result = one->result;
        auto resume = *std::move(one->resume);  // the commit ends while it runs
        std::move(resume)(result);
      }
    });
  }
}

}  // namespace otpd::store
