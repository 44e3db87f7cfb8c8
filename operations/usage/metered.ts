/** What of a tenant is metered, by the names that a stack's state has. */
import type { ResourceRecord } from "../../offline/record.ts";
import { tenantsByUrn, tenantsOf } from "../../offline/tenancy.ts";

export interface Metered {
  readonly tenant: string;
  /** Names of its APIs. */
  readonly apis: readonly string[];
  readonly functions: readonly string[];
  readonly tables: readonly MeteredTable[];
  /** Buckets of documents. */
  readonly buckets: readonly string[];
}

export interface MeteredTable {
  readonly name: string;
  readonly indexes: readonly string[];
}

/** In the order of the state; tenants without a table or an API have empty lists. */
export function meteredOf(records: readonly ResourceRecord[]): Metered[] {
  const owners = tenantsByUrn(records);
  const byTenant = Map.groupBy(records, ({ urn }) => owners.get(urn));
  return tenantsOf(records).map(({ id }) => {
    const own = byTenant.get(id) ?? [];
    const within = (component: string, type: string) =>
      own.filter(
        ({ urn }) => urn.includes(`chatstack:index:${component}$`) && urn.includes(`$${type}::`),
      );
    const directly = (component: string, type: string) =>
      own.filter(({ urn }) => urn.includes(`TenantStack$chatstack:index:${component}$${type}::`));
    const ids = (found: readonly ResourceRecord[]) => found.flatMap(({ id: name }) => name ?? []);
    return {
      tenant: id,
      // Its id is another; the metrics go by its name.
      apis: within("ChatApi", "aws:apigateway/restApi:RestApi").flatMap(({ outputs }) =>
        typeof outputs.name === "string" ? outputs.name : [],
      ),
      functions: ids(within("ChatApi", "aws:lambda/function:Function")),
      tables: directly("ChatTable", "aws:dynamodb/table:Table").flatMap(({ id: name, inputs }) =>
        name === undefined ? [] : { name, indexes: indexesOf(inputs.globalSecondaryIndexes) },
      ),
      buckets: ids(directly("DocumentBucket", "aws:s3/bucket:Bucket")),
    };
  });
}

const indexesOf = (indexes: unknown): string[] =>
  Array.isArray(indexes)
    ? indexes.flatMap((index: unknown) =>
        typeof index === "object" && index !== null && "name" in index ? String(index.name) : [],
      )
    : [];
