import fc from "fast-check";
import { expect, it } from "vitest";
import { isIdentifier, newIdentifier } from "../../../app/http/identifiers.ts";
import {
  headerKey,
  messageKey,
  messagePartition,
  profileKey,
  recencyKeys,
  sequenceOf,
} from "../../../app/store/dynamodb/table/keys.ts";

const identifiers = fc.stringMatching(/^[0-9A-Za-z_-]{1,64}$/);

it("makes identifiers that it accepts", () => {
  for (let index = 0; index < 100; index++) expect(isIdentifier(newIdentifier())).toBe(true);
});

it("accepts nothing that holds a separator or is too long", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const allowed = [...text].every((character) => /^[0-9A-Za-z_-]$/.test(character));
      expect(isIdentifier(text)).toBe(allowed && text.length >= 1 && text.length <= 64);
    }),
  );
  for (const text of ["", "a#b", "a\n", "\na", "a b", "ä", "a/b", "x".repeat(65)]) {
    expect(isIdentifier(text)).toBe(false);
  }
});

it("builds no key from what is no identifier", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      fc.pre(!isIdentifier(text));
      for (const build of [
        () => profileKey(text),
        () => headerKey(text, "id"),
        () => headerKey("user", text),
        () => messagePartition(text, "id"),
        () => messagePartition("user", text),
        () => recencyKeys(text, "2026"),
      ]) {
        expect(build).toThrow(TypeError);
      }
    }),
  );
});

it("never gives two things the same key", () => {
  const places = fc.tuple(identifiers, identifiers, fc.integer({ min: 1, max: 9_999_999_999 }));
  fc.assert(
    fc.property(places, places, ([user, id, n], [otherUser, otherId, otherN]) => {
      fc.pre(user !== otherUser || id !== otherId || n !== otherN);
      expect(messageKey(user, id, n)).not.toEqual(messageKey(otherUser, otherId, otherN));
      if (user !== otherUser || id !== otherId) {
        expect(headerKey(user, id)).not.toEqual(headerKey(otherUser, otherId));
        expect(messagePartition(user, id)).not.toBe(messagePartition(otherUser, otherId));
      }
    }),
  );
});

it("sorts messages by sequence", () => {
  const sequences = fc.integer({ min: 1, max: 9_999_999_999 });
  fc.assert(
    fc.property(sequences, sequences, (one, other) => {
      const [a, b] = [messageKey("u", "c", one), messageKey("u", "c", other)];
      expect(a.sk < b.sk).toBe(one < other);
      expect(sequenceOf(a)).toBe(one);
    }),
  );
});
