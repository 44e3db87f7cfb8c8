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
}

export interface TestUser {
  readonly username: string;
  readonly password: string;
  readonly groups: readonly string[];
}

export const loadConfig = (): Promise<Config> => load("config.json");

/** Test users by tenant. */
export async function loadTestUsers(config: Config): Promise<Record<string, readonly TestUser[]>> {
  return config.testUsers === undefined ? {} : load(config.testUsers);
}

async function load<T>(path: string): Promise<T> {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`${path}: status ${answer.status}`);
  return answer.json();
}
