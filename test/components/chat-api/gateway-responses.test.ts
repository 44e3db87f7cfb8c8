import { expect, test } from "vitest";
import { Problem, problemKinds, problemType } from "../../../app/http/problem.ts";
import { gatewayResponses } from "../../../components/chat-api/gateway-responses.ts";

test("a problem that gateway and app both know is the same from either", () => {
  const shared = gatewayResponses([]).flatMap(({ body }) => {
    const kind = problemKinds.find((known) => body.includes(`"${problemType(known)}"`));
    return kind ? [{ kind, body }] : [];
  });
  expect(shared.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(["unauthenticated", "not-found", "too-large"]),
  );
  for (const { kind, body } of shared) {
    expect(body).toBe(JSON.stringify(new Problem(kind)));
  }
});
