import { once } from "node:events";
import { request } from "node:http";
import { expect, it } from "vitest";
import { startEnvironment } from "../../../local/environment.ts";
import { temporaryDataDir } from "../../../testing/processes/start.ts";

it("an environment answers the requests that are under way before it stops", async () => {
  const dataDir = await temporaryDataDir();
  const environment = await startEnvironment({
    stack: "dev",
    dataDir: dataDir.path,
    port: 0,
    onCrash: (error) => {
      throw error;
    },
  });
  const health = `${environment.tenants[0]!.url}/health`;
  expect((await fetch(health)).status).toBe(200);

  const underWay = request(health, { headers: { expect: "100-continue", "content-length": 1 } });
  const answered = once(underWay, "response");
  underWay.flushHeaders();
  await once(underWay, "continue");
  const stopped = environment.stop();
  underWay.end("x");
  const [response] = await answered;
  expect(response.statusCode).toBe(200);
  await stopped;
  await expect(fetch(health)).rejects.toThrow();
  await dataDir.remove();
});
