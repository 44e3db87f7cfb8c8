import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { add, change } from "../../../cli/actions/tenant.ts";
import { startEnvironment } from "../../../local/environment.ts";
import { Client, signIn } from "./client.ts";

const repository = resolve(import.meta.dirname, "../../..");

it("a tenant that is added, suspended and resumed changes nothing for the others, and keeps its data", async () => {
  const root = mkdtempSync(join(tmpdir(), "chatstack-life-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const main = join(repository, "stacks/index.ts");
  writeFileSync(join(root, "Pulumi.yaml"), JSON.stringify({ name: "chatstack", main }));
  const file = join(root, "Pulumi.dev.yaml");
  writeFileSync(file, readFileSync(join(repository, "Pulumi.dev.yaml")));
  const [dataDir, flags] = [join(root, "data"), { root, stack: "dev" }];

  /** Starts the stack as its file says, for as long as `use` takes. */
  const started = async (use: (client: (tenant: string) => Promise<Client>) => Promise<void>) => {
    const onCrash = (error: Error) => {
      throw error;
    };
    const environment = await startEnvironment({ stack: "dev", root, dataDir, port: 0, onCrash });
    const client = async (id: string) => {
      const tenant = environment.tenants.find((one) => one.id === id)!;
      return new Client(tenant.url, await signIn(tenant, "ada", dataDir));
    };
    await use(client).finally(() => environment.stop());
  };
  const titles = async (client: Client) =>
    (await client.all("/conversations", 10)).map((one) => ("title" in one ? one.title : undefined));

  await started(async (client) => {
    await (await client("acme")).json("POST", "/conversations", { title: "Of acme" });
  });
  expect((await add("initech", { ...flags, tier: "basic", set: [] })).code).toBe(0);
  await started(async (client) => {
    await (await client("initech")).json("POST", "/conversations", { title: "Of initech" });
    expect(await titles(await client("acme"))).toEqual(["Of acme"]);
  });

  await change("initech", flags, "suspend");
  await started(async (client) => {
    const initech = await client("initech");
    expect((await initech.send("GET", "/health")).status).toBe(200);
    const refused = await initech.send("GET", "/conversations");
    expect(refused.headers.get("content-type")).toBe("application/problem+json");
    expect(await refused.json()).toMatchObject({
      status: 403,
      type: "urn:chatstack:problem:tenant-suspended",
    });
    expect(await titles(await client("acme"))).toEqual(["Of acme"]);
  });

  await change("initech", flags, "resume");
  await change("acme", { ...flags, retainUntil: "2999-12-31" }, "offboard");
  await started(async (client) => {
    const [initech, acme] = [await client("initech"), await client("acme")];
    expect(await titles(initech)).toEqual(["Of initech"]);
    expect((await initech.send("POST", "/conversations", { title: "More" })).status).toBe(201);
    expect((await acme.send("POST", "/conversations", { title: "More" })).status).toBe(403);
    expect(await (await acme.send("GET", "/export")).text()).toMatch(/Of acme[\s\S]*"kind":"end"/);
  });
});
