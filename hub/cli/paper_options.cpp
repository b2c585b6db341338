#include "hub/cli/paper_options.h"

#include "hub/base/error.h"
#include "hub/reports/paper.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <boost/program_options.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace hub::cli {
namespace {

namespace po = boost::program_options;
namespace fs = std::filesystem;
using base::Errc;

[[noreturn]] void fail_io(const fs::path& path) {
  throw base::Error{Errc::Io, fmt::format("{} cannot be written: {}", path.string(), std::strerror(errno))};
}

/// Creates @p path, which must not exist, with @p bytes; what could not be written whole is removed.
void write_new(const fs::path& path, std::string_view bytes) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file < 0 && errno == EEXIST)
    throw base::Error{Errc::Conflict,
                      fmt::format("{} is there already; give --force to replace it, or another name with "
                                  "--output",
                                  path.string())};
  if (file < 0) fail_io(path);
  while (!bytes.empty()) {
    const auto wrote = ::write(file, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) break;
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  const bool done = bytes.empty() && ::fsync(file) == 0;
  const int problem = errno;
  ::close(file);
  if (done) return;
  ::unlink(path.c_str());
  errno = problem;
  fail_io(path);
}

}  // namespace

void add_paper_options(Options& options, const std::string& file_name) {
  options.own().add_options()("lang", po::value<std::string>()->value_name("fr|en")->default_value("", ""),
                              "the large language; the hub's first if not given")(
      "url", po::value<std::string>()->value_name("URL")->default_value("", ""),
      "address of the page; found out if not given")(
      "output", po::value<std::string>()->value_name("FILE")->default_value(file_name),
      "file to write, - for standard output")("force", "replace a file that is there");
}

std::string paper_language_option(const po::variables_map& values, const config::File& file) {
  const auto language = values["lang"].as<std::string>();
  if (language.empty()) return reports::paper_language(file.identity);
  if (language != "fr" && language != "en") throw WrongUse{"--lang is fr or en"};
  return language;
}

std::string url_option(const po::variables_map& values, const config::File& file, const FindUrls& find,
                       std::ostream& err) {
  auto given = values["url"].as<std::string>();
  if (!given.empty()) {
    while (given.ends_with('/')) given.pop_back();
    const bool web = given.starts_with("http://") || given.starts_with("https://");
    if (!web || given.find_first_of(" \t\r\n\"<>") != std::string::npos ||
        given.find("://") + 3 >= given.size())
      throw WrongUse{"--url is an address such as http://192.168.1.20:8080"};
    return given;
  }
  const auto urls = find(file);
  if (urls.empty()) return {};
  if (urls.size() > 1) {
    err << fmt::format("The page's address on paper is {}. This machine has others; choose with --url:",
                       urls.front());
    for (std::size_t i = 1; i < urls.size(); ++i) err << ' ' << urls[i];
    err << '\n';
  }
  return urls.front();
}

void write_document(const po::variables_map& values, std::string_view bytes, std::ostream& out,
                    std::ostream& err) {
  const auto name = values["output"].as<std::string>();
  if (name == "-") {
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!out.flush()) throw base::Error{Errc::Io, "standard output could not be written"};
    return;
  }
  const fs::path path{name};
  std::error_code error;
  if (values.count("force") > 0 && fs::is_regular_file(path, error)) {
    auto beside = path;
    beside += fmt::format(".new-{}", ::getpid());
    write_new(beside, bytes);
    fs::rename(beside, path, error);
    if (error) {
      ::unlink(beside.c_str());
      errno = error.value();
      fail_io(path);
    }
  } else {
    write_new(path, bytes);
  }
  err << fmt::format("{}: {} KiB\n", path.string(), (bytes.size() + 1023) / 1024);
}

}  // namespace hub::cli
