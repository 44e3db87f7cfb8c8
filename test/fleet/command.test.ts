import { describe, expect, test, vi } from "vitest";
import { projectOf } from "./project.ts";

// Each starts a dozen processes, beside others that do.
vi.setConfig({ testTimeout: 120_000 });

test.concurrent("the others wait for the canary; where it fails they are not begun", async () => {
  const project = projectOf({ a: {}, b: { errors: ["no such role"] }, c: {} });

  const { code, stdout, stderr } = await project.run(["fleet", "up", "--yes", "--canary", "b"]);

  expect(code).toBe(1);
  expect(stdout).toContain("canary did not succeed: b");
  expect(stdout).toMatch(/up failed: 1 failed, 2 skipped/);
  expect(stderr).toContain("b: failed: aws:dynamodb/table:Table table-0: no such role");
  expect(
    project
      .started("preview")
      .map(({ stack }) => stack)
      .sort(),
  ).toEqual(["a", "b", "c"]);
  expect(project.started("up").map(({ stack }) => stack)).toEqual(["b"]);
});

test.concurrent("what differs in config since it succeeded is done again; what does not is not", async () => {
  const project = projectOf({ a: {}, b: {}, c: { errors: ["no"] } });
  expect((await project.run(["fleet", "up", "--yes", "--canary", "a"])).code).toBe(1);
  project.behave({});
  project.write("Pulumi.b.yaml", "config:\n  chatstack:environment: staging\n");

  const { code, stdout } = await project.run(["fleet", "up", "--yes", "--resume", "--json"]);

  expect(code).toBe(0);
  expect(JSON.parse(stdout).summary).toMatchObject({ succeeded: 3 });
  expect(project.succeeded("up")).toEqual(["a", "b", "b", "c"]);
});

test.concurrent("a preview asks nothing, names policy violations as causes, and hands the pack's config on", async () => {
  const policyEvent = {
    resourceUrn: "urn:pulumi:a::fleet::aws:s3/bucket:Bucket::acme-documents",
    message: "[mandatory] blockPublicAcls is false; allowed: true.",
    color: "raw",
    policyName: "s3-public-block-flags",
    policyPackName: "chatstack",
    policyPackVersion: "1",
    policyPackVersionTag: "1",
    enforcementLevel: "mandatory",
  } as const;
  const project = projectOf({ a: { events: [{ policyEvent }], code: 255 } });
  project.write("policy.json", "{}");
  const flags = ["--policy-pack-config", "policy.json", "--json"];

  const { code, stdout } = await project.run(["fleet", "preview", ...flags]);

  expect(code).toBe(1);
  expect(JSON.parse(stdout).stacks[0].result).toBe("refused");
  expect(JSON.parse(stdout).stacks[0].causes).toEqual([
    "aws:s3/bucket:Bucket acme-documents: policy s3-public-block-flags: " +
      "[mandatory] blockPublicAcls is false; allowed: true.",
  ]);
  const { args } = project.invocations()[0]!;
  expect(args[args.indexOf("--policy-pack-config") + 1]).toBe(`${project.root}/policy.json`);
});

test.concurrent("a stack that the backend does not know is made when asked to, and only then", async () => {
  const project = projectOf({});
  project.write("Pulumi.new.yaml", "config: {}\n");

  const refused = await project.run(["fleet", "up", "--yes"]);
  expect(refused.code).toBe(1);
  expect(refused.stdout.replace(/[│\s]+/g, " ")).toContain('the backend has no stack "new"');

  const made = await project.run(["fleet", "up", "--yes", "--create"]);
  expect(made.code).toBe(0);
  expect(project.succeeded("stack")).toEqual(["new"]);
});

test.concurrent("a CLI that crashes, and one that only talks to stderr, are told by what they said", async () => {
  const project = projectOf({
    a: { crash: true },
    b: { code: 3, says: "error: could not decrypt with passphrase hunter2-hunter2\n" },
  });

  const { stdout } = await project.run(["fleet", "refresh", "--yes", "--json"], {
    PULUMI_CONFIG_PASSPHRASE: "hunter2-hunter2",
  });

  expect(JSON.parse(stdout).stacks).toMatchObject([
    { causes: ["pulumi was killed with SIGKILL"], mayHoldLock: true },
    { causes: ["could not decrypt with passphrase [PULUMI_CONFIG_PASSPHRASE]"] },
  ]);
  expect(stdout).not.toContain("hunter2");
});

describe("what cannot start exits 2 and says why", () => {
  test.concurrent.each([
    ["nobody to ask", ["fleet", "up"], {}, "say --yes"],
    ["no CLI", ["fleet", "preview"], { PATH: "/nowhere" }, "there is no `pulumi` on the PATH"],
    [
      "a CLI of another major version",
      ["drift"],
      { STAND_IN_VERSION: "4.0.0" },
      "pulumi cannot be used: Major version mismatch",
    ],
  ])("%s", async (_, args, env, why) => {
    const project = projectOf({ a: {} });
    const { code, stderr } = await project.run(args, { ...env });
    expect(stderr).toContain(why);
    expect(code).toBe(2);
    expect(project.invocations()).toEqual([]);
  });
});
