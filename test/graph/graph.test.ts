import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mermaid } from "../../offline/graph/mermaid.ts";
import type { Topology } from "../../offline/graph/rooms.ts";
import { namesOf, shapesOf } from "../../offline/graph/shapes.ts";
import { svg } from "../../offline/graph/svg.ts";
import { topologiesOf } from "../../offline/graph/topology.ts";
import { evaluateStack } from "../../offline/project.ts";
import type { ResourceRecord } from "../../offline/record.ts";
import { chatstack } from "../../testing/processes/chatstack.ts";
import { chatstackHere } from "../../testing/processes/in-process.ts";

let records: readonly ResourceRecord[];
beforeAll(async () => {
  ({ records } = await evaluateStack("prod", { preview: true }));
});

const kinds = ({ rooms }: Topology) => rooms.map(({ kind }) => kind);
const urnOf = ({ rooms }: Topology, kind: string) => rooms.find((room) => room.kind === kind)!.urn;
const tenant = (topologies: readonly Topology[], id: string) =>
  topologies.find((one) => one.tenant === id)!;

describe("a topology", () => {
  it.each([
    "components",
    "resources",
  ] as const)("has a place for every resource, by %s", (level) => {
    const all = topologiesOf(records, level).flatMap((topology) => topology.rooms);
    const rooms = all.filter(({ isOutside }) => !isOutside);
    const placed = rooms.flatMap(({ contents }) =>
      contents.length === 0 ? [1] : contents.map(({ count }) => count),
    );
    expect(placed.reduce((sum, count) => sum + count, 0)).toBe(
      records.filter(({ custom }) => custom).length,
    );
    expect(new Set(all.map(({ urn }) => urn)).size).toBe(all.length);
  });

  it("leads from what needs something to what it needs, and says by which inputs", () => {
    const acme = tenant(topologiesOf(records, "components"), "acme");
    const toTable = acme.arrows.filter(({ to }) => to === urnOf(acme, "ChatTable"));
    expect(toTable).toContainEqual({
      from: urnOf(acme, "ChatFunction"),
      to: urnOf(acme, "ChatTable"),
      inputs: ["Function.environment", "Policy.policy"],
    });
  });

  it.each([
    ["components", "ChatApi", "AuthPool", "ChatFunction"],
    ["resources", "RestApi", "UserPool", "Function"],
  ] as const)("leads from users to what they use, and to the models that a function asks, by %s", (level, api, pool, asks) => {
    const globex = tenant(topologiesOf(records, level), "globex");
    const nameOf = (urn: string) => globex.rooms.find((room) => room.urn === urn)?.kind;
    const kindsOf = ({ from, to }: Topology["arrows"][number]) => [nameOf(from), nameOf(to)];
    const outside = globex.arrows.map(kindsOf).filter((ends) => /Users|Model/.test(ends.join()));
    const models = globex.rooms.filter(({ kind }) => kind === "Model");
    expect(models.length).toBeGreaterThan(0);
    expect(outside.toSorted()).toEqual(
      [["Users", api], ["Users", pool], ...models.map(() => [asks, "Model"])].toSorted(),
    );
  });

  it("never leads from one tenant to another", () => {
    for (const { rooms, arrows } of topologiesOf(records, "resources").slice(1)) {
      const own = new Set(rooms.map(({ urn }) => urn));
      expect(arrows.filter(({ from, to }) => !own.has(from) || !own.has(to))).toEqual([]);
    }
  });

  it("tells what outlives the stack from what does not", () => {
    const acme = tenant(topologiesOf(records, "components"), "acme");
    const kept = acme.rooms.filter(({ isKept }) => isKept);
    expect(kinds({ ...acme, rooms: kept })).toContain("ChatTable");
    expect(kinds({ ...acme, rooms: kept })).not.toContain("ChatFunction");
  });

  it("puts components into those around them", () => {
    const acme = tenant(topologiesOf(records, "components"), "acme");
    const queue = acme.rooms.find(({ kind }) => kind === "FailedEvents")!;
    expect(queue.within.map(({ kind }) => kind)).toEqual(["ChatApi", "ChatFunction"]);
  });
});

describe("a picture", () => {
  it("serves all tenants that are built alike", async () => {
    const { records: dev } = await evaluateStack("dev", { preview: true });
    const shapes = shapesOf(topologiesOf(dev, "components"));
    expect(shapes.map(namesOf)).toEqual(["shared by all tenants", "acme, globex"]);
  });

  it("is one for each tenant where they differ", () => {
    const shapes = shapesOf(topologiesOf(records, "components"));
    expect(shapes.map(({ tenants }) => tenants)).toEqual([[], ["acme"], ["globex"]]);
  });

  const hostile = `"]; <script>alert(1)</script>\n end & #quot;`;
  const topology: Topology = {
    tenant: "acme",
    rooms: [{ urn: "a", kind: "Table", name: hostile, contents: [], isKept: false, within: [] }],
    arrows: [],
  };

  it("takes a name in Mermaid for nothing but a name", () => {
    const drawn = mermaid(shapesOf([topology]));
    expect(drawn.split("\n").filter((line) => line.includes("Table"))).toHaveLength(1);
    expect(drawn).not.toMatch(/<script|"\]; |& |\n end &/);
  });

  it("takes a name in SVG for nothing but a name", async () => {
    const drawn = await svg(shapesOf([topology]));
    expect(drawn).toContain("&lt;script&gt;");
    expect(drawn).not.toContain("<script");
  });
});

describe("chatstack graph", () => {
  const folder = mkdtempSync(join(tmpdir(), "graph-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("prints Mermaid, and only that, on stdout", async () => {
    const { code, stdout } = await chatstack(["graph", "--stack", "prod", "--tenant", "acme"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^flowchart LR\n/);
    expect(stdout).not.toContain("globex");
  });

  it("writes SVG to a file of that name, with every room in it", async () => {
    const file = join(folder, "dev.svg");
    const { code, stdout } = await chatstackHere(["graph", "--output", file]);
    expect([code, stdout]).toEqual([0, ""]);
    const drawn = readFileSync(file, "utf8");
    for (const kind of ["ChatTable", "DocumentBucket", "AuthPool", "ChatApi", "ChatFunction"]) {
      expect(drawn).toContain(`>${kind}</text>`);
    }
    expect(drawn).toMatch(/^<svg class="topology"[\s\S]+<\/svg>\s*$/);
  });

  it("gives a program the shapes as JSON", async () => {
    const { stdout } = await chatstackHere(["graph", "-l", "resources", "-f", "json"]);
    const { version, shapes } = JSON.parse(stdout);
    expect(version).toBe(1);
    expect(shapes[1].tenants).toEqual(["acme", "globex"]);
  });

  it("exits 2 for a tenant that is not there, and names those that are", async () => {
    const { code, stderr } = await chatstackHere(["graph", "--tenant", "initech"]);
    expect(code).toBe(2);
    expect(stderr).toContain('there is no tenant "initech"; there are acme, globex');
  });
});
