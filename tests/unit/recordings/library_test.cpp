#include "hub/recordings/library.h"

#include "hub/recordings/budget.h"
#include "hub/recordings/download.h"
#include "hub/recordings/job.h"
#include "hub/recordings/media_type.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

#include <fstream>
#include <string>

using namespace hub;
using namespace hub::recordings;
using namespace std::chrono_literals;

namespace {

void put(const std::filesystem::path& file, const std::string& text = "x") {
  std::ofstream{file, std::ios::binary} << text;
}

}  // namespace

TEST_CASE("an id comes from the title, else from the telling part of the address") {
  struct Row {
    const char *title, *address, *id;
  };
  const auto row = GENERATE(Row{"Réunion DNSOP (2)", "", "reunion-dnsop-2"},
                            Row{"", "https://h/IETF127-DNSOP.mp4?t=s", "ietf127-dnsop"},
                            Row{"", "https://videodelivery.net/4a9f/manifest/video.m3u8", "4a9f"},
                            Row{"会議", "https://h.example/", "h-example"}, Row{"", "", "recording"},
                            Row{"--A--", "", "a"});
  CHECK(make_id(row.title, row.address) == row.id);
  CHECK(is_recording_id(row.id));
  CHECK(make_id(std::string(500, 'a'), "").size() == 60);
}

TEST_CASE("a recording is found by its id, also one that was copied under another name") {
  const test::TempDir dir;
  put(dir.path() / "dnsop.mp4");
  put(dir.path() / "Café IETF.MKV");
  put(dir.path() / "cafe-ietf.webm");
  put(dir.path() / "notes.txt");
  put(dir.path() / ".hidden.mp4");
  std::filesystem::create_directory(dir.path() / "later.part");
  put(dir.path() / "later.part" / "media.mp4");
  CHECK(find_recording(dir.path(), "dnsop") == dir.path() / "dnsop.mp4");
  CHECK(find_recording(dir.path(), "cafe-ietf") == dir.path() / "cafe-ietf.webm");
  CHECK(find_recording(dir.path(), "cafe-ietf-2") == dir.path() / "Café IETF.MKV");
  for (const char* none : {"later", "media", "notes", "", "../dnsop", "DNSOP"})
    CHECK_FALSE(find_recording(dir.path(), none));
  CHECK(Library{dir.path()}.list().size() == 3);
  CHECK(Library{dir.path() / "none"}.list().empty());
}

TEST_CASE("only what the hub fetched is deleted when its time is over") {
  const test::TempDir dir;
  const Library library{dir.path()};
  const base::Wall now{1'800'000'000s};
  for (const auto& [id, until] :
       {std::pair{"old", std::optional{now - 1s}}, std::pair{"new", std::optional{now + 1s}},
        std::pair{"kept", std::optional<base::Wall>{}}}) {
    put(dir.path() / (std::string{id} + ".mp4"));
    library.write_about(id, {id, "https://h/x", "hash", "", 1, 60.5, now, until});
  }
  put(dir.path() / "copied.mp4");
  put(dir.path() / "copied.json", R"({"title":"Mine","keep_until":"2020-01-01T00:00:00.000Z"})");
  CHECK(library.expire(now) == std::vector<std::string>{"old"});
  CHECK_FALSE(std::filesystem::exists(dir.path() / "old.json"));
  const auto left = library.list();
  REQUIRE(left.size() == 3);
  CHECK(left[0].title == "Mine");
  CHECK_FALSE(left[0].fetched);
  CHECK(left[1].duration_s == 60.5);
  CHECK(library.remove("copied"));
  CHECK_FALSE(library.remove("copied"));
}

TEST_CASE("a job comes back from the disk as it was, in the order of the asking") {
  const test::TempDir dir;
  Job job;
  job.id = "b";
  job.uri = "https://u:p@h/x?token=1";
  job.title = "É";
  job.queued_at = base::Wall{1'800'000'000s};
  job.trouble = Trouble{base::Errc::NotFound, "fr", "en"};
  job.state = Job::State::Failed;
  job.size_bytes = 12;
  job.tracks = {{3, 400}, {1, 2}};
  save_job(dir.path(), job);
  Job later = job;
  later.id = "a";
  later.queued_at += 1s;
  save_job(dir.path(), later);
  const auto jobs = list_jobs(dir.path());
  REQUIRE(jobs.size() == 2);
  CHECK(jobs[0].id == "b");
  CHECK(jobs[0].uri == job.uri);
  CHECK(jobs[0].trouble->code == base::Errc::NotFound);
  CHECK(jobs[0].state == Job::State::Failed);
  CHECK(jobs[0].tracks.at(0).bytes == 400);
  put(job_folder(dir.path(), "b") / "media-0", "12345");
  CHECK(job_bytes(dir.path(), "b") == 5);
  put(job_folder(dir.path(), "a") / "job.json", "{cut");
  CHECK(list_jobs(dir.path()).size() == 1);
  remove_job(dir.path(), "b");
  CHECK(list_jobs(dir.path()).empty());
}

TEST_CASE("the month's bytes survive a restart and end with the month of the hub's zone") {
  const test::TempDir dir;
  base::ManualClock clock;
  clock.set_wall(parse_time("2027-01-31T23:59:00.000Z").value());
  const lib::glib::TimeZone zone{"Africa/Bamako"};
  { Budget{dir.path() / "u", 10, zone, clock}.add(6'000'000); }
  Budget budget{dir.path() / "u", 10, zone, clock};
  CHECK(budget.used() == 6'000'000);
  CHECK(budget.fits(4'000'000));
  CHECK_FALSE(budget.fits(4'000'001));
  clock.advance(2min);
  CHECK(budget.used() == 0);
  budget.add(1);
  clock.set_wall(parse_time("2027-01-02T00:00:00.000Z").value());  // a clock that was set back
  CHECK(budget.used() == 1);
}

TEST_CASE("the first bytes say what it is, whatever the server calls it") {
  using std::string;
  struct Row {
    string type, path, first, extension;  // "": refused
  };
  const auto row =
      GENERATE(Row{"text/plain", "/x",
                   string("\0\0\0\x18"
                          "ftypisom",
                          12),
                   ".mp4"},
               Row{"video/webm", "/x", "\x1A\x45\xDF\xA3 and more", ".webm"},
               Row{"", "/x.m3u8", "#EXTM3U\n", "playlist"}, Row{"video/mp4", "/x.mp4", "<!doctype html>", ""},
               Row{"text/html", "/x.mp4",
                   string("\0\0\0\x18"
                          "ftypisom",
                          12),
                   ""},
               Row{"application/pdf", "/x.pdf", "%PDF-1.7", ""}, Row{"audio/mpeg", "/x", "ID3\x04", ".mp3"},
               Row{"", "/x", "", ""}, Row{"video/x-ms-wmv", "/x.wmv", "0&", ""});
  INFO(row.type << " " << row.first);
  const auto type = media_type(row.type, row.path, row.first);
  CHECK(static_cast<bool>(type) == !row.extension.empty());
  if (type) CHECK((type->playlist ? "playlist" : type->extension) == row.extension);
}

TEST_CASE("a fetch leaves 500 MB, or a twentieth of a small disk") {
  CHECK(room_in({10'000'000'000, 100'000'000'000}) == 9'500'000'000);
  CHECK(room_in({400'000'000, 100'000'000'000}) == 0);
  CHECK(room_in({300'000'000, 4'000'000'000}) == 100'000'000);
  CHECK(size_text(1'234'000'000, "fr") == "1,2 Go");
  CHECK(size_text(50'000, "en") == "0.1 MB");
}
