#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <thread>

#include "application.hpp"
#include "version.hpp"

namespace {

struct command_line {
  std::string config_file;
  bool check_config = false;
  bool verify = false;
  bool confirm_clock = false;
  bool accept_restore = false;
};

// Signals come to sigtimedwait() in main's thread only; every thread inherits the mask.
sigset_t block_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int each : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, each);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return set;
}

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
  otpd::config settings = given.config_file.empty() ? otpd::default_config() : otpd::load_config(given.config_file);
  settings.clock_suspect_confirmed = given.confirm_clock;
  settings.accept_restore = given.accept_restore;
  return settings;
}

int check_config(const otpd::config& settings) {
  for (const std::string& each : settings.warnings) std::printf("warning: %s\n", each.c_str());
  std::printf("the configuration is valid\n");
  return 0;
}

// Until a signal to stop, and then until the announced time is over or a second one.
void wait_for_stop(const sigset_t& signals, otpd::application& server, const otpd::config& settings, otpd::log& lines) {
  for (;;) {
    const int signal = ::sigwaitinfo(&signals, nullptr);
    if (signal == SIGHUP) {
      const std::string error = server.reload_certificate();
      lines.write(error.empty() ? otpd::log_level::info : otpd::log_level::error, "reload", {{"detail", error.empty() ? "ok" : error}});
    } else if (signal > 0) {
      break;
    }
  }
  server.announce_stop();
  lines.write(otpd::log_level::info, "stopping");
  const auto wait = std::chrono::duration_cast<std::chrono::nanoseconds>(settings.server.pre_drain).count();
  timespec until{wait / 1'000'000'000, wait % 1'000'000'000};
  ::sigtimedwait(&signals, nullptr, &until);
}

int serve(const otpd::config& settings, otpd::log& lines) {
  const sigset_t signals = block_signals();
  harden();
  for (const std::string& each : settings.warnings) lines.write(otpd::log_level::warn, "config", {{"detail", each}});
  otpd::application server(settings, lines);
  server.start();
  lines.write(otpd::log_level::info, "serving",
              {{"version", otpd::version}, {"listen", settings.server.listen}, {"port", std::to_string(server.port())},
               {"admin_port", std::to_string(server.admin_port())}, {"store", settings.store.path.string()}});
  wait_for_stop(signals, server, settings, lines);
  // A second signal ends the drain at once.
  std::jthread second([&](const std::stop_token& done) {
    timespec step{0, 100'000'000};
    while (!done.stop_requested()) {
      if (::sigtimedwait(&signals, nullptr, &step) > 0) return server.stop_now();
    }
  });
  server.stop();
  lines.write(otpd::log_level::info, "stopped");
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
  cli.add_option("--config", given.config_file, "TOML file; without one everything has its default")->check(CLI::ExistingFile);
  cli.add_flag("--check-config", given.check_config, "Read the configuration, say what is wrong with it, and end");
  cli.add_flag("--verify-store", given.verify, "Check every record and checksum of a store that no process serves, and end");
  cli.add_flag("--confirm-clock", given.confirm_clock, "The wall clock is right although it is far past the store's last mark");
  cli.add_flag("--accept-restore", given.accept_restore, "The store was restored from a backup on purpose: keep what is pending");
  CLI11_PARSE(cli, argc, argv);

  try {
    const otpd::config settings = read_config(given);
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
