#include "hub/base/redact.h"

#include "tests/support/catch.h"

using hub::base::redact_text;
using hub::base::redact_uri;

TEST_CASE("what may be secret in a URI is not shown") {
  struct Row {
    const char* uri;
    const char* shown;
  };
  const Row rows[] = {
      {"https://example.org/live.m3u8", "https://example.org/live.m3u8"},
      {"rtsp://user:secret@cam.lan:554/h264", "rtsp://cam.lan:554/h264"},
      {"rtsp://user@cam.lan/h264", "rtsp://cam.lan/h264"},
      {"rtsp://user:p@ss@cam.lan/h264", "rtsp://cam.lan/h264"},
      {"rtsp://user:p/a?s#s@cam.lan/h264", "rtsp://..."},
      {"https://example.org/live.m3u8?token=secret", "https://example.org/live.m3u8"},
      {"https://example.org/live?mail=a@b.org&token=secret", "https://example.org/live"},
      {"https://example.org/live.m3u8#secret", "https://example.org/live.m3u8"},
      {"srt://10.0.0.1:9000?passphrase=secretsecret", "srt://10.0.0.1:9000"},
      {"demo:pattern?key=secret", "demo:pattern"},
      {"file:///srv/talk.mp4", "file:///srv/talk.mp4"},
      {"http://[2001:db8::1]:8000/a", "http://[2001:db8::1]:8000/a"},
      {"", ""},
      {"://", "://"},
      {"?", ""},
  };
  for (const auto& row : rows) CHECK(redact_uri(row.uri) == row.shown);
}

TEST_CASE("URIs inside a line are redacted, the rest stays") {
  CHECK(redact_text("no answer from rtsp://u:secret@cam/x?t=1, trying again") ==
        "no answer from rtsp://cam/x trying again");
  CHECK(redact_text("a http://u:p@a/1?q and \"https://b/2?q\" c") == "a http://a/1 and \"https://b/2\" c");
  CHECK(redact_text("nothing here") == "nothing here");
  CHECK(redact_text("ends in ://") == "ends in ://");
}
