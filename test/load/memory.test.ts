import { expect, it } from "vitest";
import { contract } from "../../app/contract/index.ts";
import { badRequests } from "../../testing/memory/requests.ts";
import type { Worst } from "../../testing/memory/worst.ts";

/** What `npm run bench:memory` asks, though nothing is there to be asked for. */
const none = { letters: "a", random: "a", control: "a", wide: "a" };
const worst: Worst = {
  first: none,
  described: none,
  many: "",
  random: "",
  documents: [{ id: "a", content: "" }],
  attached: [],
  imports: [{ content: "", lines: "" }],
};

it("measures the memory of every operation of the contract, and of the maintenance", () => {
  const measured = new Set(badRequests(worst, "dynamodb").map(({ operation }) => operation));
  const expected = [...contract.map(({ operationId }) => operationId), "maintenance"];
  expect([...measured].toSorted()).toEqual(expected.toSorted());
});
