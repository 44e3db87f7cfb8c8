import { expect, it } from "vitest";
import { documentClient } from "../../app/store/dynamodb/table/client.ts";
import { signingKey } from "../../app/store/dynamodb/table/signing-key.ts";
import { TestApi } from "../../testing/app/api.ts";
import * as answers from "../../testing/aws/aws-answers.ts";
import { createChatTable, engineConfig } from "../../testing/aws/table.ts";
import { Wire } from "../../testing/aws/wire.ts";

const api = TestApi.forThisFile();

async function prepare() {
  const wire = new Wire();
  const client = wire.attach(documentClient(engineConfig(api.engine.endpoint)));
  const tableName = await createChatTable(api.engine.endpoint);
  return { wire, table: { client, tableName, now: () => new Date() } };
}

it("agrees on one signing key, whoever makes it first", async () => {
  const { table } = await prepare();
  const keys = await Promise.all(Array.from({ length: 10 }, () => signingKey(table)()));
  expect(new Set(keys.map((key) => Buffer.from(key).toString("hex"))).size).toBe(1);
  expect(keys[0]).toHaveLength(32);
});

it("loads the signing key again after a failure", async () => {
  const { wire, table } = await prepare();
  const load = signingKey(table);
  const down = () => answers.broken("ECONNREFUSED");
  await expect(wire.run(down, load).result).rejects.toThrow("busy");
  expect(await load()).toHaveLength(32);
});
