import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { configOf } from "../../offline/engine-config/stack-config.ts";
import { addTenant, removeTenant, setSetting } from "../../operations/tenant/stack-text.ts";
import type { StackText } from "../../operations/tenant/verified.ts";
import { readYaml } from "../../stacks/yaml/read.ts";

const stackOf = (text: string): StackText => ({
  file: "Pulumi.dev.yaml",
  text,
  project: "chatstack",
});
const initech = { id: "initech", tier: "basic", table: { recoveryDays: 14, backups: "off" } };

const file = `# Everything of the dev environment.
config:
  aws:region: 'us-east-1'
  chatstack:tenants: # in order of age
    # the first customer
    - id: acme
      tier: standard  # since May

      # fewer days than usual
      table: {recoveryDays:   7}
    - tier: "basic"
      id: globex
    # more to come
  chatstack:environment: development
`;

describe("by example", () => {
  test("a new tenant stands behind the last, indented as it is, and quotes what YAML 1.1 would misread", () => {
    expect(addTenant(stackOf(file), initech)).toBe(
      file.replace(
        "      id: globex\n",
        `      id: globex
    - id: initech
      tier: basic
      table:
        recoveryDays: 14
        backups: "off"
`,
      ),
    );
  });

  test("a state stands behind the tier, a day in quotes behind the state, and resuming takes both out", () => {
    const leaving = setSetting(stackOf(file), "acme", "state", "off-boarding");
    const dated = setSetting(stackOf(leaving), "acme", "retainUntil", "2027-03-31");
    expect(dated).toBe(
      file.replace(
        "# since May\n",
        '# since May\n      state: off-boarding\n      retainUntil: "2027-03-31"\n',
      ),
    );
    const active = setSetting(stackOf(dated), "acme", "state", undefined);
    expect(setSetting(stackOf(active), "acme", "retainUntil", undefined)).toBe(file);
  });

  test("a state that is there is changed where it stands, in whatever style", () => {
    for (const [before, after] of [
      ["    - state: 'active' # now\n      id: a\n", "    - state: suspended # now\n      id: a\n"],
      ["    - state:\n      id: a\n", "    - state: suspended\n      id: a\n"],
      ["    - {id: a, state: active}\n", "    - {id: a, state: suspended}\n"],
    ] as const) {
      const text = (item: string) => `config:\n  tenants:\n${item}    - id: b\n`;
      expect(setSetting(stackOf(text(before)), "a", "state", "suspended")).toBe(text(after));
    }
  });

  test("a setting of a section stands in the section, or in a new one at the entry's end", () => {
    for (const [before, after] of [
      ["- id: a # one\n", "- id: a # one\n      table:\n        adopt: t\n"],
      ["- { id: a }\n", "- { id: a, table: { adopt: t } }\n"],
      [
        "- id: a\n      table: { recoveryDays: 7 } # days\n",
        "- id: a\n      table: { recoveryDays: 7, adopt: t } # days\n",
      ],
      [
        "- id: a\n      table:\n        recoveryDays: 7 # days\n      tier: basic\n",
        "- id: a\n      table:\n        recoveryDays: 7 # days\n        adopt: t\n      tier: basic\n",
      ],
    ] as const) {
      const text = (item: string) => `config:\n  tenants:\n    ${item}    # last\n    - id: b\n`;
      expect(setSetting(stackOf(text(before)), "a", "table.adopt", "t")).toBe(text(after));
      expect(setSetting(stackOf(text(before)), "a", "table.restoreFrom", undefined)).toBe(
        text(before),
      );
    }
    const restored = "config:\n  tenants:\n    - id: a\n      table:\n        adopt: t\n";
    const from = "        restoreFrom:\n          at: latest\n";
    expect(setSetting(stackOf(restored + from), "a", "table.restoreFrom", undefined)).toBe(
      restored,
    );
  });

  test("the first setting of an entry goes without its dash", () => {
    const text = (item: string) => `config:\n  tenants:\n    - ${item}id: a\n      tier: basic\n`;
    const before = text("state: suspended # why\n      # about the id\n      ");
    expect(setSetting(stackOf(before), "a", "state", undefined)).toBe(
      text("# about the id\n      "),
    );
    expect(setSetting(stackOf(text("state: suspended\n      ")), "a", "state", undefined)).toBe(
      text(""),
    );
  });

  test("a tenant goes with what stands in its entry; comments around it stay", () => {
    const removed = removeTenant(stackOf(file), "acme");
    expect(removed).toBe(file.replace(/ {4}- id: acme[\s\S]*7}\n/, ""));
    expect(removed).toContain("# the first customer");
  });

  test.each(["", " # all"])("the only tenant leaves a list without items%s", (comment) => {
    const text = (list: string) =>
      `config:\n  chatstack:tenants:${list}${comment}\n    # the first customer\n`;
    const only = `${text("")}    - id: a\n      tier: basic\n`;
    expect(removeTenant(stackOf(only), "a")).toBe(text(" []"));
    expect(parse(addTenant(stackOf(text(" []")), { id: "b" })).config).toEqual({
      "chatstack:tenants": [{ id: "b" }],
    });
  });

  test("lists in one line stay in one line", () => {
    const text = "config:\n  chatstack:tenants: [{ id: a, tier: basic }, {id: b}] # all\n";
    expect(addTenant(stackOf(text), { id: "c", tier: "basic" })).toBe(
      "config:\n  chatstack:tenants: [{ id: a, tier: basic }, {id: b}, { id: c, tier: basic }] # all\n",
    );
    expect(removeTenant(stackOf(text), "b")).toBe(
      "config:\n  chatstack:tenants: [{ id: a, tier: basic }] # all\n",
    );
  });

  test("lists and maps in several lines keep their lines, comments and blanks", () => {
    const text = `config:
  tenants: [
    # the first
    {id: a,   tier: basic,
     table: { recoveryDays:  7 }},   # a
    &b {id: b, tier: "basic"}, # b
  ]
`;
    const c = { id: "c", tier: "basic" };
    expect(addTenant(stackOf(text), c)).toBe(
      text.replace('"basic"},', '"basic"}, { id: c, tier: basic },'),
    );
    expect(removeTenant(stackOf(addTenant(stackOf(text), c)), "c")).toBe(text);
    expect(setSetting(stackOf(text), "a", "table.adopt", "t")).toBe(
      text.replace("recoveryDays:  7 }", "recoveryDays:  7, adopt: t }"),
    );
    expect(setSetting(stackOf(text), "b", "retainUntil", "2027-03-31")).toBe(
      text.replace('tier: "basic"', 'tier: "basic", retainUntil: "2027-03-31"'),
    );
    expect(parse(removeTenant(stackOf(text), "b")).config.tenants).toHaveLength(1);
    expect(removeTenant(stackOf(text), "b")).not.toContain("&b");
  });

  test("text that the engine would read as anything else is written in quotes", () => {
    const texts = ["0o17", "0123", "1_000", "2027-03-31", "off", "~", "1e3", "0x1F", "true"];
    const entry = { id: "a", ...Object.fromEntries(texts.map((text, at) => [`s${at}`, text])) };
    for (const before of ["config:\n  a: 1\n", "config:\n  chatstack:tenants: []\n"]) {
      const { config } = configOf(readYaml(addTenant(stackOf(before), entry)), "chatstack");
      expect(JSON.parse(config["chatstack:tenants"]!)).toEqual([entry]);
    }
  });

  test("a tenant whose settings others merge is not removed from under them", () => {
    const text = `config:
  tenants:
    - &acme
      id: acme
      table: &days {recoveryDays: 7}
    - <<: *acme
      id: globex
    - id: umbrella
      table: *days
`;
    expect(() => removeTenant(stackOf(text), "acme")).toThrow(
      'Pulumi.dev.yaml:4: the entry of "acme" has the anchor &acme, which *acme in line 6 uses: first move',
    );
    expect(removeTenant(stackOf(text), "globex")).toBe(
      text.replace("    - <<: *acme\n      id: globex\n", ""),
    );
    expect(setSetting(stackOf(text), "globex", "state", "suspended")).toBe(
      text.replace("id: globex\n", "id: globex\n      state: suspended\n"),
    );
  });

  test("a byte order mark stays where it is", () => {
    const text = "\uFEFFconfig:\n  tenants:\n    - id: a\n    - id: b\n";
    expect(setSetting(stackOf(text), "b", "state", "suspended")).toBe(
      `${text}      state: suspended\n`,
    );
  });

  test("a stack without tenants gets its first one", () => {
    const first = { id: "a", tier: "basic" };
    expect(addTenant(stackOf("config:\n  a: 1"), first)).toBe(
      "config:\n  a: 1\n  chatstack:tenants:\n    - id: a\n      tier: basic",
    );
    expect(addTenant(stackOf("config:\n  chatstack:tenants: []\n"), first)).toBe(
      "config:\n  chatstack:tenants: [{ id: a, tier: basic }]\n",
    );
  });

  test.each([
    ["there is no tenant", file, 'there is no tenant "initech"; there are acme, globex'],
    ["there is no config", "a: 1\n", "has no config: to list tenants in"],
    ["the list is none", "config:\n  tenants: 1\n", "chatstack:tenants: is not a list of tenants"],
    [
      "an alias would change more than the tenant",
      "config:\n  tenants:\n    - &x {id: initech}\n    - *x\n",
      "cannot be edited here",
    ],
  ])("it is refused when %s", (_, text, message) => {
    expect(() => setSetting(stackOf(text), "initech", "state", "suspended")).toThrow(
      `Pulumi.dev.yaml: ${message}`.replace(
        ": cannot",
        ": its tenants are written in a way that cannot",
      ),
    );
  });
});

describe("whatever else the file holds", () => {
  const comment = fc.constantFrom("", " # why", "   # a: b - c", " # 'quoted\"");
  const ownLines = fc
    .array(fc.constantFrom("", "# alone", "  # indented", "      # deeper: yes"), { maxLength: 2 })
    .map((lines) => lines.map((line) => `${line}\n`).join(""));
  const scalar = fc.constantFrom(
    "7",
    "'off'",
    '"a # b"',
    "text with words",
    "[1,  2]",
    "{ a:   1 }",
  );
  const setting = fc.record({ ownLines, scalar, comment });

  const item = (id: string) =>
    fc.oneof(
      { weight: 1, arbitrary: comment.map((end) => ({ id, flow: end })) },
      {
        weight: 4,
        arbitrary: fc.record({
          id: fc.constant(id),
          width: fc.integer({ min: 2, max: 5 }),
          isTierFirst: fc.boolean(),
          quote: fc.constantFrom("", "'", '"'),
          comment,
          settings: fc.array(setting, { maxLength: 3 }),
        }),
      },
    );
  type Item = typeof item extends (id: string) => fc.Arbitrary<infer T> ? T : never;

  function render(one: Item, column: number): string {
    const [margin, key] = [" ".repeat(column), (width: number) => " ".repeat(column + width)];
    if ("flow" in one) return `${margin}- {id: ${one.id},   tier: basic}${one.flow}\n`;
    const { id, width, quote, settings } = one;
    const pairs = [`id: ${quote}${id}${quote}`, `tier: standard${one.comment}`];
    if (one.isTierFirst) pairs.reverse();
    const lines = pairs.map((pair, at) => `${at === 0 ? "" : key(width)}${pair}\n`).join("");
    const more = settings.map(
      (each, at) => `${each.ownLines}${key(width)}s${at}: ${each.scalar}${each.comment}\n`,
    );
    return `${margin}-${" ".repeat(width - 1)}${lines}${more.join("")}`;
  }

  const stacks = fc
    .record({
      items: fc.tuple(item("acme"), item("globex"), item("umbrella")),
      between: fc.tuple(ownLines, ownLines, ownLines, ownLines),
      column: fc.integer({ min: 2, max: 6 }),
      key: fc.constantFrom("chatstack:tenants", "tenants", '"chatstack:tenants"'),
      isLast: fc.boolean(),
      isUnended: fc.boolean(),
      newline: fc.constantFrom("\n", "\r\n"),
    })
    .map(({ items, between, column, key, isLast, isUnended, newline }) => {
      const list = items.map((one, at) => `${between[at]}${render(one, column)}`).join("");
      const rest = isLast ? "" : `${between[3]}  aws:region:   us-east-1 # here\n`;
      const text = `# top\nconfig:\n  a: 1\n  ${key}: # list\n${list}${rest}`;
      return (isUnended ? text.trimEnd() : text).replaceAll("\n", newline);
    });
  const ids = fc.constantFrom("acme", "globex", "umbrella");

  /** Whether `part` is `whole` without some neighbouring lines. */
  function isCutOf(whole: string, part: string): boolean {
    const [long = [], short = []] = [whole, part].map((text) => text.trimEnd().split(/\r?\n/));
    const found = short.findIndex((line, at) => line !== long[at]);
    const at = found < 0 ? short.length : found;
    const rest = long.slice(at + long.length - short.length);
    return isDeepStrictEqual([...long.slice(0, at), ...rest], short);
  }

  const isMixed = (text: string) => text.includes("\r\n") && /(?<!\r)\n/.test(text);

  test("adding puts lines in and changes none, and removing takes the same ones out", () => {
    fc.assert(
      fc.property(stacks, (text) => {
        const added = addTenant(stackOf(text), initech);
        expect(parse(added).config).toMatchObject({ a: 1 });
        expect([isCutOf(added, text), isMixed(added)]).toEqual([true, false]);
        expect(removeTenant(stackOf(added), "initech")).toBe(text);
      }),
      { numRuns: 100 },
    );
  });

  test("suspending changes a line or puts one in, and resuming gives the file back", () => {
    fc.assert(
      fc.property(stacks, ids, (text, id) => {
        const suspended = setSetting(stackOf(text), id, "state", "suspended");
        const resumed = setSetting(stackOf(suspended), id, "state", undefined);
        expect(resumed).toBe(text);
      }),
      { numRuns: 100 },
    );
  });

  test("removing takes out neighbouring lines, and no comment that is not in the entry", () => {
    fc.assert(
      fc.property(stacks, ids, (text, id) => {
        const removed = removeTenant(stackOf(text), id);
        expect(isCutOf(text, removed)).toBe(true);
        expect(removed).not.toMatch(new RegExp(`id: ['"]?${id}`));
      }),
      { numRuns: 100 },
    );
  });
});
