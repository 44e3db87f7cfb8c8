import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  AdminInitiateAuthCommand,
  CognitoIdentityProviderClient,
} from "@aws-sdk/client-cognito-identity-provider";
import type { Tenant } from "../../../local/environment.ts";
import { chatstackHere } from "../../../testing/processes/in-process.ts";

/** An HTTP client of one tenant's API. */
export class Client {
  readonly #url: string;
  readonly #token: string | undefined;

  constructor(url: string, token?: string) {
    this.#url = url;
    this.#token = token;
  }

  send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const isText = typeof body === "string" || body === undefined;
    return fetch(this.#url + path, {
      method,
      headers: {
        ...(this.#token !== undefined && { authorization: `Bearer ${this.#token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      body: isText ? body : JSON.stringify(body),
    });
  }

  /** Sends, expects success, and returns the parsed answer, of which the test knows the shape. */
  async json(...request: Parameters<Client["send"]>) {
    const response = await this.send(...request);
    const text = await response.text();
    if (!response.ok) throw new Error(`${request[0]} ${request[1]}: ${response.status} ${text}`);
    return JSON.parse(text);
  }

  /** Every item of a list, page by page. */
  async all(path: string, limit: number) {
    const items = [];
    let cursor: string | null = "";
    do {
      const page: {
        items: { id: string; sequence: number; content: string }[];
        nextCursor: string | null;
      } = await this.json("GET", `${path}?limit=${limit}${cursor && `&cursor=${cursor}`}`);
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return items;
  }
}

/** Signs in as the documentation says: with `chatstack token`. */
export async function signIn(tenant: Tenant, user: string, dataDir: string): Promise<string> {
  const args = ["token", tenant.id, user, "--data-dir", dataDir];
  const { code, stdout, stderr } = await chatstackHere(args);
  if (code !== 0) throw new Error(stderr);
  return stdout.trim();
}

/** The ID token of the same sign-in, which no API may take for an access token. */
export async function idToken(tenant: Tenant, dataDir: string): Promise<string> {
  const { cognitoEndpoint } = JSON.parse(readFileSync(join(dataDir, "running.json"), "utf8"));
  const cognito = new CognitoIdentityProviderClient({
    endpoint: cognitoEndpoint,
    region: tenant.region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const { AuthenticationResult } = await cognito.send(
    new AdminInitiateAuthCommand({
      UserPoolId: tenant.userPoolId,
      ClientId: tenant.clientId,
      AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
      AuthParameters: {
        USERNAME: tenant.users[0]!.username,
        PASSWORD: tenant.users[0]!.password,
      },
    }),
  );
  return AuthenticationResult!.IdToken!;
}
