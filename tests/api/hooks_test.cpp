#include "api/hooks.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <vector>

#include "api/answer.hpp"
#include "api/openapi_document.hpp"

namespace {

using namespace otpd;
using api::receipt_result;
using api::test::openapi_document;

// Answers what it is told, after a turn of the loop, and remembers who asked.
class scripted_desk final : public api::receipt_desk {
 public:
  task<receipt_result> receive(std::string_view provider, const net::request& in) override {
    const auto executor = co_await boost::asio::this_coro::executor;
    const boost::asio::use_awaitable_t<loop_executor> token;
    co_await boost::asio::post(executor, token);
    asked.emplace_back(provider);
    bodies.emplace_back(in.body);
    if (throws) throw std::runtime_error("a defect");
    co_return result;
  }

  receipt_result result = receipt_result::taken;
  bool throws = false;
  std::vector<std::string> asked;
  std::vector<std::string> bodies;
};

class Hooks : public testing::Test {
 protected:
  scripted_desk desk;
  api::hooks hooks{desk};

  net::response ask(net::method method, std::string_view path, std::string_view body = {}) {
    net::request in;
    in.method = method;
    in.path = path;
    in.body = body;
    net::response out;
    boost::asio::io_context loop;
    std::exception_ptr escaped;
    boost::asio::co_spawn(loop.get_executor(), hooks.handle(in, out),
                          [&](std::exception_ptr error) { escaped = std::move(error); });
    loop.run();
    if (escaped) std::rethrow_exception(escaped);
    return out;
  }
  net::response post(std::string_view path) { return ask(net::method::post, path, "a=1"); }
};

api::test::answer seen(const net::response& out) {
  return {static_cast<int>(out.status), {}, out.body};
}

TEST_F(Hooks, GiveTheReceiptToItsProvidersDesk) {
  EXPECT_EQ(post("/hooks/twilio").status, 204U);
  EXPECT_EQ(ask(net::method::get, "/hooks/my_sms-2").status, 204U);
  EXPECT_EQ(desk.asked, (std::vector<std::string>{"twilio", "my_sms-2"}));
  EXPECT_EQ(desk.bodies, (std::vector<std::string>{"a=1", ""}));
}

TEST_F(Hooks, AnswerByTheResultAlone) {
  struct row {
    receipt_result result;
    unsigned status;
    const char* code;
  };
  const row table[] = {
      {receipt_result::taken, 204, ""},
      {receipt_result::refused, 403, "receipt_refused"},
      {receipt_result::unknown_provider, 404, "not_found"},
      {receipt_result::malformed, 400, "malformed_receipt"},
      {receipt_result::unavailable, 503, "store_unavailable"},
  };
  std::ifstream file(std::string(OTPD_SOURCE_DIR) + "/docs/openapi.yaml", std::ios::binary);
  const openapi_document document(std::string{std::istreambuf_iterator<char>(file), {}});
  for (const auto& [result, status, code] : table) {
    desk.result = result;
    const net::response out = post("/hooks/twilio");
    EXPECT_EQ(out.status, status);
    EXPECT_EQ(seen(out).code(), code);
    EXPECT_FALSE(out.close) << code;
    EXPECT_EQ(out.fields.find("Retry-After: ") != std::string::npos, status == 503) << out.fields;
    if (status == 204) {
      EXPECT_EQ(out.body + out.fields + std::string(out.content_type), "");
    }
    for (const char* method : {"GET", "POST"}) {
      const auto fault = document.answer_fault({method, "/hooks/{provider}"}, static_cast<int>(status),
                                               std::string(out.content_type), seen(out).json());
      EXPECT_EQ(fault, "") << method << " " << status;
    }
    const net::response other = ask(net::method::get, "/hooks/vonage");
    EXPECT_EQ(other.body, out.body) << "whoever asks in whatever way";
    EXPECT_EQ(other.fields, out.fields);
  }
}

TEST_F(Hooks, TakeGetAndPostOnly) {
  for (const auto method : {net::method::head, net::method::put, net::method::patch, net::method::del,
                            net::method::options, net::method::other}) {
    const net::response out = ask(method, "/hooks/twilio");
    EXPECT_EQ(seen(out).code(), "method_not_allowed");
    EXPECT_EQ(out.status, 405U);
    EXPECT_NE(out.fields.find("Allow: GET, POST\r\n"), std::string::npos) << out.fields;
  }
  EXPECT_TRUE(desk.asked.empty());
}

TEST_F(Hooks, AskNobodyAboutWhatIsNoProvidersName) {
  const std::string long_name(33, 'a');
  for (const std::string& name :
       {std::string(), std::string("Twilio"), std::string("twilio/"), std::string("a/b"),
        std::string("/twilio"), std::string("%74wilio"), std::string(".."), std::string("a b"),
        std::string("a\0b", 3), std::string("a;b"), long_name}) {
    const net::response out = post("/hooks/" + name);
    EXPECT_EQ(out.status, 404U) << name;
    EXPECT_EQ(seen(out).code(), "not_found") << name;
  }
  EXPECT_TRUE(desk.asked.empty());
  EXPECT_EQ(post("/hooks/" + long_name.substr(1)).status, 204U);
}

TEST_F(Hooks, LetADefectThroughToTheBarrier) {
  desk.throws = true;
  EXPECT_THROW(post("/hooks/twilio"), std::runtime_error);
}

TEST_F(Hooks, ServeTheirPathsAndNoOther) {
  for (const char* path : {"/hooks/", "/hooks/twilio", "/hooks/a/b"})
    EXPECT_TRUE(api::hooks::serves(path)) << path;
  for (const char* path :
       {"/", "*", "/hooks", "/hook/twilio", "/Hooks/twilio", "/v1/hooks/twilio", "//hooks/twilio"})
    EXPECT_FALSE(api::hooks::serves(path)) << path;
}

}  // namespace
