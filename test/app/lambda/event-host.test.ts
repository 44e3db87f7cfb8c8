import { expect, it } from "vitest";
import { requestOf } from "../../../app/lambda/event.ts";

it.each([
  ["/", "api.example?x=1", "https://api.example/"],
  ["/", "api.example#x", "https://api.example/"],
  ["/p", "api.example/p?x=1", "https://api.example/p"],
  ["/conversations/a", "api.example", "https://api.example/conversations/a"],
  ["/conversations/a#b", "api.example", "https://api.example/conversations/a%23b"],
])("takes nothing but a host from where the host is told (%s at %s)", (path, domainName, url) => {
  const requestContext = { requestId: "1", domainName };
  expect(requestOf({ httpMethod: "GET", path, requestContext }).url).toBe(url);
});
