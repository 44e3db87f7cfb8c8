import { expect, test } from "vitest";
import { cellsOf, holds } from "../../offline/quotas/cells.ts";
import { indexStack } from "../../policies/judge.ts";
import { accountValues, defaultValues } from "../../policies/quotas/account-values.ts";
import { usageOf } from "../../policies/quotas/usage.ts";
import { plainStack, resource } from "../../policies/testing.ts";

/** Tenants t1, t2, … with reserved concurrency as given, and a role each. */
function usages(reserved: readonly number[], quotas?: unknown) {
  const resources = reserved.flatMap((reservedConcurrentExecutions, index) => {
    const tags = { "chatstack:tenant": `t${index + 1}` };
    const [fn, role] = ["aws:lambda/function:Function", "aws:iam/role:Role"];
    return [
      resource(fn, { reservedConcurrentExecutions, tags }, { urn: `${fn}${index}` }),
      resource(role, { tags }, { urn: `${role}${index}` }),
    ];
  });
  return usageOf([indexStack(resources, plainStack)], accountValues(quotas) ?? defaultValues);
}

test("tenants stay in their order; a large one begins the next cell", () => {
  const { cells, misfits } = cellsOf(usages([400, 400, 300, 100, 800]));
  expect(cells).toEqual([
    { first: "t1", last: "t2", tenants: 2 },
    { first: "t3", last: "t4", tenants: 2 },
    { first: "t5", last: "t5", tenants: 1 },
  ]);
  expect(misfits).toEqual([]);
});

test("a tenant that no account holds is named, and the others have their cells", () => {
  const { cells, misfits } = cellsOf(usages([400, 1_000, 400]));
  expect(misfits).toEqual(["t2"]);
  expect(cells).toEqual([{ first: "t1", last: "t3", tenants: 2 }]);
});

test("what the account uses elsewhere leaves less room in the first cell alone", () => {
  const { cells } = cellsOf(usages([300, 300, 300, 300], { "L-B99A9384": { used: 400 } }));
  expect(cells.map(({ tenants }) => tenants)).toEqual([1, 3]);
});

test("cells of one account share what is the account's in all regions", () => {
  const all = usages(
    Array.from({ length: 8 }, () => 450),
    { "L-FE177D64": 4 },
  );
  const { cells, accounts } = cellsOf(all);
  expect(cells.map(({ tenants }) => tenants)).toEqual([2, 2, 2, 2]);
  expect(accounts).toBe(2);
});

test("what tenants alike would hold counts what all share once", () => {
  const [usage] = usages([50, 50]);
  expect(usage && holds(usage)).toBe(18);
  expect(usage && holds({ ...usage, shared: 100, asked: 200 })).toBe(16);
});
