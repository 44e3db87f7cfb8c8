import { describe, expect, test } from "vitest";
import { resource, unknown } from "../testing.ts";
import {
  at,
  eachKnownText,
  knownAt,
  knownTextsAt,
  listAt,
  numberAt,
  textAt,
  textsAt,
  unknownProperty,
} from "./read.ts";

const { props } = resource("a:b:C", {
  block: { flag: false, none: null, list: ["x", unknown, "y"], dotted: { "a.b": 1 } },
  unknown,
});

describe("at", () => {
  test.each([
    ["block.flag", false],
    ["block.none", undefined],
    ["block.missing.deeper", undefined],
    ["block.list.0", "x"],
    ["block.flag.deeper", undefined],
  ])("reads %s", (path, expected) => {
    expect(at(props, path)).toBe(expected);
  });

  test("takes keys that have dots as a list", () => {
    expect(at(props, ["block", "dotted", "a.b"])).toBe(1);
  });

  test("throws on what is unknown, naming its path", () => {
    const error = ((): unknown => {
      try {
        return at(props, "block.list.1");
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(unknownProperty(error)).toBe("block.list.1");
    expect(unknownProperty(new Error("other"))).toBeUndefined();
  });
});

test("numbers may be text, and nothing else", () => {
  const values = { a: 7, b: "7", c: "", d: "seven", e: true, f: Number.NaN };
  expect(Object.keys(values).map((key) => numberAt(values, key))).toEqual([
    7,
    7,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test("a single value is a list of one, and absence an empty list", () => {
  const values = { one: "x", many: ["x", 1, "y"], none: null };
  expect(listAt(values, "one")).toEqual(["x"]);
  expect(listAt(values, "none")).toEqual([]);
  expect(textsAt(values, "many")).toEqual(["x", "y"]);
  expect(textAt(values, "many")).toBeUndefined();
});

describe("reading what is known, for joins", () => {
  test("leaves out what is unknown", () => {
    expect(knownAt(props, "unknown")).toBeUndefined();
    expect(knownTextsAt(props, "block.list")).toEqual(["x", "y"]);
    expect(knownTextsAt(props, "unknown")).toEqual([]);
    const texts: object[] = [];
    eachKnownText(props, (text, path) => texts.push({ path: [...path], text }));
    expect(texts).toEqual([
      { path: ["block", "list", "0"], text: "x" },
      { path: ["block", "list", "2"], text: "y" },
    ]);
  });

  test("does not hide other errors", () => {
    const broken = {
      get value(): string {
        throw new TypeError("a bug");
      },
    };
    expect(() => knownAt(broken, "value")).toThrow("a bug");
  });
});
