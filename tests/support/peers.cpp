#include "tests/support/peers.h"

#include <array>
#include <stdexcept>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace hub::test {
namespace {

constexpr const char* kRtmpModule = "/usr/lib/nginx/modules/ngx_rtmp_module.so";
constexpr const char* kPassword = "hackme-on-loopback";

void append(std::vector<std::string>& to, const std::vector<std::string>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

/// Debian's nginx and icecast2 refuse or drop root; the tests may run as root in a container.
bool is_root() {
  return geteuid() == 0;
}

std::string percent_encode(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte))
      out += c;
    else
      out += fmt::format("%{:02X}", byte);
  }
  return out;
}

}  // namespace

std::vector<std::string> input_args(const TestPicture& picture) {
  std::vector<std::string> args{"-nostdin", "-hide_banner", "-loglevel", "warning", "-y"};
  const auto add = [&](const std::string& graph) {
    if (picture.real_time) args.emplace_back("-re");
    append(args, {"-f", "lavfi", "-i", graph});
  };
  if (picture.video)
    add(
        fmt::format("color=c=black:s={0}:r={1},drawbox=x=0:y=0:w=iw:h=ih:color=white:t=fill:"
                    "enable='lt(mod(n\\,{1})\\,1)'",
                    picture.size, picture.fps));
  if (picture.audio) add("aevalsrc='if(lt(mod(t\\,1)\\,0.1)\\,0.5*sin(2*PI*1000*t)\\,0)':s=48000");
  if (picture.seconds > 0) append(args, {"-t", fmt::format("{}", picture.seconds)});
  return args;
}

std::vector<std::string> h264_aac_args(const TestPicture& picture) {
  std::vector<std::string> args;
  if (picture.video)
    append(args, {"-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-b:v", "300k", "-pix_fmt",
                  "yuv420p", "-g", std::to_string(picture.fps), "-threads", "1"});
  if (picture.audio) append(args, {"-c:a", "aac", "-b:a", "96k", "-ac", "2"});
  return args;
}

std::unique_ptr<Process> start_ffmpeg(const std::vector<std::string>& args,
                                      const std::filesystem::path& log) {
  Process::Options options;
  options.argv = {"ffmpeg"};
  append(options.argv, args);
  options.log = log;
  return std::make_unique<Process>(std::move(options));
}

void run_ffmpeg(const std::vector<std::string>& args) {
  const TempDir dir;
  const auto process = start_ffmpeg(args, dir.path() / "log");
  if (process->wait(std::chrono::seconds{60}) != 0)
    throw std::runtime_error{"ffmpeg failed: " + process->output()};
}

void make_file(const std::string& file, TestPicture picture) {
  picture.real_time = false;
  auto args = input_args(picture);
  append(args, h264_aac_args(picture));
  args.push_back(file);
  run_ffmpeg(args);
}

bool Nginx::available() {
  return has_program("nginx") && access(kRtmpModule, R_OK) == 0;
}

Nginx::Nginx() : root_{dir_.path() / "root"}, http_port_{free_port()}, rtmp_port_{free_port()} {
  std::filesystem::create_directories(root_ / "locked");
  write_text(dir_.path() / "users", "hub:{PLAIN}secret\n");
  const std::string dir = dir_.path().string();
  const std::string conf = fmt::format(
      "{0}load_module {1};\ndaemon off;\nmaster_process off;\npid {2}/pid;\nerror_log {2}/log info;\n"
      "events {{ worker_connections 256; }}\n"
      "http {{\n access_log off;\n client_body_temp_path {2}/t1;\n proxy_temp_path {2}/t2;\n"
      " fastcgi_temp_path {2}/t3;\n uwsgi_temp_path {2}/t4;\n scgi_temp_path {2}/t5;\n"
      " types {{ application/vnd.apple.mpegurl m3u8; audio/x-mpegurl m3u; audio/x-scpls pls; video/mp2t ts;\n"
      "  video/mp4 mp4; audio/mpeg mp3; audio/ogg ogg; video/webm webm; text/html html; }}\n"
      " server {{\n  listen 127.0.0.1:{3};\n  root {2}/root;\n"
      "  location /locked/ {{ auth_basic hub; auth_basic_user_file {2}/users; }}\n"
      "  location /gone/ {{ return 410; }}\n  location /broken/ {{ return 503; }}\n }}\n}}\n"
      "rtmp {{\n server {{\n  listen 127.0.0.1:{4};\n  access_log off;\n  application live {{ live on; }}\n "
      "}}\n}}\n",
      is_root() ? "user root;\n" : "", kRtmpModule, dir, http_port_, rtmp_port_);
  write_text(dir_.path() / "nginx.conf", conf);
  process_ = std::make_unique<Process>(
      Process::Options{.argv = {"nginx", "-p", dir, "-e", dir + "/log", "-c", dir + "/nginx.conf"},
                       .env = {},
                       .log = dir_.path() / "out",
                       .fds = {},
                       .cwd = {}});
  if (!wait_for_port(http_port_) || !wait_for_port(rtmp_port_))
    throw std::runtime_error{"nginx did not start: " + process_->output() + read_text(dir_.path() / "log")};
}

std::string Nginx::http_url(const std::string& path) const {
  return fmt::format("http://127.0.0.1:{}{}", http_port_, path);
}

std::string Nginx::rtmp_url(const std::string& name) const {
  return fmt::format("rtmp://127.0.0.1:{}/live/{}", rtmp_port_, name);
}

bool Icecast::available() {
  return has_program("icecast2") && access("/usr/share/icecast2/web", R_OK) == 0;
}

Icecast::Icecast() : port_{free_port()} {
  const std::string dir = dir_.path().string();
  // Icecast refuses to run as root unless it may change to somebody else, who must then reach the log folder.
  std::string owner;
  if (is_root()) {
    owner = "<changeowner><user>nobody</user><group>nogroup</group></changeowner>";
    if (const passwd* nobody = getpwnam("nobody");
        nobody && chown(dir.c_str(), nobody->pw_uid, nobody->pw_gid) != 0)
      throw std::runtime_error{"cannot give the folder to nobody"};
  }
  write_text(
      dir_.path() / "icecast.xml",
      fmt::format("<icecast><limits><clients>50</clients><sources>5</sources>"
                  "<burst-on-connect>1</burst-on-connect><burst-size>65536</burst-size></limits>"
                  "<authentication><source-password>{0}</source-password>"
                  "<admin-user>admin</admin-user><admin-password>{0}</admin-password></authentication>"
                  "<hostname>127.0.0.1</hostname>"
                  "<listen-socket><port>{1}</port><bind-address>127.0.0.1</bind-address></listen-socket>"
                  "<fileserve>0</fileserve><paths><logdir>{2}</logdir>"
                  "<webroot>/usr/share/icecast2/web</webroot>"
                  "<adminroot>/usr/share/icecast2/admin</adminroot></paths>"
                  "<logging><accesslog>access.log</accesslog><errorlog>error.log</errorlog>"
                  "<loglevel>3</loglevel></logging><security><chroot>0</chroot>{3}</security></icecast>",
                  kPassword, port_, dir, owner));
  process_ = std::make_unique<Process>(Process::Options{.argv = {"icecast2", "-c", dir + "/icecast.xml"},
                                                        .env = {},
                                                        .log = dir_.path() / "out",
                                                        .fds = {},
                                                        .cwd = {}});
  if (!wait_for_port(port_))
    throw std::runtime_error{"icecast2 did not start: " + process_->output() +
                             read_text(dir_.path() / "error.log")};
}

std::string Icecast::url(const std::string& mount) const {
  return fmt::format("http://127.0.0.1:{}{}", port_, mount);
}

std::string Icecast::publish_url(const std::string& mount) const {
  return fmt::format("icecast://source:{}@127.0.0.1:{}{}", kPassword, port_, mount);
}

void Icecast::set_title(const std::string& mount, const std::string& title) const {
  // admin:hackme-on-loopback in base64
  const auto answer = http_get(port_,
                               fmt::format("/admin/metadata?mount={}&mode=updinfo&charset=UTF-8&song={}",
                                           mount, percent_encode(title)),
                               "Authorization: Basic YWRtaW46aGFja21lLW9uLWxvb3BiYWNr\r\n");
  if (answer.find(" 200 ") == std::string::npos)
    throw std::runtime_error{"icecast2 took no title: " + answer};
}

bool Icecast::has_source(const std::string& mount) const {
  return http_get(port_, "/status-json.xsl").find(mount) != std::string::npos;
}

std::string http_get(int port, const std::string& path, const std::string& headers) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval limit{5, 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  std::string answer;
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    const std::string request = fmt::format("GET {} HTTP/1.0\r\nHost: 127.0.0.1\r\n{}\r\n", path, headers);
    if (send(fd, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size())) {
      std::array<char, 4096> chunk{};
      for (ssize_t got = 0; (got = recv(fd, chunk.data(), chunk.size(), 0)) > 0;)
        answer.append(chunk.data(), static_cast<std::size_t>(got));
    }
  }
  close(fd);
  return answer;
}

std::unique_ptr<Process> publish_hls(const Nginx& nginx) {
  const TestPicture picture{};
  auto args = input_args(picture);
  const auto codecs = h264_aac_args(picture);
  args.insert(args.end(), codecs.begin(), codecs.end());
  args.insert(args.end(), {"-f", "hls", "-hls_time", "1", "-hls_list_size", "6", "-hls_flags",
                           "delete_segments", (nginx.root() / "live.m3u8").string()});
  auto process = start_ffmpeg(args);
  if (!wait_until(std::chrono::seconds{15},
                  [&] { return std::filesystem::exists(nginx.root() / "live3.ts"); }))
    throw std::runtime_error{"ffmpeg wrote no HLS"};
  return process;
}

std::unique_ptr<Process> publish(const TestPicture& picture, const std::string& format,
                                 const std::string& url) {
  auto args = input_args(picture);
  const auto codecs = h264_aac_args(picture);
  args.insert(args.end(), codecs.begin(), codecs.end());
  args.insert(args.end(), {"-f", format, url});
  return start_ffmpeg(args);
}

}  // namespace hub::test
