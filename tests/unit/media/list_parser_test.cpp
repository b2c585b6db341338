#include "hub/media/list_parser.h"

#include "tests/support/catch.h"

#include <random>

using namespace hub::media;
using hub::base::Errc;

namespace {
const std::string kBase = "http://host.example/dir/room.m3u";
}

TEST_CASE("a list leads to its first entry") {
  struct Row {
    const char *text, *uri;
  };
  const auto row = GENERATE(
      Row{"http://a.example/x.mp3", "http://a.example/x.mp3"},
      Row{"http://a/x\r\nhttp://b/y\r\n", "http://a/x"},
      Row{"\xEF\xBB\xBF#EXTM3U\n#EXTINF:-1,Room 1\n\n  http://a/x  \n", "http://a/x"},
      Row{"room.mp3\n", "http://host.example/dir/room.mp3"}, Row{"/room.mp3", "http://host.example/room.mp3"},
      Row{"//other/room.mp3", "http://other/room.mp3"}, Row{"rtmp://a/live/x", "rtmp://a/live/x"},
      Row{"[playlist]\nNumberOfEntries=1\nTitle1=x\nFile1=http://a/x\n", "http://a/x"},
      Row{"[PLAYLIST]\r\nfile2 = http://b/y\r\nfile1=http://a/x\r\n", "http://b/y"});
  INFO(row.text);
  const auto entry = parse_list(row.text, kBase);
  REQUIRE(entry);
  CHECK(entry->uri == row.uri);
  CHECK_FALSE(entry->hls);
}

TEST_CASE("an HLS playlist in a list's clothes is played where it is") {
  const auto entry = parse_list("#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\na.ts\n", kBase);
  REQUIRE(entry);
  CHECK(entry->hls);
  CHECK(entry->uri == kBase);
}

TEST_CASE("what is no list says so") {
  struct Row {
    std::string text;
    Errc code;
  };
  const auto row = GENERATE(
      Row{"", Errc::Invalid}, Row{"#EXTM3U\n# nothing\n", Errc::Invalid},
      Row{"[playlist]\nTitle1=x", Errc::Invalid}, Row{"file:///etc/passwd", Errc::Invalid},
      Row{"demo:", Errc::Invalid}, Row{"javascript:alert(1)", Errc::Invalid},
      Row{"\xFF\xFE\x00", Errc::Invalid}, Row{"<!DOCTYPE html><html></html>", Errc::Unsupported},
      Row{"\n\n  <html lang=fr><body>", Errc::Unsupported}, Row{std::string(70'000, 'a'), Errc::Invalid});
  INFO(row.text.substr(0, 40));
  const auto entry = parse_list(row.text, kBase);
  REQUIRE_FALSE(entry);
  CHECK(entry.error().code == row.code);
  CHECK_FALSE(entry.error().text.empty());
}

TEST_CASE("whatever a list holds, it never leads to a file") {
  std::mt19937 random{4};  // NOLINT: the same every run
  const std::vector<std::string> words{"file:", "http:",      "//",      "/",  "a", "\n",       "\r",
                                       "#",     "[playlist]", "File1=",  "..", "?", "\xC3\xA9", "\xFF",
                                       " ",     "FILE:",      "%66ile:", "\\", "@", ":"};
  for (int run = 0; run < 20'000; ++run) {
    std::string text;
    for (auto left = random() % 12; left > 0; --left) text += words[random() % words.size()];
    const auto entry = parse_list(text, kBase);
    INFO(text);
    if (entry) REQUIRE((entry->uri.starts_with("http:") || entry->hls));
  }
}
