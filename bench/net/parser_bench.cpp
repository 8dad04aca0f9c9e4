#include <benchmark/benchmark.h>

#include <string>

#include "net/request_parser.hpp"
#include "net/response_head.hpp"

namespace otpd::net {
namespace {

const std::string issue =
    "POST /v1/verifications HTTP/1.1\r\nHost: otp.internal:8080\r\nAuthorization: Bearer "
    "0123456789abcdef0123456789abcdef\r\n"
    "Content-Type: application/json\r\nContent-Length: "
    "57\r\n\r\n{\"to\":\"+14155550123\",\"profile\":\"default\",\"channel\":\"sms\"}";
const std::string browser =
    "GET /verify?id=9l2Yb8cRr0yQe1v0mJw5T3n7cQm4xZ0H HTTP/1.1\r\nHost: otp.example\r\nConnection: "
    "keep-alive\r\n"
    "sec-ch-ua: \"Chromium\";v=\"130\", \"Not?A_Brand\";v=\"99\"\r\nsec-ch-ua-mobile: "
    "?0\r\nsec-ch-ua-platform: \"Linux\"\r\n"
    "Upgrade-Insecure-Requests: 1\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, "
    "like Gecko) Chrome/130.0.0.0 "
    "Safari/537.36\r\nAccept: "
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\n"
    "Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-User: ?1\r\nSec-Fetch-Dest: document\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: en-US,en;q=0.9\r\n\r\n";
const std::string chunked =
    "POST /v1/verifications HTTP/1.1\r\nHost: otp.internal\r\nContent-Type: "
    "application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    "10\r\n{\"to\":\"+14155550\r\n11\r\n123\",\"profile\":\"d\r\n8\r\nefault\"}\r\n0\r\n\r\n";

void parse(benchmark::State& state, const std::string& request) {
  const parser_limits limits;
  request_parser parser(limits);
  for (auto _ : state) {
    benchmark::DoNotOptimize(parser.put(request));
    if (parser.now() != request_parser::state::complete) state.SkipWithError("not complete");
    parser.reset();
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * request.size()));
}

BENCHMARK_CAPTURE(parse, issue, issue);
BENCHMARK_CAPTURE(parse, browser, browser);
BENCHMARK_CAPTURE(parse, chunked, chunked);

void write_answer(benchmark::State& state) {
  response answer;
  answer.status = 201;
  answer.content_type = "application/json";
  answer.body.assign(300, 'x');
  http_date date;
  std::string out;
  for (auto _ : state) {
    out.clear();
    append_answer(out, answer, {}, date.text(std::time(nullptr)));
    benchmark::DoNotOptimize(out.data());
  }
}

BENCHMARK(write_answer);

}  // namespace
}  // namespace otpd::net
