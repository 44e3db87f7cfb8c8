import { afterAll, expect, test } from "vitest";
import type { Job } from "../../operations/fleet/engine/engine.ts";
import { fingerprintOf } from "../../operations/fleet/fingerprint.ts";
import { Project } from "./project.ts";

const project = new Project({ a: {} });
afterAll(() => project.delete());

function fingerprint(file: string, more: Partial<Job> = {}): string {
  project.write("Pulumi.a.yaml", file);
  const job = {
    operation: "up",
    stack: "a",
    policyPack: "p",
    create: false,
    refresh: false,
  } as const;
  return fingerprintOf(project.root, { ...job, dryRun: false, ...more });
}

const full = `config:
  fleet:fails: true
  fleet:count: 3
  fleet:tenants:
    - id: acme
      models: [m:0, n:0]
`;

test.each<[string, string, string]>([
  ["an empty config is dropped, and a salt comes", "config: {}\n", "encryptionsalt: v1:abc=\n"],
  ["an empty file gets a salt", "", "encryptionsalt: v1:abc=\n"],
  ["a config without values", "config:\n", "encryptionsalt: v1:abc=\n"],
  [
    "a salt, a provider and a key come",
    full,
    `secretsprovider: awskms://k\nencryptedkey: k\n${full}encryptionsalt: v1:=\n`,
  ],
  ["comments and quotes change", full, full.replace("m:0", "'m:0'").replace("3", '"3" # three')],
  [
    "a list is written in lines",
    full,
    full.replace("[m:0, n:0]", "\n        - m:0\n        - n:0"),
  ],
  [
    "keys change places",
    full,
    full.replace(
      "    - id: acme\n      models: [m:0, n:0]",
      "    - models: [m:0, n:0]\n      id: acme",
    ),
  ],
  ["the project's namespace is left out", full, full.replaceAll("fleet:", "")],
])("the same: %s", (_, before, after) => expect(fingerprint(after)).toBe(fingerprint(before)));

test.each<[string, string, string]>([
  ["a value changes", full, full.replace("3", "4")],
  ["an item of a list changes its place", full, full.replace("m:0, n:0", "n:0, m:0")],
  ["a key comes", "config: {}\n", "config:\n  fleet:fails: true\n"],
  [
    "a secret changes",
    "config:\n  fleet:s: { secure: v1:a }\n",
    "config:\n  fleet:s: { secure: v1:b }\n",
  ],
  [
    "a nested secret changes",
    "config:\n  fleet:s: { in: { secure: v1:a } }\n",
    "config:\n  fleet:s: { in: { secure: v1:b } }\n",
  ],
])("another: %s", (_, before, after) => expect(fingerprint(after)).not.toBe(fingerprint(before)));

test("the policies' config counts by what it means, and so does --refresh", () => {
  const policyPackConfig = `${project.root}/policy.json`;
  project.write("policy.json", '{"all": "mandatory", "a": {"x": 1}}');
  const before = fingerprint(full, { policyPackConfig });
  project.write("policy.json", '{\n  "a": { "x": 1 },\n  "all": "mandatory"\n}');
  expect(fingerprint(full, { policyPackConfig })).toBe(before);
  project.write("policy.json", '{"all": "advisory"}');
  expect(fingerprint(full, { policyPackConfig })).not.toBe(before);
  expect(fingerprint(full, { refresh: true })).not.toBe(fingerprint(full));
});
