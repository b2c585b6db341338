// The tests of the host page: one browser, no stream.
import { after, before, describe } from "node:test";
import access from "./console_access_test.mjs";
import day from "./console_day_test.mjs";
import desk from "./console_desk_test.mjs";
import looks from "./console_looks_test.mjs";
import rooms from "./console_rooms_test.mjs";
import { World } from "./lib/world.mjs";

describe("host page", () => {
  const world = new World();
  before(() => world.start({ media: false }));
  after(() => world.stop());
  for (const define of [looks, access, rooms, desk, day]) define(world);
});
