#include "hub/channels/replay.h"

#include "hub/channels/recording.h"
#include "tests/support/catch.h"

using namespace hub;
using namespace std::chrono_literals;
using channels::Program;
using channels::Room;

TEST_CASE("a paused room sees the slate, any other its recording from where it is") {
  Room room;
  room.position = 90s;
  const auto playing = channels::wanted(room, 1);
  CHECK(playing.kind == Program::Kind::Source);
  CHECK(playing.start == 90s);
  room.paused = true;
  const auto paused = channels::wanted(room, 1);
  CHECK(paused.kind == Program::Kind::Slate);
  CHECK_FALSE(playing.serves(paused));
  CHECK(paused.serves(channels::wanted(room, 2)));  // sought while paused: the slate stays
  room.paused = false;
  room.position = 95s;
  CHECK(playing.serves(channels::wanted(room, 1)));        // it has only played on
  CHECK_FALSE(playing.serves(channels::wanted(room, 2)));  // sought
}

TEST_CASE("where a seek leads") {
  struct Row {
    base::Millis wish;
    std::optional<base::Millis> duration;
    base::Millis position;
    bool clamped;
  };
  const Row rows[] = {
      {10s, 1min, 10s, false},           {-1s, 1min, 0s, true},   {0s, std::nullopt, 0s, false},
      {2h, std::nullopt, 2h, false},     {58s, 1min, 55s, false}, {2min, 1min, 55s, true},
      {10s, base::Millis{3s}, 0s, true},
  };
  for (const auto& row : rows) {
    const auto cue = channels::cue_at(row.wish, row.duration);
    CHECK(cue.position == row.position);
    CHECK(cue.clamped == row.clamped);
  }
}

TEST_CASE("the clock begins a showing once, late too, but not the next day") {
  const base::Wall at{1'800'000'000s};
  Room room = channels::recalled({}, at);
  CHECK_FALSE(channels::due(room, at - 1ms));
  CHECK(channels::due(room, at));
  CHECK(channels::due(room, at + 3h));
  CHECK_FALSE(channels::due(room, at + 13h));
  for (bool Room::*flag : {&Room::begun, &Room::ended, &Room::stopped}) {
    Room other = room;
    other.*flag = true;
    CHECK_FALSE(channels::due(other, at));
  }
  CHECK_FALSE(channels::due(Room{}, at));
}

TEST_CASE("a room survives a power cut as it was, and another time is another showing") {
  const base::Wall at{1'800'000'000s};
  Room room;
  room.begun = room.paused = true;
  room.position = 1234567ms;
  room.duration = 2h;
  room.starts_at = at;
  room.profile = {true, true, 640, 360, 44'100, 1};
  const auto back = channels::room_from(channels::to_json(room));
  REQUIRE(back);
  CHECK(*back == room);
  CHECK(channels::recalled(back, at) == room);
  const auto other = channels::recalled(back, at + 24h);
  CHECK_FALSE(other.begun);
  CHECK(other.position == 0ms);
  CHECK(other.starts_at == at + 24h);
}

TEST_CASE("a stored room that makes no sense is none") {
  for (const char* text : {"[]", "{}", R"({"position_ms":-1})", R"({"position_ms":99999999999999})"})
    CHECK_FALSE(channels::room_from(*base::parse_json(text)));
}

TEST_CASE("the slate's address has the words of the hub and the form of the channel") {
  const auto uri = channels::slate_uri({true, true, 640, 360, 44'100, 6}, {"fr", "en"});
  CHECK(uri ==
        "slate:?video=1&audio=1&size=640x360&rate=44100&channels=2&text=Pause%2C%20discussion%0ABreak%2C%20"
        "discussion");
}

TEST_CASE("an id is made from the title") {
  const auto none = [](const std::string&) { return false; };
  CHECK(channels::make_channel_id("DNS Op\u00e9rations", none) == "dns-operations");
  CHECK(channels::make_channel_id("  Salle 1 / \u00c9t\u00e9 ", none) == "salle-1-ete");
  CHECK(channels::make_channel_id("\u4f1a\u8b70", none) == "channel");
  CHECK(channels::make_channel_id(std::string(200, 'a'), none).size() <= 40);
  CHECK(channels::make_channel_id("room", [](const std::string& id) { return id != "room-3"; }) == "room-3");
}
