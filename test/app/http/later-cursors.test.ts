import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import * as z from "zod";
import { contract } from "../../../app/contract/index.ts";
import { Cursors } from "../../../app/http/cursor.ts";
import { dependenciesOn, TestApi } from "../../../testing/app/api.ts";

const api = TestApi.forThisFile();

/** Stands for a cursor that a later version signed with the tenant's key. */
class LaterCursors extends Cursors {
  readonly #position: string;

  constructor(position: string) {
    super(async () => randomBytes(32));
    this.#position = position;
  }

  override async verify(): Promise<string> {
    return this.#position;
  }
}

/** Where each route takes its cursor. */
const lists = contract.flatMap((route): { readonly path: string; readonly place: Place }[] => {
  if (!("request" in route)) return [];
  const { path, request } = route;
  if ("query" in request && "cursor" in request.query.shape) return [{ path, place: "query" }];
  if (!("body" in request)) return [];
  const { schema } = Object.values(request.body.content)[0] ?? {};
  const isTaken = schema instanceof z.ZodObject && "cursor" in schema.shape;
  return isTaken ? [{ path, place: "body" }] : [];
});
type Place = "query" | "body";

const days = { from: "2026-11-20", to: "2026-11-21" };

it.each([
  "dynamodb",
  "s3",
] as const)("asks who holds a cursor of a later version to begin anew, on every list (history in %s)", async (history) => {
  expect(lists.length).toBeGreaterThanOrEqual(10);
  const dependencies = dependenciesOn(api.table, () => {}, history);
  const id = await api.as("ada").conversation();
  await api.with(dependencies).as("ada").post("/conversations", { id, title: "x" });
  for (const position of ['{"v":2}', "newest|2026/x|y", "7,8", "", "#".repeat(80)]) {
    const later = api.with({ ...dependencies, cursors: new LaterCursors(position) });
    const ada = later.as("ada", { "cognito:groups": "admins" });
    for (const { path, place } of lists) {
      const at = path.replace("{id}", id).replace("{user}", "ada");
      const query = new URLSearchParams({
        cursor: "signed",
        ...(at === "/admin/conversations" && days),
        ...(at === "/admin/audit" && { month: "2026-11" }),
      });
      const answer =
        place === "query"
          ? await ada.get(`${at}?${query}`)
          : await ada.post(at, { ...days, cursor: "signed" });
      expect([path, position, answer.status, answer.body.type]).toEqual([
        path,
        position,
        400,
        expect.stringMatching(/invalid-cursor$/),
      ]);
    }
  }
});
