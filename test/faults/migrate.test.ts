import { afterAll, beforeAll, expect, it } from "vitest";
import { documentClient } from "../../app/store/dynamodb/table/client.ts";
import { type Engine, startDynamoDB } from "../../local/dynamodb.ts";
import { migrate } from "../../operations/migrate/migrate.ts";
import { openPglite, type Target } from "../../operations/migrate/target.ts";
import { Stores } from "../../testing/app/samples.ts";
import { draft } from "../../testing/app/store.ts";
import * as answers from "../../testing/aws/aws-answers.ts";
import { createChatTable, engineConfig } from "../../testing/aws/table.ts";
import { type Interference, Wire } from "../../testing/aws/wire.ts";

let engine: Engine;
let target: Target;
beforeAll(async () => {
  [engine, target] = await Promise.all([startDynamoDB(), openPglite()]);
});
afterAll(async () => {
  await target.close();
  await engine.stop();
});

it("a migration whose source fails at any request goes on from there, and ends with the same", async () => {
  const wire = new Wire();
  const client = wire.attach(documentClient(engineConfig(engine.endpoint)));
  const source = {
    client,
    tableName: await createChatTable(engine.endpoint),
    now: () => new Date(),
  };
  const { conversations } = new Stores(source);
  for (const id of ["one", "two"]) {
    await conversations.create("ada", { id, title: id, modelId: null });
    for (const content of ["a", "b", "c"]) await conversations.append("ada", id, draft(content));
  }
  const run = (schema: string) => migrate({ source, target, schema });
  const undisturbed: Interference = (_call, _request, send) => send();
  const { result, calls } = wire.run(undisturbed, () => run("whole"));
  const whole = await result;
  expect(calls.length).toBeGreaterThan(3);
  for (const last of calls.keys()) {
    let requests = 0;
    const failing: Interference = (_call, _request, send) =>
      requests++ < last ? send() : answers.broken("ECONNRESET");
    const schema = `fails-${last}`;
    await expect(wire.run(failing, () => run(schema)).result).rejects.toThrow("busy");
    const { verified, tables } = await run(schema);
    expect({ verified, tables }).toEqual({ verified: true, tables: whole.tables });
  }
});
