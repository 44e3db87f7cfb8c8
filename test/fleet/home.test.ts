import { afterAll, expect, test } from "vitest";
import { DataDir } from "../../local/data-dir.ts";
import { FleetHome } from "../../operations/fleet/home.ts";
import { Project } from "./project.ts";

const project = new Project({ a: {} });
afterAll(() => project.delete());

test("a fleet's journals do not keep `chatstack start` from the project's data folder", () => {
  const home = new FleetHome(project.root);
  const lock = home.claim("run");

  const data = new DataDir(`${project.root}/.chatstack`);
  data.claim({ reset: true });
  data.release();

  expect(() => home.claim("other")).toThrow(`run run, process ${process.pid}`);
  lock.close();
  home.claim("other").close();
});
