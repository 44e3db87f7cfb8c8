/** `docs/retain.md`, written from `policies/tenancy/holdings.ts`. */
import { type Holding, holdings, recordKeepers } from "../../policies/tenancy/holdings.ts";

export const retainDocument = (): string => `# Data and configuration

<!-- Written by \`npm run docs\` from policies/tenancy/holdings.ts and scripts/retain-doc/. A test fails when it is stale. -->

\`retain\` says what becomes of a tenant's data. It applies to two kinds of resources: those that hold **data**, and
those that **guard** it. Everything else is **configuration**: editing the stack file changes or removes it in one
\`pulumi up\`, in production as well, and nothing of it stays live.

| \`retain\` | data and guards leave the program | Pulumi | the service |
| --- | --- | --- | --- |
| \`protect\` | the \`up\` is refused | \`protect\`, \`retainOnDelete\` | refuses deletion, where it can |
| \`retain\` | they leave the stack and stay in the account | \`retainOnDelete\` | refuses deletion, where it can |
| \`destroy\` | they are deleted | | deletes |

## Archives, audit trails and access logs

These keep records beside the tenant's data, and a tenant can turn them off: \`archive: "off"\`, \`audit: "off"\`,
\`documents: {accessLogs: "off"}\`. With \`retain: protect\` their components (${recordKeepers.map((type) => `\`${type.split(":").at(-1)}\``).join(", ")})
**retain**: what writes the records is deleted, the bucket leaves the stack and stays in the account with its guards, and
\`chatstack plan\` says so. What it holds expires on its day. Turned on again, a new bucket begins; the old one is found by
its tag \`chatstack:tenant\`. Rule \`s3-protect\` leaves these buckets out, and \`own-retain-on-delete\` asks for
\`retainOnDelete\`.

## Settings that can only be replaced

A vault lock, an identity provider, a login domain and a firewall's association are deleted before they are made anew, since
their owner can have only one. For that moment there is none. AWS refuses to change a compliance lock that has closed: say
\`vaultLock: {mode: compliance, changeableForDays: 3, state: closed}\` once its days are over. The lock then belongs to its
vault: \`retain\` applies to it.

## Deploying this version over an older one

Older versions protected and retained configuration too. Deploy the new version once **with an unchanged stack file**. That
\`up\` replaces and deletes nothing that holds data: it drops the options from configuration in Pulumi's state, and every API
is deployed again once, as its deployment is fingerprinted anew. The next \`up\` may then change or remove configuration. In
one step, Pulumi would go by the options in its state and refuse.

A table that was deployed with \`table.restoreFrom\` needs one change of the file first, as that is no setting any more: put
\`table.adopt: <the table's name>\` in its place. The table stays as it is. If the setting only goes, the provider makes a new,
empty table: \`pulumi up\` refuses that under \`protect\`, and does it under \`retain\` and \`destroy\`.

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
