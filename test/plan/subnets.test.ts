/** Zones that a network gains: where that divides its addresses anew, AWS refuses, and so does the plan. */
import * as aws from "@pulumi/aws";
import { describe, expect, test } from "vitest";
import { EgressNetwork } from "../../components/companions/egress/egress-network.ts";
import { PrivateNetwork } from "../../components/companions/private-network.ts";
import { evaluate } from "../../offline/evaluate.ts";
import { compare } from "../../offline/plan/compare.ts";
import { isSafe } from "../../offline/plan/comparison.ts";

async function planned(before: () => unknown, after: () => unknown) {
  const [left, right] = [await evaluate(before), await evaluate(after)];
  return compare(left.records, right.records);
}

const acme = { tenant: "acme" };
const withWayOut = (zones: number, cidrBlock = "10.0.0.0/20") => {
  return () => new EgressNetwork("acme", { ...acme, zones, cidrBlock });
};

describe("a network with a way out", () => {
  test.each([
    [2, 3],
    [3, 2],
  ])("from %i to %i zones is refused, with the ways out", async (from, to) => {
    const comparison = await planned(withWayOut(from), withWayOut(to));
    expect(comparison.refusals).toHaveLength(1);
    const [{ reason } = { reason: "" }] = comparison.refusals;
    expect(reason).toMatch(/ until it goes, and \d other subnets likewise: /);
    expect(reason).toContain("EC2 refuses it (InvalidSubnet.Conflict). Keep the number of zones");
    expect(reason).toContain("`network.cidrBlock`");
    expect(isSafe(comparison)).toBe(false);
  });

  test("with another range is another VPC, which is not refused", async () => {
    const { refusals, changes } = await planned(withWayOut(2), withWayOut(3, "10.64.0.0/20"));
    expect(refusals).toEqual([]);
    expect(changes).toContainEqual(
      expect.objectContaining({ type: "aws:ec2/vpc:Vpc", kind: "replaced" }),
    );
    // The same begin in a larger range.
    expect((await planned(withWayOut(2), withWayOut(3, "10.0.0.0/19"))).refusals).toEqual([]);
  });
});

test("a network without one has room for a third zone", async () => {
  const isolated = (zones: number) => () => new PrivateNetwork("acme", { ...acme, zones });
  expect((await planned(isolated(2), isolated(3))).refusals).toEqual([]);
});

const subnets = (...ranges: string[]) => {
  return () => {
    const { id } = new aws.ec2.Vpc("network", { cidrBlock: "10.0.0.0/16" });
    for (const [at, cidrBlock] of ranges.entries())
      new aws.ec2.Subnet(`subnet-${at}`, { vpcId: id, cidrBlock, availabilityZone: "us-east-1a" });
  };
};

test.each<[string, string[], string[], number]>([
  ["that is new beside others", ["10.0.0.0/24"], ["10.0.0.0/24", "10.0.1.0/24"], 0],
  ["that lies in another", ["10.0.0.0/23"], ["10.0.0.0/23", "10.0.1.0/24"], 1],
  ["that holds another", ["10.0.1.0/24"], ["10.0.1.0/24", "10.0.0.0/23"], 1],
  ["that grows over its own addresses", ["10.0.0.0/24"], ["10.0.0.0/23"], 1],
  ["that moves to free ones", ["10.0.0.0/24"], ["10.0.8.0/24"], 0],
])("a subnet %s", async (_, before, after, refused) => {
  const { refusals } = await planned(subnets(...before), subnets(...after));
  expect(refusals).toHaveLength(refused);
});
