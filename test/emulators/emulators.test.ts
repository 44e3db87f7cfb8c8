/** `chatstack start` on emulators that are not ours: provisioned, used, stopped, and adopted again. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { submit } from "../../testing/app/upload.ts";
import {
  emulators,
  isInstalled,
  type RunningEmulator,
  startEmulator,
} from "../../testing/emulators/emulators.ts";
import { run, type Started, start, temporaryDataDir } from "../../testing/processes/start.ts";
import { Client, signIn } from "../local/start/client.ts";

describe.each(emulators)("on $name", (emulator) => {
  const skipped = !isInstalled(emulator);
  const title = skipped ? `(skipped: no ${emulator.program}; ${emulator.install})` : "";

  describe.skipIf(skipped)(title, () => {
    let running: RunningEmulator;
    let dataDir: Awaited<ReturnType<typeof temporaryDataDir>>;
    let environment: Started;
    let ada: Client;
    let env: Record<string, string>;

    async function begin(): Promise<void> {
      environment = await start(dataDir.path, [], { env });
      const [acme] = environment.tenants;
      ada = new Client(acme!.url, await signIn(acme!, "ada", dataDir.path));
    }

    beforeAll(async () => {
      running = await startEmulator(emulator);
      dataDir = await temporaryDataDir();
      env = Object.fromEntries(
        emulator.services.map((service) => [`AWS_ENDPOINT_URL_${service}`, running.endpoint]),
      );
      await begin();
    }, 180_000);
    afterAll(async () => {
      await environment.stop("SIGTERM");
      await running.stop();
      await dataDir.remove();
    });

    it("keeps a conversation, and a message that is too long for the table alone", async () => {
      const { id } = await ada.json("POST", "/conversations", { title: "Hello" });
      const content = Array.from({ length: 40_000 }, (_, index) => `${index}`).join(" ");
      await ada.json("POST", `/conversations/${id}/messages`, { role: "user", content });
      await ada.json("POST", `/conversations/${id}/chat`, { content: "/words 3" });
      const { messages } = await ada.json("GET", `/conversations/${id}`);
      expect(messages).toHaveLength(3);
      expect(messages[0].content).toBe(content);
    });

    const { noForm } = emulator;
    const reason = noForm === undefined ? "" : ` (skipped: ${noForm})`;
    it.skipIf(noForm)(
      `takes a document by its form, and hands it out by its link${reason}`,
      async () => {
        const bytes = Buffer.from("a document of a few words");
        const granted = await ada.json("POST", "/documents", {
          name: "words.txt",
          type: "text/plain",
          size: bytes.length,
        });
        const answer = await submit(granted.upload, bytes);
        expect([200, 204]).toContain(answer.status);
        await ada.json("POST", `/documents/${granted.id}/complete`);
        const { downloadUrl } = await ada.json("GET", `/documents/${granted.id}`);
        expect(await (await fetch(downloadUrl)).text()).toBe("a document of a few words");
      },
    );

    it("has everything when it starts again", async () => {
      await environment.stop("SIGTERM");
      await begin();
      const { items } = await ada.json("GET", "/conversations");
      expect(items).toHaveLength(1);
      const documents = noForm === undefined ? 1 : 0;
      expect((await ada.json("GET", "/documents")).items).toHaveLength(documents);
    }, 180_000);
  });
});

it.each([
  [
    "http://127.0.0.1:9",
    "AWS_ENDPOINT_URL_S3: nothing answers at http://127.0.0.1:9 (ECONNREFUSED)",
  ],
  ["localhost:9000", 'AWS_ENDPOINT_URL_S3: found "localhost:9000"; allowed: a URL'],
])("an endpoint %s is refused with its variable and what to do", async (endpoint, message) => {
  const dataDir = await temporaryDataDir();
  const { code, stderr } = await run(["start", "--port", "0", "--data-dir", dataDir.path], {
    env: { AWS_ENDPOINT_URL_S3: endpoint },
  });
  expect(code).toBe(2);
  expect(stderr).toContain(message);
  await dataDir.remove();
});
