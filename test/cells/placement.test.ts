import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Asking, countedQuotas } from "../../offline/cells/asking.ts";
import { type CellState, place } from "../../offline/cells/placement.ts";

const concurrency = countedQuotas.findIndex(({ code }) => code === "L-B99A9384");
const roles = countedQuotas.findIndex(({ code }) => code === "L-FE177D64");

const amounts = (reserved: number, ofRoles = 0): number[] =>
  countedQuotas.map((_, at) => (at === concurrency ? reserved : at === roles ? ofRoles : 0));
const template = { available: amounts(900, 1_000), shared: amounts(0) };

const tenant = (name: string, reserved: number, more: Partial<Asking> = {}): Asking => ({
  tenant: name,
  tier: "standard",
  residency: undefined,
  isLeaving: false,
  amounts: amounts(reserved, 1),
  ...more,
});
const cell = (
  name: string,
  tenants: readonly Asking[],
  more: Partial<CellState["cell"]> = {},
  available = template.available,
): CellState => ({
  cell: { name, account: "111111111111", region: "eu-central-1", maxTenants: 50, ...more },
  ...template,
  available,
  tenants,
});
const names = (count: number, reserved: number, prefix = "t") =>
  Array.from({ length: count }, (_, at) => tenant(`${prefix}${at}`, reserved));

describe("tenants in cells", () => {
  test("stay where they fit, above the share that new ones may fill too", () => {
    const { moves, cells } = place([cell("one", names(9, 100))], [], { fillTo: 80, template });
    expect(moves).toEqual([]);
    expect(cells[0]).toMatchObject({ after: 9, percent: 100, limit: "L-B99A9384", holds: 9 });
  });

  test("beyond a quota, the last go to a cell with room", () => {
    const { moves } = place([cell("one", names(10, 100)), cell("two", names(1, 100, "u"))], [], {
      fillTo: 80,
      template,
    });
    expect(moves).toEqual([{ tenant: "t9", from: "one", to: "two", reason: "L-B99A9384" }]);
  });

  test("of another residency go where they may be, though there is room", () => {
    const away = tenant("away", 10, { residency: ["us"] });
    const us = cell("us-1", [], { region: "us-east-1" });
    const gov = cell("gov-1", [], { region: "us-gov-west-1" });
    const placed = place([cell("eu-1", [away]), gov, us], [], { fillTo: 80, template });
    expect(placed.moves).toEqual([
      { tenant: "away", from: "eu-1", to: "us-1", reason: "residency" },
    ]);
  });

  test("that leave are moved nowhere", () => {
    const leaving = tenant("away", 10, { residency: ["us"], isLeaving: true });
    const placed = place([cell("eu-1", [leaving])], [], { fillTo: 80, template });
    expect(placed.moves).toEqual([]);
    expect(placed.cells[0]?.after).toBe(1);
  });

  test("share what is the account's in all regions", () => {
    const states = [
      cell("one", names(3, 1), {}, amounts(900, 5)),
      cell("two", names(3, 1, "u"), { region: "eu-west-1" }, amounts(900, 5)),
      cell("three", [], { account: "222222222222" }),
    ];
    const { moves } = place(states, [], { fillTo: 80, template });
    expect(moves).toEqual([{ tenant: "u2", from: "two", to: "three", reason: "L-FE177D64" }]);
  });
});

describe("a cell is proposed", () => {
  test("where no residency of the cells is the tenant's, in a region that it may be in", () => {
    const away = tenant("away", 10, { residency: ["ap-northeast-1", "ap-southeast-2"] });
    const { cells, additions } = place([cell("eu-1", [])], [away], { fillTo: 80, template });
    expect(additions).toEqual([{ tenant: "away", to: "eu-2" }]);
    expect(cells[1]).toMatchObject({ region: "ap-northeast-1", proposed: "needed" });
    expect(cells[1]).not.toHaveProperty("account");
  });

  test("before the last of a kind is full", () => {
    const at = (reserved: number) =>
      place([cell("one", [tenant("a", reserved)])], [], { fillTo: 80, template }).cells;
    expect(at(719)).toHaveLength(1);
    expect(at(720)[1]).toMatchObject({ name: "one-2", proposed: "soon", after: 0 });
  });

  test("not for a tenant that no account holds", () => {
    const { misfits, cells } = place([cell("one", [])], [tenant("huge", 5_000)], {
      fillTo: 80,
      template,
    });
    expect(misfits).toEqual([{ tenant: "huge", reason: "L-B99A9384" }]);
    expect(cells).toHaveLength(1);
  });
});

test("whatever there is: nobody is lost or doubled, nobody fits where he is not, and planning twice changes nothing", () => {
  const asking = fc.record({
    reserved: fc.integer({ min: 0, max: 1_000 }),
    tier: fc.constantFrom("basic", "standard"),
    residency: fc.option(fc.subarray(["eu", "us", "eu-west-1"], { minLength: 1 }), {
      nil: undefined,
    }),
    isLeaving: fc.boolean(),
  });
  const some = fc.array(asking, { maxLength: 12 });
  const cells = fc.array(
    fc.record({
      tenants: some,
      region: fc.constantFrom("eu-central-1", "eu-west-1", "us-east-1"),
      account: fc.constantFrom("111111111111", "222222222222"),
      maxTenants: fc.integer({ min: 1, max: 10 }),
      tiers: fc.option(fc.constant<("basic" | "standard")[]>(["basic"]), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 4 },
  );
  fc.assert(
    fc.property(cells, some, (given, more) => {
      const made = (prefix: string, list: typeof more) =>
        list.map(({ reserved, ...one }, at) => tenant(`${prefix}-${at}`, reserved, one));
      const states = given.map(({ tenants, tiers, ...one }, at) =>
        cell(`c${at}`, made(`c${at}`, tenants), { ...one, ...(tiers && { tiers }) }),
      );
      const newcomers = made("new", more).map((one) => ({ ...one, isLeaving: false }));
      const placed = place(states, newcomers, { fillTo: 80, template });
      const all = [...states.flatMap(({ tenants }) => tenants), ...newcomers];

      const went = new Map([
        ...placed.moves.map(({ tenant: id, to }) => [id, to] as const),
        ...placed.additions.map(({ tenant: id, to }) => [id, to] as const),
      ]);
      const without = new Set(placed.misfits.map(({ tenant: id }) => id));
      expect(went.size).toBe(placed.moves.length + placed.additions.length);
      expect([...went.keys()].filter((id) => without.has(id))).toEqual([]);
      const homes = placed.cells.map((one) => {
        const was = states.find(({ cell: { name } }) => name === one.name)?.tenants ?? [];
        const stayed = was.filter(({ tenant: id }) => !went.has(id) && !without.has(id));
        const came = all.filter(({ tenant: id }) => went.get(id) === one.name);
        expect(one.after).toBe(stayed.length + came.length);
        return { one, held: [...stayed, ...came] };
      });
      const held = homes.flatMap((home) => home.held);
      expect(held.length + without.size).toBe(all.length);

      for (const { one, held: here } of homes) {
        const settled = here.filter(({ isLeaving }) => !isLeaving);
        const isStrained = here.length > settled.length;
        if (!isStrained) {
          expect(here.length).toBeLessThanOrEqual(one.maxTenants);
          const asked = here.reduce((sum, { amounts: a }) => sum + (a[concurrency] ?? 0), 0);
          expect(asked).toBeLessThanOrEqual(900);
        }
        for (const { tier, residency } of settled) {
          expect(one.tiers ?? [tier]).toContain(tier);
          const area = one.region.split("-")[0] ?? "";
          if (residency) expect(residency.some((p) => p === area || p === one.region)).toBe(true);
        }
      }

      const after = homes.map(({ one, held: here }) =>
        cell(one.name, here, {
          account: one.account ?? `new ${one.name}`,
          region: one.region,
          maxTenants: one.maxTenants,
          ...(one.tiers && { tiers: one.tiers }),
        }),
      );
      const again = place(after, [], { fillTo: 80, template });
      expect(again.moves).toEqual([]);
    }),
  );
});
