/** Names that are one of a kind in an account and region, or in the world: no two tenants may have the same. */
import type { Settings } from "./settings.ts";

/** A physical name that a tenant's settings, or its id, spell out. */
interface Name {
  /** What has it; names of different things never meet. */
  readonly of: string;
  /** As the service compares it. */
  readonly name: string;
  /** Of the setting that says it, below the tenant. */
  readonly path: readonly string[];
  readonly found: string;
}

export interface Collision {
  /** Place of the tenant in the list that comes second. */
  readonly index: number;
  readonly path: readonly string[];
  readonly found: string;
  readonly allowed: string;
}

export function collisions(
  tenants: readonly { readonly id: string; readonly settings: Settings }[],
): Collision[] {
  const owners = new Map<string, string>();
  return tenants.flatMap(({ id, settings }, index) =>
    namesOf(id, settings).flatMap(({ of, name, path, found }) => {
      const key = `${of} ${name}`;
      const owner = owners.get(key);
      owners.set(key, owner ?? id);
      const allowed = `${of} that tenant "${owner}" has not`;
      return owner === undefined ? [] : [{ index, path, found, allowed }];
    }),
  );
}

/** Names that a tenant takes. */
export function namesOf(id: string, { api, auth, table, archive }: Settings): Name[] {
  const names: Name[] = [];
  const add = (of: string, found: string, path: string, name = found.toLowerCase()) =>
    names.push({ of, name, path: path.split("."), found });
  if (typeof api?.domain === "object") add(domain, api.domain.name, "api.domain.name");
  if (typeof auth?.managedLogin === "object") {
    const login = auth.managedLogin.domain;
    if ("prefix" in login) {
      add("a prefix of a login domain", login.prefix, "auth.managedLogin.domain.prefix");
    } else {
      // It stands in the same DNS as the APIs' domains.
      add(domain, login.name, "auth.managedLogin.domain.name");
    }
  }
  // DynamoDB tells upper from lower case.
  if (table?.adopt !== undefined) add("a table", table.adopt, "table.adopt", table.adopt);
  if (typeof archive === "object") {
    add("an id whose archive's database has a name", id, "id", archiveName(id));
  }
  return names;
}

const domain = "a domain";

/** As `ChatArchive` names the database in AWS Glue, which takes no hyphens. */
export const archiveName = (id: string): string => id.replaceAll(/[^a-z0-9]+/g, "_");
