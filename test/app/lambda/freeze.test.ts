/** What the function's clients do after Lambda froze the process and its connections died meanwhile. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Engine, startDynamoDB } from "../../../local/dynamodb.ts";
import { startS3 } from "../../../local/s3.ts";
import { createBucket, s3Config } from "../../../testing/aws/bucket.ts";
import { type CuttableProxy, startCuttableProxy } from "../../../testing/aws/cuttable-proxy.ts";
import { createChatTable } from "../../../testing/aws/table.ts";

let engines: Engine[];
let proxies: { dynamodb: CuttableProxy; s3: CuttableProxy };
let child: ChildProcess;
let answers: AsyncIterator<string>;

beforeAll(async () => {
  const [dynamodb, s3] = await Promise.all([
    startDynamoDB(),
    startS3({ accessKey: s3Config("").credentials }),
  ]);
  engines = [dynamodb, s3];
  proxies = {
    dynamodb: await startCuttableProxy(dynamodb.endpoint),
    s3: await startCuttableProxy(s3.endpoint),
  };
  const program = new URL("../../../testing/processes/freezable.ts", import.meta.url).pathname;
  child = spawn(process.execPath, [program], {
    stdio: ["pipe", "pipe", "inherit"],
    env: {
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      AWS_ENDPOINT_URL_DYNAMODB: proxies.dynamodb.endpoint,
      AWS_ENDPOINT_URL_S3: proxies.s3.endpoint,
      TABLE_NAME: await createChatTable(dynamodb.endpoint),
      BUCKET_NAME: await createBucket(s3.endpoint),
    },
  });
  answers = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
});
afterAll(async () => {
  child.kill("SIGCONT");
  child.kill("SIGKILL");
  await once(child, "exit");
  await Promise.all([proxies.dynamodb.stop(), proxies.s3.stop()]);
  await Promise.all(engines.map((engine) => engine.stop()));
});

/** As many requests to each service at once. */
async function ask(count: number): Promise<{ readonly failed: string[]; readonly asked: number }> {
  child.stdin!.write(`${count}\n`);
  const { value } = await answers.next();
  return JSON.parse(value);
}

async function freeze(milliseconds: number): Promise<void> {
  child.kill("SIGSTOP");
  proxies.dynamodb.cut();
  proxies.s3.cut();
  await sleep(milliseconds);
  child.kill("SIGCONT");
}

const allAnswered = { failed: [], asked: 3 };

test("after a long freeze nothing is sent into the connections from before it", async () => {
  expect(await ask(3)).toEqual(allAnswered);
  await freeze(5_500);
  expect(await ask(3)).toEqual(allAnswered);
  expect(proxies.dynamodb.bytesIntoSilence).toBe(0);
  expect(proxies.s3.bytesIntoSilence).toBe(0);
});

test("after a short freeze what is sent into a dead connection is sent again on another", async () => {
  expect(await ask(3)).toEqual(allAnswered);
  await freeze(200);
  expect(await ask(3)).toEqual(allAnswered);
  const { dynamodb, s3 } = proxies;
  expect(dynamodb.bytesIntoSilence + s3.bytesIntoSilence).toBeGreaterThan(0);
});
