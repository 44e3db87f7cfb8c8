/** States that the real engine exported, of every stack: a plan over them has nothing to say. */
import { describe, expect, test } from "vitest";
import { readState } from "../../offline/plan/against/state.ts";
import { compareWithDeployed } from "../../offline/plan/plan.ts";
import { recording, stackNames } from "../../testing/engine/stacks.ts";

describe.each(stackNames)("a plan of %s", (stack) => {
  test.each(["after-up", "after-refresh"] as const)("%s shows nothing", (moment) => {
    const { state, records } = recording(stack, moment);
    const deployed = readState(JSON.stringify(state), `${stack}-${moment}`).records;
    const { changes, refusals, unchanged } = compareWithDeployed(deployed, records);
    expect(changes).toEqual([]);
    expect(refusals).toEqual([]);
    const custom = records.filter((record) => record.custom);
    expect(custom.length).toBeGreaterThan(50);
    expect(unchanged).toBeGreaterThanOrEqual(custom.length);
  });
});
