import { CognitoJwtVerifier } from "aws-jwt-verify";
import { JwtExpiredError } from "aws-jwt-verify/error";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import type { Route } from "./api.ts";
import { Refusal } from "./response.ts";

/** Claims as a function sees them: text, whatever they are in the token. */
export type Claims = Readonly<Record<string, string>>;

export type Authorize = (
  rule: NonNullable<Route["authorizer"]>,
  authorization: string | undefined,
) => Promise<Claims>;

/**
 * A Cognito authorizer that really verifies: signature, issuer, expiry, use and scope of the token. As AWS's, it takes
 * the bare token (API Gateway Developer Guide, "Call a REST API integrated with an Amazon Cognito user pool") and the
 * same behind `Bearer` (RFC 6750, section 2.1), which the guide does not tell of.
 *
 * @param cognitoEndpoint serves each pool's keys at `/<pool>/.well-known/jwks.json`.
 */
export function cognitoAuthorizer(cognitoEndpoint: string): Authorize {
  const jwksCache = new SimpleJwksCache({
    // Tokens name AWS as their issuer, whose keys the verifier would ask for.
    fetcher: {
      async fetch(uri) {
        const response = await fetch(cognitoEndpoint + new URL(uri).pathname);
        if (!response.ok) throw new Error(`No keys at ${response.url}: ${response.status}`);
        return response.arrayBuffer();
      },
    },
  });

  return async ({ userPoolIds, scopes }, authorization) => {
    const token = authorization?.replace(/^Bearer +/i, "");
    if (!token?.split(".").every(isBase64Url)) throw new Refusal("UNAUTHORIZED");
    const verifier = CognitoJwtVerifier.create(
      userPoolIds.map((userPoolId) => ({
        userPoolId,
        // API Gateway takes the tokens of every client of the pool.
        clientId: null,
        ...(scopes.length > 0
          ? { tokenUse: "access" as const, scope: [...scopes] }
          : { tokenUse: "id" as const }),
      })),
      { jwksCache },
    );
    try {
      return claimsOf(await verifier.verify(token));
    } catch (error) {
      if (error instanceof JwtExpiredError) {
        throw new Refusal("UNAUTHORIZED", "The incoming token has expired");
      }
      throw new Refusal("UNAUTHORIZED");
    }
  };
}

/** RFC 7515, section 2; the verifier would read padding and stray bits over, and take several texts for one token. */
const isBase64Url = (part: string) => Buffer.from(part, "base64url").toString("base64url") === part;

/** As a REST API hands them over: lists joined by commas, `exp` and `iat` as dates in Java's format. */
function claimsOf(payload: object): Claims {
  return Object.fromEntries(
    Object.entries(payload).map(([name, value]) => {
      if (name === "exp" || name === "iat") return [name, javaDate(Number(value) * 1000)];
      return [name, String(value)];
    }),
  );
}

/** `Thu Nov 19 08:05:03 UTC 2026` */
function javaDate(milliseconds: number): string {
  const [weekday, day, month, year, time] = new Date(milliseconds).toUTCString().split(/,? /);
  return `${weekday} ${month} ${day} ${time} UTC ${year}`;
}
