#include "options.hpp"

#include <CLI/CLI.hpp>
#include <chrono>
#include <map>

namespace otpd::bench {
namespace {

const std::map<std::string, scenario> scenarios{{"http", scenario::http},   {"issue", scenario::issue},
                                                {"check", scenario::check}, {"round", scenario::round},
                                                {"idle", scenario::idle},   {"ready", scenario::ready}};

std::uint64_t seed_of_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(now).count()) / 5;
}

void declare_target(CLI::App& app, options& out) {
  app.add_option("--host", out.server.host, "IPv4 address of the server")->capture_default_str();
  app.add_option("--port", out.server.port, "Its port")->capture_default_str();
  app.add_option("--path", out.server.path,
                 "Where verifications live; for http, idle and ready the path itself")
      ->capture_default_str();
  app.add_option("--key", out.server.key, "API key");
  app.add_option("--sink-host", out.sink_host, "Where the sink listens (check, round)")
      ->capture_default_str();
  app.add_option("--sink-port", out.sink_port, "Its port")->capture_default_str();
  app.add_option("--server-pid", out.server_pids,
                 "Whose CPU and memory to read, children included; repeatable");
}

void declare_load(CLI::App& app, options& out) {
  app.add_option("--connections", out.connections, "Keep-alive connections")
      ->check(CLI::Range(1, 50'000))
      ->capture_default_str();
  app.add_option("--threads", out.threads, "Threads of the generator")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  app.add_option("--rate", out.rate, "Operations per second: open loop, latency from the intended start")
      ->check(CLI::Range(0.0, 1e7));
  app.add_option("--seconds", out.seconds, "Length of the window that counts")
      ->check(CLI::Range(0.01, 3600.0))
      ->capture_default_str();
  app.add_option("--warmup", out.warmup, "Seconds of the same load before it")
      ->check(CLI::Range(0.0, 600.0))
      ->capture_default_str();
  app.add_option("--requests", out.requests,
                 "At most so many operations; check: so many verifications [200000]")
      ->check(CLI::Range(1, 16'000'000));
  app.add_option("--seed", out.seed,
                 "Which 64th of the numbers; successive ones do not meet [from the clock]");
  app.add_option("--timeout", out.timeout, "Seconds to wait for an answer or a message")
      ->check(CLI::Range(0.1, 600.0))
      ->capture_default_str();
  app.add_flag("--like-check", out.like_check, "http: requests of a check's kind instead of an issue's");
  app.add_option("--wrong", out.mix.wrong, "check: share that gets a wrong code first")
      ->check(CLI::Range(0.0, 1.0));
  app.add_option("--repeat", out.mix.repeat, "check: share whose right code is sent twice at a time")
      ->check(CLI::Range(0.0, 1.0));
  app.add_flag("--json", out.json, "One JSON object instead of the table");
}

}  // namespace

std::optional<options> read_options(int argc, char** argv, int& status) {
  CLI::App app{
      "otpd-bench: load for otpd and its like.\n"
      "http   POST {\"to\":...} to --path of any server, expecting 200\n"
      "issue  POST --path, expecting 201\n"
      "check  issue --requests verifications untimed, playing the SMS gateway, then check their codes\n"
      "round  issue, receive the message, check\n"
      "idle   weigh --connections idle connections after one GET --path each\n"
      "ready  wait until GET --path answers 200\n"
      "Exits 1 when an answer was wrong, 2 when requests failed otherwise, 3 when it could not run."};
  options out;
  out.seed = seed_of_now();
  app.add_option("scenario", out.what, "What to run")
      ->required()
      ->transform(CLI::CheckedTransformer(scenarios));
  declare_target(app, out);
  declare_load(app, out);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    status = app.exit(error) == 0 ? 0 : 3;
    return std::nullopt;
  }
  out.threads = std::min(out.threads, out.connections);
  return out;
}

}  // namespace otpd::bench
