import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { Problem, problemKinds, problemType } from "../../../app/http/problem.ts";
import { generateOpenApiJson } from "../../../app/openapi/openapi.ts";
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

test("what the document says of any other failure holds for the gateway's default answers", () => {
  const document = JSON.parse(generateOpenApiJson());
  const { schema } = document.components.responses.Problem.content["application/problem+json"];
  const defaults = gatewayResponses([]).filter(({ responseType }) => /^DEFAULT/.test(responseType));
  expect(defaults).toHaveLength(2);
  const isValid = new Ajv({ strict: false }).compile(schema);
  for (const { body } of defaults) {
    const answer = JSON.parse(body.replace("$context.error.messageString", '"Too long"'));
    expect([isValid(answer), isValid.errors]).toEqual([true, null]);
  }
});
