import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { Cursors } from "../../../app/http/cursor.ts";

const key = randomBytes(32);
const cursors = new Cursors(async () => key);
const refused = { name: "Problem", kind: "invalid-cursor" };

const scopes = fc.array(fc.string({ unit: "binary" }), { minLength: 1, maxLength: 4 });
const positions = fc.string({ unit: "grapheme" });

it("gives back the position that it signed", async () => {
  await fc.assert(
    fc.asyncProperty(scopes, positions, async (scope, position) => {
      const cursor = await cursors.sign(scope, position);
      expect(cursor).toMatch(/^[\w-]+$/);
      expect(await cursors.verify(scope, cursor ?? undefined)).toBe(position);
    }),
  );
});

it("refuses a cursor with any bit flipped, and any text that merely decodes alike", async () => {
  const scope = ["conversations", "alice"];
  const cursor = (await cursors.sign(scope, "2026-11-20T18:00:00.000Z/some-id"))!;
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (let index = 0; index < cursor.length; index++) {
    for (let bit = 0; bit < 6; bit++) {
      const flipped = alphabet[alphabet.indexOf(cursor[index]!) ^ (1 << bit)];
      const changed = `${cursor.slice(0, index)}${flipped}${cursor.slice(index + 1)}`;
      await expect(cursors.verify(scope, changed)).rejects.toMatchObject(refused);
    }
  }
  for (const variant of [
    `${cursor}=`,
    `${cursor}A`,
    ` ${cursor}`,
    cursor.slice(0, -1),
    `${cursor}\n`,
  ]) {
    await expect(cursors.verify(scope, variant)).rejects.toMatchObject(refused);
  }
});

it("refuses arbitrary text", async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), fc.base64String()), async (text) => {
      await expect(cursors.verify(["x"], text)).rejects.toMatchObject(refused);
    }),
  );
});

it("refuses a cursor in any other scope, however alike the parts are when joined", async () => {
  await fc.assert(
    fc.asyncProperty(scopes, scopes, async (scope, other) => {
      fc.pre(JSON.stringify(scope) !== JSON.stringify(other));
      const cursor = (await cursors.sign(scope, "position"))!;
      await expect(cursors.verify(other, cursor)).rejects.toMatchObject(refused);
    }),
  );
  const cursor = (await cursors.sign(["a", "bc"], "1"))!;
  await expect(cursors.verify(["ab", "c"], cursor)).rejects.toMatchObject(refused);
});

it("refuses a cursor of another tenant, whose key is another", async () => {
  const other = new Cursors(async () => randomBytes(32));
  const cursor = (await other.sign(["a"], "1"))!;
  await expect(cursors.verify(["a"], cursor)).rejects.toMatchObject(refused);
});

it("refuses a cursor after 24 hours", async () => {
  let now = new Date("2026-11-20T00:00:00Z");
  const clocked = new Cursors(
    async () => key,
    () => now,
  );
  const cursor = (await clocked.sign(["a"], "1"))!;
  now = new Date("2026-11-20T23:59:59Z");
  expect(await clocked.verify(["a"], cursor)).toBe("1");
  now = new Date("2026-11-21T00:00:00Z");
  await expect(clocked.verify(["a"], cursor)).rejects.toMatchObject(refused);
});
