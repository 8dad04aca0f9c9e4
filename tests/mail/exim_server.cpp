#include "mail/exim_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pwd.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <climits>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <vector>

namespace otpd::test {

namespace fs = std::filesystem;

namespace {

constexpr const char* binary = "/usr/sbin/exim4";

std::string read(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

void write(const fs::path& file, const std::string& text) {
  std::ofstream out{file, std::ios::binary};
  out << text;
}

// ROOT and METHODS are filled in. Deliveries drop privileges and go to one maildir.
constexpr const char* configuration = R"(
primary_hostname = localhost
spool_directory = ROOT/spool
log_file_path = ROOT/log/%slog
pid_file_path = ROOT/exim.pid
tls_advertise_hosts = *
tls_certificate = ROOT/certificate.pem
tls_privatekey = ROOT/key.pem
auth_advertise_hosts = ${if def:tls_in_cipher {*}{}}
host_lookup =
keep_environment =
never_users =
deliver_drop_privilege = true
acl_smtp_rcpt = recipient
acl_smtp_data = accept
begin acl
recipient:
  deny  !authenticated = *
  deny  domains = ! example.com
  deny  local_parts = nobody
        message = no such mailbox
  accept
begin routers
all:
  driver = accept
  transport = maildir
begin transports
maildir:
  driver = appendfile
  directory = ROOT/mail
  maildir_format
  user = Debian-exim
begin authenticators
)";
constexpr const char* plain_method = R"(
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${if and{{eq{$auth2}{otpd}}{eq{$auth3}{PASSWORD}}}}
  server_set_id = $auth2
)";
constexpr const char* login_method = R"(
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = Username:: : Password::
  server_condition = ${if and{{eq{$auth1}{otpd}}{eq{$auth2}{PASSWORD}}}}
  server_set_id = $auth1
)";

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

}  // namespace

exim_server::exim_server(const identity& who, const std::string& methods) {
  if (::access(binary, X_OK) != 0)
    throw std::runtime_error(std::string{binary} +
                             " is missing: install exim4-daemon-light (scripts/test does)");
  if (::geteuid() != 0) throw std::runtime_error("exim4 takes a configuration of ours from root only");
  const passwd* user = ::getpwnam("Debian-exim");
  if (!user) throw std::runtime_error("there is no user Debian-exim: reinstall exim4-base");

  std::string pattern = (fs::temp_directory_path() / "otpd-exim-XXXXXX").string();
  if (!::mkdtemp(pattern.data())) throw std::runtime_error("cannot make a directory");
  root_ = pattern;
  for (const char* each : {"spool", "log", "mail", "mail/new", "mail/cur", "mail/tmp"})
    fs::create_directory(root_ / each);
  write_configuration(who, methods);
  for (const auto& entry : fs::recursive_directory_iterator(root_))
    if (entry.path().filename() != "exim.conf") ::lchown(entry.path().c_str(), user->pw_uid, user->pw_gid);
  ::chmod(root_.c_str(), 0755);
  arrivals_ = ::inotify_init1(IN_CLOEXEC);
  ::inotify_add_watch(arrivals_, (root_ / "mail/new").c_str(), IN_MOVED_TO);
  start();
}

void exim_server::write_configuration(const identity& who, const std::string& methods) const {
  std::string text = configuration;
  if (methods.find("PLAIN") != methods.npos) text += plain_method;
  if (methods.find("LOGIN") != methods.npos) text += login_method;
  replace_all(text, "ROOT", root_);
  replace_all(text, "PASSWORD", password());
  write(root_ / "exim.conf", text);
  write(root_ / "certificate.pem", who.certificate);
  write(root_ / "key.pem", who.key);
}

// The listening socket is ours and becomes its standard input, so that nobody else gets the port (-bw).
void exim_server::start() {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener, generic, size) != 0 || ::listen(listener, 16) != 0 ||
      ::getsockname(listener, generic, &size) != 0)
    throw std::runtime_error("cannot bind a loopback port");
  port_ = ntohs(address.sin_port);

  const std::string file = root_ / "exim.conf";
  process_ = ::fork();
  if (process_ == 0) {
    ::dup2(listener, STDIN_FILENO);
    ::execl(binary, binary, "-C", file.c_str(), "-bw", static_cast<char*>(nullptr));
    ::_exit(127);
  }
  ::close(listener);
  if (process_ < 0) throw std::runtime_error("cannot fork");
}

exim_server::~exim_server() {
  ::kill(process_, SIGTERM);
  ::waitpid(process_, nullptr, 0);
  ::close(arrivals_);
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

std::string exim_server::next_message(std::chrono::seconds patience) {
  if (arrived_.empty()) {
    pollfd waiting{arrivals_, POLLIN, 0};
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(patience).count();
    if (::poll(&waiting, 1, static_cast<int>(milliseconds)) != 1)
      throw std::runtime_error("no message arrived; the server says:\n" + log());
    alignas(inotify_event) char bytes[16 * (sizeof(inotify_event) + NAME_MAX + 1)];
    const ssize_t count = ::read(arrivals_, bytes, sizeof bytes);
    for (ssize_t at = 0; at < count;) {
      const auto* event = reinterpret_cast<const inotify_event*>(bytes + at);
      arrived_.push_back(event->name);
      at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
    }
  }
  const std::string name = arrived_.front();
  arrived_.pop_front();
  return read(root_ / "mail/new" / name);
}

std::string exim_server::log() const {
  return read(root_ / "log/mainlog") + read(root_ / "log/rejectlog") + read(root_ / "log/paniclog");
}

}  // namespace otpd::test
