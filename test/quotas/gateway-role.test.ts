/** API Gateway's log role is one for an account and region: stacks that would overwrite each other's are told. */
import { expect, test, vi } from "vitest";
import { warnOfConfig } from "../../cli/terminal/config-warnings.ts";
import { examine } from "../../offline/doctor/doctor.ts";
import { needsOf } from "../../offline/doctor/needs.ts";
import { type SharedGatewayRole, sharedGatewayRoles } from "../../offline/engine-config/place.ts";
import { evaluateStack, readStackFile } from "../../offline/project.ts";
import { accountQuotas } from "../../offline/quotas/stacks.ts";
import { quotasText } from "../../offline/quotas/text.ts";
import { chatstackHere } from "../../testing/processes/in-process.ts";
import { Project } from "./project.ts";

const stack = (name: string, config: Record<string, string> = {}) => ({
  stack: name,
  config: { "aws:region": "us-east-1", "chatstack:tenants": "[]", ...config },
});
const existing = { "chatstack:apiGatewayAccount": "existing" };
const inAccount = (id: string) => ({ "aws:allowedAccountIds": `["${id}"]` });
const shared = (...stacks: ReturnType<typeof stack>[]) =>
  sharedGatewayRoles(stacks, "chatstack").map(({ stacks, isCertain }) => ({ stacks, isCertain }));

test.each([
  ["one stack alone", [stack("a")], []],
  [
    "the default and its name",
    [stack("a"), stack("b", { "chatstack:apiGatewayAccount": "managed" })],
    [{ stacks: ["a", "b"], isCertain: false }],
  ],
  ["a stack that leaves it to another", [stack("a"), stack("b", existing)], []],
  ["other regions", [stack("a"), stack("b", { "aws:region": "eu-west-1" })], []],
  [
    "other accounts",
    [stack("a", inAccount("111111111111")), stack("b", inAccount("222222222222"))],
    [],
  ],
  [
    "one account",
    [stack("a", inAccount("111111111111")), stack("b", inAccount("111111111111"))],
    [{ stacks: ["a", "b"], isCertain: true }],
  ],
  [
    "two pairs",
    [
      stack("a"),
      stack("b"),
      stack("c", { "aws:region": "eu-west-1" }),
      stack("d", { "aws:region": "eu-west-1" }),
    ],
    [
      { stacks: ["a", "b"], isCertain: false },
      { stacks: ["c", "d"], isCertain: false },
    ],
  ],
] as const)("%s", (_, stacks, found) => {
  expect(shared(...stacks)).toEqual(found);
});

test("a file that has no tenants is not the program's", () => {
  const { config, ...other } = stack("b");
  const { "chatstack:tenants": _, ...rest } = config;
  expect(sharedGatewayRoles([stack("a"), { ...other, config: rest }], "chatstack")).toEqual([]);
});

test("every command that warns of config, quotas and doctor tell of two cells of one account", async () => {
  const project = new Project();
  const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  try {
    for (const name of ["one", "two"]) project.stack(name, 1, "basic");
    const counted = await Promise.all(
      ["one", "two"].map(async (name) => ({
        file: readStackFile(project.root, "chatstack", name),
        evaluation: await evaluateStack(name, { root: project.root, preview: true }),
      })),
    );
    warnOfConfig(undefined, project.root);
    const said =
      /apiGatewayAccount: found "managed" in Pulumi\.one\.yaml, Pulumi\.two\.yaml, all of account 123456789012 and us-east-1; allowed: "managed" in one/;
    expect(written.mock.calls.join("\n")).toMatch(said);

    const [report] = accountQuotas(counted, undefined);
    const plain = { paint: (_: string, text: string) => text, width: 200 };
    expect(quotasText(report!, plain)).toMatch(said);
    expect(report?.gatewayRole).toMatchObject({ stacks: ["one", "two"], isCertain: true });
    expect(accountQuotas(counted.slice(0, 1), undefined)[0]).not.toHaveProperty("gatewayRole");

    const role = (gatewayRoleShared: SharedGatewayRole | undefined) => {
      const { evaluation } = counted[0]!;
      const place = { region: "us-east-1", isProduction: true, gatewayRoleShared };
      const { checks } = examine(counted[0]!, needsOf(evaluation, place), undefined);
      return checks.find(({ id }) => id === "api-gateway-role");
    };
    expect(role(report?.gatewayRole)).toMatchObject({
      state: "missing",
      why: expect.stringContaining("also two."),
    });
    expect(role({ ...report!.gatewayRole!, isCertain: false })?.state).toBe("unknown");
    expect(role(undefined)?.state).toBe("ok");
  } finally {
    written.mockRestore();
    project.remove();
  }
});

test("quotas and doctor fail where one account is certain, though everything fits", async () => {
  const project = new Project();
  try {
    for (const name of ["one", "two"]) project.stack(name, 1, "basic");
    const quotas = await chatstackHere(["quotas", "--json"], { cwd: project.root });
    expect(quotas.code).toBe(1);
    expect(JSON.parse(quotas.stdout).accounts).toMatchObject([
      { outcome: "fits", gatewayRole: { stacks: ["one", "two"] } },
    ]);
    const doctor = await chatstackHere(["doctor", "--json"], { cwd: project.root });
    expect(doctor.code).toBe(1);
    for (const { checks } of JSON.parse(doctor.stdout).stacks) {
      expect(checks).toContainEqual(
        expect.objectContaining({ id: "api-gateway-role", state: "missing" }),
      );
    }
  } finally {
    project.remove();
  }
});
