#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <optional>
#include <thread>

#include "accounts_command.hpp"
#include "application.hpp"
#include "version.hpp"

namespace {

struct command_line {
  std::optional<std::string> config_file;
  bool check_config = false;
  bool verify = false;
  bool confirm_clock = false;
  bool accept_restore = false;
};

// The signals that main's thread waits for; every thread inherits the mask.
struct stop_signals {
  sigset_t all{};  // SIGHUP too
  sigset_t stop{};

  stop_signals() {
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    all = stop;
    sigaddset(&all, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
  }

  [[nodiscard]] bool is_stop(int signal) const { return signal > 0 && sigismember(&stop, signal) == 1; }
  [[nodiscard]] bool stop_comes_within(std::chrono::milliseconds wait) const {
    const timespec until{wait.count() / 1000, wait.count() % 1000 * 1'000'000};
    return is_stop(::sigtimedwait(&stop, nullptr, &until));
  }
};

void harden() {
  ::umask(077);
  // No core file and no debugger: codes and keys are in this memory.
  ::prctl(PR_SET_DUMPABLE, 0);
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
  }
}

otpd::config read_config(const command_line& given) {
  otpd::config settings = given.config_file ? otpd::load_config(*given.config_file) : otpd::default_config();
  settings.clock_suspect_confirmed = given.confirm_clock;
  settings.accept_restore = given.accept_restore;
  return settings;
}

int check_config(const otpd::config& settings) {
  static_cast<void>(otpd::application::load_certificate(settings));
  for (const std::string& each : settings.warnings)
    std::printf("warning: %s\n", each.c_str());
  std::printf("the configuration is valid\n");
  return 0;
}

// Until a signal to stop, and then for the announced time. False: a second signal wants the end at once.
bool wait_for_stop(const stop_signals& signals, otpd::application& server, const otpd::config& settings,
                   otpd::log& lines) {
  while (!signals.is_stop(::sigwaitinfo(&signals.all, nullptr))) {
    const std::string error = server.reload_certificate();
    lines.write(error.empty() ? otpd::log_level::info : otpd::log_level::error, "reload",
                {{"detail", error.empty() ? "ok" : error}});
  }
  server.announce_stop();
  lines.write(otpd::log_level::info, "stopping");
  return !signals.stop_comes_within(settings.server.pre_drain);
}

int serve(const otpd::config& settings, otpd::log& lines) {
  const stop_signals signals;
  harden();
  for (const std::string& each : settings.warnings)
    lines.write(otpd::log_level::warn, "config", {{"detail", each}});
  otpd::application server(settings, lines);
  server.start();
  lines.write(otpd::log_level::info, "serving",
              {{"version", otpd::version},
               {"listen", settings.server.listen},
               {"port", std::to_string(server.port())},
               {"admin_port", std::to_string(server.admin_port())},
               {"store", settings.store.path.string()}});
  const bool drains = wait_for_stop(signals, server, settings, lines);
  std::jthread second([&](const std::stop_token& done) {
    constexpr std::chrono::milliseconds step(100);
    while (!done.stop_requested()) {
      if (signals.stop_comes_within(step)) return server.stop_now();
    }
  });
  const bool ended = server.stop(drains ? settings.server.drain_timeout : std::chrono::milliseconds(0));
  lines.write(otpd::log_level::info, ended ? "stopped" : "stopped with requests cut off");
  if (!ended) std::_Exit(0);
  return 0;
}

int verify_store(const otpd::config& settings) {
  otpd::application::verify_store(settings);
  std::printf("the store is sound\n");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  command_line given;
  CLI::App cli{"otpd issues one-time codes, delivers them, and verifies each once."};
  cli.set_version_flag("--version", std::string(otpd::version));
  cli.add_option("--config", given.config_file, "TOML file; without one everything has its default");
  cli.add_flag("--check-config", given.check_config,
               "Read the configuration, say what is wrong with it, and end");
  cli.add_flag("--verify-store", given.verify,
               "Check every record and checksum of a store that no process serves, and end");
  cli.add_flag("--confirm-clock", given.confirm_clock,
               "The wall clock is right although it is far past the store's last mark");
  cli.add_flag("--accept-restore", given.accept_restore,
               "The store was restored from a backup on purpose: keep what is pending");
  otpd::accounts_command accounts(cli);
  try {
    cli.parse(argc, argv);
  } catch (const CLI::ParseError& words) {  // --help and --version are among them
    return cli.exit(words) == 0 ? 0 : 64;
  }

  try {
    const otpd::config settings = read_config(given);
    if (accounts.is_given()) return accounts.run(settings);
    if (given.check_config) return check_config(settings);
    if (given.verify) return verify_store(settings);
    otpd::log lines(settings.level);
    return serve(settings, lines);
  } catch (const otpd::config_error& error) {
    std::fprintf(stderr, "otpd: %s\n", error.what());
    return 78;
  } catch (const otpd::store::store_error& error) {
    std::fprintf(stderr, "otpd: %s\n", error.what());
    return error.exit_code;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "otpd: %s\n", error.what());
    return 70;
  }
}
