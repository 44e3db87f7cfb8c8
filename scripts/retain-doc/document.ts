/** `docs/operations/retain.md`, written from `policies/tenancy/holdings.ts`. */
import { type Holding, holdings, recordKeepers } from "../../policies/tenancy/holdings.ts";

export const retainDocument = (): string => `# Data and configuration

<!-- Written by \`npm run docs\` from policies/tenancy/holdings.ts and scripts/retain-doc/. A test fails when it is stale. -->

The setting \`retain\` says what happens to a tenant's data when the tenant, or a part of it, is removed from the stack
file. It applies to two kinds of resources: those that hold **data**, and those that **guard** it. Everything else is
**configuration**: editing the stack file changes or removes it in one \`pulumi up\`, in production as well, and nothing
of it stays live.

| \`retain\` | when data and guards leave the program | options in Pulumi | the AWS service |
| --- | --- | --- | --- |
| \`protect\` | the \`up\` is refused | \`protect\`, \`retainOnDelete\` | refuses deletion, where it can |
| \`retain\` | they leave the stack and stay in the account | \`retainOnDelete\` | refuses deletion, where it can |
| \`destroy\` | they are deleted | | deletes |

## Archives, audit trails and access logs

These keep records beside the tenant's data, and a tenant can turn them off: \`archive: "off"\`, \`audit: "off"\`,
\`documents: {accessLogs: "off"}\`. Their components (${recordKeepers.map((type) => `\`${type.split(":").at(-1)}\``).join(", ")})
treat \`retain: protect\` as \`retain: retain\`. When one is turned off, Pulumi deletes the resources that write the
records. The bucket leaves the stack and stays in the account with its guards; \`chatstack plan\` says so. The records in
it expire on the day that was set. If the tenant turns the setting on again, Pulumi makes a new bucket; the old one is
found by its tag \`chatstack:tenant\`. The policy rule \`s3-protect\` does not apply to these buckets. The rule
\`own-retain-on-delete\` asks for \`retainOnDelete\` on them.

## Settings that can only be replaced

A vault lock, an identity provider, a login domain and a firewall's association are deleted before they are made anew, since
their owner can have only one. Between the two steps the owner has none. AWS refuses to change a compliance lock that has
closed. So set \`vaultLock: {mode: compliance, changeableForDays: 3, state: closed}\` once its \`changeableForDays\` are over.
Then the lock is treated like its vault, and \`retain\` applies to it.

## Deploying this version over an older one

Older versions protected and retained configuration too. Deploy the new version once **with an unchanged stack file**. That
\`up\` replaces and deletes nothing that holds data. It removes the options of configuration from Pulumi's state. It also
deploys every API again once, because the new version computes the fingerprint of a deployment in another way. The next
\`up\` may then change or remove configuration. If you did both in one \`up\`, Pulumi would refuse, because it uses the
options in its state.

The setting \`table.restoreFrom\` no longer exists. For a table that was deployed with it, first change the file: put
\`table.adopt: <the table's name>\` in its place. The table stays as it is. If you only remove \`table.restoreFrom\`, the
provider makes a new, empty table: \`pulumi up\` refuses that under \`protect\`, and does it under \`retain\` and \`destroy\`.

## Every resource

${table(holdings)}
`;

function table(rows: readonly Holding[]): string {
  const cells = rows.map(({ types, kind, why }) => {
    const names = types
      .filter((type) => !/V2:\w+V2$/.test(type))
      .map((type) => `\`${short(type)}\``);
    return `| ${names.join(", ")} | ${kind} | ${why} |`;
  });
  return ["| resource | kind | why |", "| --- | --- | --- |", ...cells].join("\n");
}

/** `aws:dynamodb/table:Table` as `dynamodb.Table`. */
const short = (type: string) => type.replace(/^aws:(\w+)\/\w+:(\w+)$/, "$1.$2");
