import type { ResourceRecord } from "../../offline/record.ts";
import { type Statement, statementsOf } from "../../policies/reading/policy-document.ts";
import type { TableInfo } from "./dynamodb.ts";

export interface FunctionRole {
  readonly name: string;
  readonly statements: readonly Statement[];
}

/** The role that a function of the records runs as, with every policy that the records give it. */
export function roleOf(fn: ResourceRecord, records: readonly ResourceRecord[]): FunctionRole {
  const of = (type: string) => records.filter((record) => record.type === type);
  const role = of("aws:iam/role:Role").find(({ outputs }) => outputs.arn === fn.inputs.role);
  if (role === undefined) throw new Error(`${fn.urn}: its role is not among the records.`);
  const name = String(role.outputs.name);
  const attached = of("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    .filter(({ inputs }) => inputs.role === name)
    .map(({ inputs }) => inputs.policyArn);
  const documents = [
    ...of("aws:iam/policy:Policy").filter(({ outputs }) => attached.includes(outputs.arn)),
    ...of("aws:iam/rolePolicy:RolePolicy").filter(({ inputs }) => inputs.role === name),
  ];
  return { name, statements: documents.flatMap(({ inputs }) => statementsOf(inputs.policy)) };
}

export const tablesOf = (records: readonly ResourceRecord[]): ReadonlyMap<string, TableInfo> =>
  new Map(
    records
      .filter(({ type }) => type === "aws:dynamodb/table:Table")
      .map(({ inputs, outputs }) => [
        String(outputs.name),
        { arn: String(outputs.arn), partitionKey: String(inputs.hashKey) },
      ]),
  );
