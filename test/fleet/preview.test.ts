import { describe, expect, test, vi } from "vitest";
import { projectOf } from "./project.ts";

// Each starts a dozen processes, beside others that do.
vi.setConfig({ testTimeout: 120_000 });

const table = "aws:dynamodb/table:Table";
const resource = (stack: string, name: string, type = table, options: object = {}) => ({
  urn: `urn:pulumi:${stack}::fleet::${type}::${name}`,
  type,
  inputs: {},
  outputs: {},
  ...options,
});
const step = (op: string, old: ReturnType<typeof resource>, more: object = {}) => ({
  op: op as "delete",
  urn: old.urn,
  type: old.type,
  old: { id: "i", parent: "", provider: "", ...old },
  provider: "",
  ...more,
});

describe("what `protect` guards", () => {
  const held = [
    resource("prod", "acme-api", "aws:lambda/function:Function"),
    ...["acme", "globex", "initech", "umbrella"].map((name) =>
      resource("prod", name, table, { protect: true }),
    ),
  ];

  test.concurrent("destroy touches nothing and says why, where the CLI alone deletes what it can", async () => {
    const project = projectOf({ prod: {} });
    project.hold("prod", held);

    const { code, stdout } = await project.run(["fleet", "destroy", "-s", "prod", "--yes"]);

    expect(code).toBe(1);
    expect(stdout).toMatch(/refused +│ nothing touched/);
    expect(stdout.replaceAll(/[│\s]+/g, " ")).toContain(
      "is protected, and would be deleted: 4 resources",
    );
    expect(stdout).toContain("destroy failed: 1 refused");
    expect(project.held("prod")).toHaveLength(5);
    // Without the preview half of it is gone.
    expect(project.started("destroy").map(({ args }) => args.includes("--preview-only"))).toEqual([
      true,
    ]);
  });

  test.concurrent("up touches nothing of that stack, and updates the others", async () => {
    const steps = held.map((old) => step("delete", old));
    const project = projectOf({ prod: { steps }, other: {} });
    project.hold("prod", held);

    const { code, stdout } = await project.run(["fleet", "up", "--yes", "--json"]);

    expect(code).toBe(1);
    const { summary, stacks } = JSON.parse(stdout);
    expect(summary).toMatchObject({ succeeded: 1, refused: 1 });
    expect(stacks[1]).toMatchObject({ stack: "prod", result: "refused", changes: { delete: 0 } });
    expect(stacks[1].causes).toContain(`${table} acme: is protected, and would be deleted`);
    expect(project.held("prod")).toHaveLength(5);
    expect(project.succeeded("up")).toEqual(["other"]);
  });
});

describe("data that would be lost", () => {
  const client = "aws:cognito/userPoolClient:UserPoolClient";
  const bucket = "aws:s3/bucket:Bucket";
  test.concurrent.each<[string, ReturnType<typeof step>, RegExp | undefined]>([
    [
      "a table is deleted",
      step("delete", resource("a", "t")),
      /t: would be deleted, which loses every item/,
    ],
    [
      "a table is replaced",
      step("replace", resource("a", "t"), {
        detailedDiff: { hashKey: { diffKind: "update-replace", inputDiff: true } },
      }),
      /t: would be replaced by an empty one \(hashKey would change\), which loses every item/,
    ],
    [
      "a bucket is replaced, and the old one stays",
      step("replace", resource("a", "b", bucket, { retainOnDelete: true }), { keys: ["bucket"] }),
      /b: would be replaced by an empty one \(bucket would change\), which loses every object; the old one stays/,
    ],
    [
      "a table's replica is dropped",
      step(
        "update",
        resource("a", "t", table, { inputs: { replicas: [{ regionName: "eu-west-1" }] } }),
        { new: { inputs: {} } },
      ),
      /t: the replica in eu-west-1 would be deleted/,
    ],
    [
      "another table takes its place, and it is deleted",
      step("import-replacement", resource("a", "t")),
      /t: an existing one would take its place, and it would be deleted/,
    ],
    [
      "another table takes its place, and it stays",
      step("import-replacement", resource("a", "t", table, { retainOnDelete: true })),
      undefined,
    ],
    [
      "a table leaves the stack and stays",
      step("delete", resource("a", "t", table, { retainOnDelete: true })),
      undefined,
    ],
    ["an app's client is removed", step("delete", resource("a", "c", client)), undefined],
    [
      "a function is deleted",
      step("delete", resource("a", "f", "aws:lambda/function:Function")),
      undefined,
    ],
    ["a table is updated", step("update", resource("a", "t"), { new: { inputs: {} } }), undefined],
  ])("%s", async (_, change, why) => {
    const project = projectOf({ a: { steps: [change] } });

    const { code, stdout } = await project.run(["fleet", "up", "--yes", "--json"]);

    expect(code).toBe(why ? 1 : 0);
    const [{ causes, losses, result }] = JSON.parse(stdout).stacks;
    expect(result).toBe(why ? "refused" : "succeeded");
    expect(causes).toEqual(why ? [expect.stringMatching(why)] : []);
    expect(losses).toHaveLength(why ? 1 : 0);
    expect(project.started("up")).toHaveLength(why ? 0 : 1);
  });

  test.concurrent("is given up by the stack's full name, for `up` and for `destroy`, and for no other stack", async () => {
    const steps = (stack: string) => [step("delete", resource(stack, "t"))];
    const project = projectOf({ a: { steps: steps("a") }, b: { steps: steps("b") } });

    const refused = await project.run(["fleet", "up", "--yes"]);
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain("--allow-data-loss a b");

    const up = await project.run(["fleet", "up", "--yes", "--allow-data-loss", "a", "--resume"]);
    expect(up.code).toBe(1);
    expect(project.succeeded("up")).toEqual(["a"]);

    const destroy = ["fleet", "destroy", "--yes", "-s", "b"];
    expect((await project.run(destroy)).code).toBe(1);
    const given = await project.run([...destroy, "--allow-data-loss", "b", "--json"]);
    expect(given.code).toBe(0);
    expect(JSON.parse(given.stdout).stacks[0].losses).toMatchObject([
      { resource: "t", kind: "deleted" },
    ]);
  });

  test.concurrent("a preview that sees it fails, and a resumed one does not take it for done", async () => {
    const project = projectOf({ a: { steps: [step("delete", resource("a", "t"))] } });
    expect((await project.run(["fleet", "preview"])).code).toBe(1);
    expect((await project.run(["fleet", "preview", "--resume"])).code).toBe(1);
    expect((await project.run(["fleet", "preview", "--allow-data-loss", "a"])).code).toBe(0);
  });
});

test.concurrent("all previews come before the first update, whatever fails in them", async () => {
  const project = projectOf({ a: {}, b: { previewErrors: ["the program is broken"] }, c: {} });

  const { code, stderr } = await project.run(["fleet", "up", "--yes", "--parallel", "1"]);

  expect(code).toBe(1);
  expect(stderr).toContain(`b: preview: refused: ${table} table-0: the program is broken`);
  const commands = project.invocations().filter(({ event }) => event === "start");
  expect(commands.map(({ command, stack }) => `${command} ${stack}`)).toEqual([
    "preview a",
    "preview b",
    "preview c",
    "up a",
    "up c",
  ]);
});

test.concurrent("throttling is retried whatever the engine adds beside it, in previews too", async () => {
  const beside = ["failed to run remediation: context canceled"];
  const project = projectOf({ a: { throttled: 1, previewThrottled: 1, beside } });

  const { code } = await project.run(["fleet", "up", "--yes", "--retry-seconds", "0"]);

  expect(code).toBe(0);
  const ends = project.invocations().filter(({ event }) => event === "end");
  expect(ends.map(({ command, code: end }) => `${command} ${end}`)).toEqual([
    "preview 255",
    "preview 0",
    "up 255",
    // The first try may have changed something.
    "preview 0",
    "up 0",
  ]);
});

test.concurrent("--refresh reaches the preview and what follows it", async () => {
  const project = projectOf({ a: {} });
  expect((await project.run(["fleet", "up", "--yes", "--refresh"])).code).toBe(0);
  const args = (command: string) => project.started(command)[0]!.args;
  expect(args("preview")).toContain("--refresh");
  expect(args("up")).toContain("--refresh");
  expect(args("up")).toContain("--policy-pack");
});

describe("an earlier preview does not hold", () => {
  const refuses = { previewErrors: ["the program is broken"] };

  test.concurrent("once the stack's config is another: what the next one refuses is not run", async () => {
    const project = projectOf({ a: { milliseconds: 2_000 }, b: {} });
    const running = project.start(["fleet", "up", "--yes", "--parallel", "1", "--json"]);
    await project.until(() => project.started("up").length === 1);
    project.write("Pulumi.b.yaml", "config:\n  chatstack:environment: staging\n");
    project.behave({ b: refuses });

    const { stdout } = await running.ended;

    expect(JSON.parse(stdout).stacks).toMatchObject([
      { stack: "a", result: "succeeded" },
      { stack: "b", result: "refused", causes: [expect.stringContaining("is broken")] },
    ]);
    expect(project.started("up").map(({ stack }) => stack)).toEqual(["a"]);
  });

  test.concurrent("for another try: what the next one refuses has failed, and is left as it is", async () => {
    const project = projectOf({ a: { throttled: 1, milliseconds: 2_000 } });
    const running = project.start(["fleet", "up", "--yes", "--retry-seconds", "0", "--json"]);
    await project.until(() => project.started("up").length === 1);
    project.behave({ a: refuses });

    const { stdout } = await running.ended;

    const [{ result, causes }] = JSON.parse(stdout).stacks;
    expect(result).toBe("failed");
    expect(causes.join()).toContain("is broken");
    expect(project.started("up")).toHaveLength(1);
  });
});
