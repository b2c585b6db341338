#include "hub/media/uri.h"

#include "hub/media/source.h"
#include "hub/media/title.h"
#include "tests/support/catch.h"

using namespace hub::media;

TEST_CASE("an address finds its source kind") {
  struct Row {
    const char *uri, *kind;
  };
  const auto row =
      GENERATE(Row{"demo:", "demo"}, Row{"demo:?video=0", "demo"}, Row{"file:///a/b.mp4", "file"},
               Row{"/a/b.mp4", "file"}, Row{"http://h/a.m3u8", "hls"}, Row{"https://h/a.M3U8?token=x", "hls"},
               Row{"http://h/a.mpd", "dash"}, Row{"http://h/a.m3u", "list"}, Row{"http://h/a.pls#x", "list"},
               Row{"/a/b.m3u", "list"}, Row{"http://h/a.mp3", "http"}, Row{"HTTP://h:8000/stream", "http"},
               Row{"rtmp://h/live/x", "rtmp"}, Row{"rtsp://h/x", "rtsp"}, Row{"rtspu://h/x", "rtsp"},
               Row{"srt://h:9000", "srt"}, Row{"udp://@:5004", "udp"}, Row{"rtp://@239.1.2.3:5004", "udp"});
  INFO(row.uri);
  const auto* kind = find_kind(row.uri);
  REQUIRE(kind);
  CHECK(kind->name == row.kind);
  CHECK((kind->create != nullptr) == (kind->name != "list"));
}

TEST_CASE("an address of no kind") {
  CHECK(find_kind("") == nullptr);
  CHECK(find_kind("gopher://h") == nullptr);
  CHECK(find_kind("no scheme") == nullptr);
  CHECK(find_kind("javascript:alert(1)") == nullptr);
}

TEST_CASE("secrets of an address are not shown") {
  struct Row {
    const char *uri, *shown;
  };
  const auto row =
      GENERATE(Row{"http://h/a", "http://h/a"}, Row{"http://user:pass@h:80/a?key=1#x", "http://h:80/a"},
               Row{"rtsp://admin:p%40ss@cam/1", "rtsp://cam/1"}, Row{"srt://h:1?passphrase=x", "srt://h:1"},
               Row{"http://a:b@c@h/x", "http://h/x"}, Row{"demo:?video=0", "demo:"},
               Row{"http://h/x@y", "http://h/x@y"});
  CHECK(redacted(row.uri) == row.shown);
  const std::string text = scrubbed("cannot open " + std::string{row.uri} + "!", row.uri);
  CHECK(text == "cannot open " + std::string{row.shown} + "!");
}

TEST_CASE("messages of libraries lose the password wherever it stands") {
  CHECK(scrubbed("user tom, password s3cret", "http://tom:s3cret@h/") == "user tom, password …");
  CHECK(scrubbed("GET http://h/a?t=99", "http://h/a?t=99") == "GET http://h/a");
}

TEST_CASE("credentials are taken out of an address") {
  const auto parts = split_credentials("http://tom:s%20t@h:8000/a?b=c@d");
  CHECK(parts.uri == "http://h:8000/a?b=c@d");
  CHECK(parts.user == "tom");
  CHECK(parts.password == "s t");
  CHECK(split_credentials("http://h/a@b").user.empty());
  CHECK(split_credentials("http://h/a@b").uri == "http://h/a@b");
}

TEST_CASE("where a connection would go") {
  CHECK(tcp_endpoint("http://h/x")->port == 80);
  CHECK(tcp_endpoint("rtmp://h/x")->port == 1935);
  CHECK(tcp_endpoint("rtsp://[::1]:8554/x")->port == 8554);
  CHECK(tcp_endpoint("https://u:p@h/x")->host == "h");
  CHECK_FALSE(tcp_endpoint("srt://h:1"));
  CHECK_FALSE(tcp_endpoint("udp://h:1"));
  CHECK_FALSE(tcp_endpoint("http://"));
  CHECK_FALSE(tcp_endpoint(""));
}

TEST_CASE("options of an address") {
  CHECK(query_value("demo:?a=1&b=%C3%A9", "b", "") == "é");
  CHECK(query_value("demo:?ab=1", "b", "none") == "none");
  CHECK(query_value("demo:", "b", "none") == "none");
}

TEST_CASE("titles are clean text") {
  CHECK(clean_title("DNSOP \x01\x1F\x7F|") == "DNSOP |");
  CHECK(clean_title("caf\xE9") == "café");
  CHECK(clean_title("caf\xC3\xA9") == "café");
  CHECK(clean_title("a\xC2\x85z") == "az");
  std::string longer(499, 'a');
  longer += "é";
  CHECK(clean_title(longer) == std::string(499, 'a'));
}

TEST_CASE("an entry of a list becomes an absolute address, or none") {
  const std::string base = "http://h:80/dir/list.m3u?x=1";
  CHECK(resolve(base, "a.mp3") == "http://h:80/dir/a.mp3");
  CHECK(resolve(base, "/a.mp3") == "http://h:80/a.mp3");
  CHECK(resolve(base, "?y=2") == "http://h:80/dir/list.m3u?y=2");
  CHECK(resolve("http://h", "a.mp3") == "http://h/a.mp3");
  CHECK(resolve("http://h/list.m3u", "a.mp3") == "http://h/a.mp3");
  CHECK(resolve(base, "//o/a") == "http://o/a");
  CHECK_FALSE(resolve(base, "///a"));
  CHECK_FALSE(resolve(base, "http:"));
  CHECK_FALSE(resolve(base, "file:////etc"));
  CHECK_FALSE(resolve("/local/list.m3u", "a.mp3"));
}
