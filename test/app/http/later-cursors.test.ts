import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import * as z from "zod";
import { Cursors } from "../../../app/http/cursor.ts";
import { dependenciesOn, TestApi } from "../../../testing/app/api.ts";
import {
  type Operation,
  operations,
  pathOf,
  requiredQuery,
} from "../../security/support/operations.ts";

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

const takesCursor = ({ parameters, body }: Operation) =>
  parameters.some(({ name }) => name === "cursor") || isInBody(body);
const isInBody = (body: Operation["body"]) =>
  z.looseObject({ properties: z.looseObject({ cursor: z.unknown() }) }).safeParse(body?.schema)
    .success;
const lists = operations.filter(takesCursor);

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
    for (const list of lists) {
      const path = pathOf(list, (name) => (name === "user" ? "ada" : id));
      const query = new URLSearchParams({ ...requiredQuery(list), cursor: "signed" });
      const answer = isInBody(list.body)
        ? await ada.post(path, { from: "2026-11-20", cursor: "signed" })
        : await ada.get(`${path}?${query}`);
      expect([path, position, answer.status, answer.body.type]).toEqual([
        path,
        position,
        400,
        expect.stringMatching(/invalid-cursor$/),
      ]);
    }
  }
});
