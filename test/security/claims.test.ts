import { describe, expect, it } from "vitest";
import { audience, TestApi } from "../../testing/app/api.ts";
import { asUser, call, json } from "./support/function.ts";
import { guarded, pathOf } from "./support/operations.ts";
import { tried } from "./support/tried.ts";

const api = TestApi.forThisFile();

/** What a gateway hands over that was set up wrongly, or was got around. */
const wrongClaims: Record<string, object | null> = {
  none: null,
  "no object": [],
  "an empty object": {},
  "an ID token's": asUser("alice", { token_use: "id" }).claims,
  "no use": asUser("alice", { token_use: undefined }).claims,
  "a use in other letters": asUser("alice", { token_use: "ACCESS" }).claims,
  "another client": asUser("alice", { client_id: "client-c" }).claims,
  "both clients as one": asUser("alice", { client_id: audience.clientIds.join(",") }).claims,
  "no client": asUser("alice", { client_id: undefined }).claims,
  "an ID token's audience for a client": asUser("alice", { client_id: undefined, aud: "client-a" })
    .claims,
  "another pool": asUser("alice", {
    iss: "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_X",
  }).claims,
  "a pool whose name ends alike": asUser("alice", { iss: `https://x/x${audience.userPoolId}` })
    .claims,
  "a pool with more behind it": asUser("alice", { iss: `https://x/${audience.userPoolId}/x` })
    .claims,
  "no issuer": asUser("alice", { iss: undefined }).claims,
  "no subject": asUser("alice", { sub: undefined }).claims,
  "an empty subject": asUser("alice", { sub: "" }).claims,
  "a subject that forges a key": asUser("alice", { sub: "alice#CONV#x" }).claims,
  "a subject that is a path": asUser("alice", { sub: "../alice" }).claims,
  "a subject of 65 characters": asUser("alice", { sub: "a".repeat(65) }).claims,
  "a subject with a line break": asUser("alice", { sub: "alice\n" }).claims,
  "a subject that looks like another": asUser("alice", { sub: "аlice" }).claims,
  "a list of subjects": { ...asUser("alice").claims, sub: ["alice"] },
};

describe.each(guarded)("$method $path", (operation) => {
  it("answers 401 whatever the gateway let through without good claims", async (context) => {
    const path = pathOf(operation, () => "some-id");
    tried(context, Object.keys(wrongClaims).length);
    for (const [name, claims] of Object.entries(wrongClaims)) {
      const answer = await call(api, operation.method, path, {
        claims,
        ...(operation.body && {
          headers: { "content-type": operation.body.type },
          body: operation.body.sample,
        }),
      });
      expect([name, answer.status]).toEqual([name, 401]);
      expect(answer.headers["www-authenticate"]).toBe("Bearer");
    }
  });
});

/** How somebody might be called who is no administrator. */
const groupsOfMembers = [
  undefined,
  "",
  "[]",
  "Admins",
  "ADMINS",
  "notadmins",
  "admins2",
  "admins-",
  "admin",
  "[notadmins]",
  "[members notadmins]",
  "[admins2 members]",
  "not-admins,members",
  "not,notadmins",
  "team[admins]",
  "[team[admins]]",
  "[admins",
  "admins]",
  "[[admins]]",
  '["admins"]',
  '"admins"',
  "'admins'",
  "members admins",
  "members\tadmins",
  "members;admins",
  "members|admins",
  "аdmins",
  "admins\u200b",
  "ad\u0000mins",
  "{admins}",
  "(admins)",
];

describe.each(
  guarded.filter(({ path }) => path.startsWith("/admin/")),
)("$method $path", (operation) => {
  it("answers 403 to whoever is in no group of exactly that name", async (context) => {
    tried(context, groupsOfMembers.length);
    const path = pathOf(operation, () => "alice");
    const query = { from: ["2026-11-20"], month: ["2026-11"] };
    for (const groups of groupsOfMembers) {
      const answer = await call(api, operation.method, path, {
        ...asUser("mallory", { "cognito:groups": groups }),
        query,
        headers: json,
        body: operation.body?.sample,
      });
      expect([groups, answer.status]).toEqual([groups, 403]);
    }
  });
});

it("takes nobody for an administrator who only says so", async (context) => {
  const headers = {
    "cognito-groups": "admins",
    "x-amzn-oidc-data": "admins",
    "x-groups": "admins",
    "x-user": "alice",
    "x-amz-cognito-groups": "admins",
  };
  tried(context, Object.keys(headers).length);
  for (const [name, value] of Object.entries(headers)) {
    const path = "/admin/users/alice/usage";
    const answer = await call(api, "GET", path, {
      ...asUser("mallory"),
      headers: { [name]: value },
      query: {},
    });
    expect([name, answer.status]).toEqual([name, 403]);
  }
});
