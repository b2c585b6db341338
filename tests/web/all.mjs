// All tests of the page in one process and one browser, one after the other: the machine may have two cores only,
// and playback is measured.
import { after, before, describe } from "node:test";
import accessibility from "./accessibility_test.mjs";
import data from "./data_test.mjs";
import first_minutes from "./first_minutes_test.mjs";
import kiosk from "./kiosk_test.mjs";
import language from "./language_test.mjs";
import { World } from "./lib/world.mjs";
import player from "./player_test.mjs";
import rooms from "./rooms_test.mjs";
import sign_in from "./sign_in_test.mjs";
import source from "./source_test.mjs";

describe("attendee page", () => {
  const world = new World();
  before(() => world.start());
  after(() => world.stop());
  for (const define of [source, sign_in, first_minutes, language, rooms, kiosk, accessibility, data, player]) define(world);
});
