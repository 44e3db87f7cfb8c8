/** What the page is told by `config.json`, which stands beside it. Nothing in it is secret. */
export interface Config {
  /** One: there is nothing to choose. */
  readonly tenants: readonly Tenant[];
  /** Address of an embedded Cognito. Absent on AWS: the pool's id names the region. */
  readonly cognitoEndpoint?: string;
  /** Address of test users with their passwords, on a developer's machine only. */
  readonly testUsers?: string;
}

/** Outputs of a tenant's stack. */
export interface Tenant {
  readonly id: string;
  readonly url: string;
  readonly userPoolId: string;
  readonly clientId: string;
  /** Of Cognito's own sign-in page. Absent: the tenant has none. */
  readonly login?: Login;
}

export interface Login {
  /** E.g. `https://acme-chat.auth.us-east-1.amazoncognito.com`. */
  readonly url: string;
  /** Address of this page, as the client's callback and logout addresses have it. */
  readonly redirectUri: string;
}

export interface TestUser {
  readonly username: string;
  readonly password: string;
  readonly groups: readonly string[];
}

export const loadConfig = (): Promise<Config> => load("config.json");

const keyName = "chat-page.key";

/**
 * Takes the key of the test users out of the address (`#key=…`), where a picture of the screen would show
 * it, and keeps it for this tab.
 */
export function keepKey(): void {
  const key = new URLSearchParams(location.hash.slice(1)).get("key");
  if (key === null) return;
  sessionStorage.setItem(keyName, key);
  history.replaceState(null, "", location.pathname + location.search);
}

/** An address with another fragment leads to the page that is there already. */
addEventListener("hashchange", () => {
  keepKey();
  location.reload();
});

/** Test users by tenant; undefined where the page was opened without their key. */
export async function loadTestUsers(
  config: Config,
): Promise<Record<string, readonly TestUser[]> | undefined> {
  const key = sessionStorage.getItem(keyName);
  if (config.testUsers === undefined) return {};
  return key === null ? undefined : load(config.testUsers, { "x-page-key": key });
}

async function load<T>(path: string, headers: Record<string, string> = {}): Promise<T> {
  const answer = await fetch(path, { headers });
  if (!answer.ok) throw new Error(`${path}: status ${answer.status}`);
  return answer.json();
}
