import { relative } from "node:path";
import { styleText } from "node:util";
import Table from "cli-table3";
import type { Environment } from "../../local/environment.ts";

/** What a person wants to know of an environment that is ready: where it is and how to get in. */
export function describeEnvironment(environment: Environment, dataDir: string): string {
  const [first] = environment.tenants;
  const option = relative(".chatstack", dataDir) === "" ? "" : ` --data-dir ${dataDir}`;
  const user = first?.users[0]?.username.split("@")[0] ?? "admin";
  return [
    tenantTable(environment),
    emulation(environment),
    "",
    "Try it in another terminal:",
    "",
    bold(
      `  curl -H "Authorization: Bearer $(npx chatstack token ${first?.id} ${user}${option})" \\\n` +
        `    ${first?.url}/conversations`,
    ),
    "",
    dim(
      `Sign-in from a browser (docs/sign-in.md): Cognito is at ${environment.endpoints.cognito}.`,
    ),
    dim(`Logs of the functions: ${dataDir}/logs. Ctrl-C stops; the data stays in ${dataDir}.`),
    "",
  ].join("\n");
}

function tenantTable({ tenants }: Environment): string {
  const table = new Table({
    head: ["tenant", "user", "password", "groups"].map(bold),
    style: { head: [], border: [] },
  });
  for (const { id, url, users, userPoolId, clientId } of tenants) {
    const pool = dim(`user pool ${userPoolId}  client ${clientId}`);
    table.push([{ colSpan: 4, content: `${bold(id)}  ${url}\n${pool}` }]);
    for (const { username, password, groups } of users) {
      table.push(["", username, password, groups.join(", ")]);
    }
  }
  return table.toString();
}

function emulation({ resources, embedded }: Environment): string {
  const services = embedded.length > 0 ? `embedded: ${[...embedded].sort().join(", ")}` : "";
  const calls = new Set(resources.flatMap(({ omitted }) => omitted));
  const absent = new Set(
    resources.filter(({ how, omitted }) => how === "absent" && !omitted.length).map(serviceOf),
  );
  return dim(
    [
      services,
      `not emulated: ${[...absent].sort().join(", ") || "nothing"}`,
      calls.size > 0 ? `without effect here: ${[...calls].sort().join(", ")}` : "",
    ]
      .filter(Boolean)
      .join("\n"),
  );
}

/** `aws:iam/role:Role` → `iam` */
const serviceOf = ({ type }: { type: string }) => type.split(/[:/]/)[1] ?? type;

// Colours only where they are seen: styleText heeds NO_COLOR and whether stdout is a terminal.
const bold = (text: string) => styleText("bold", text, { stream: process.stdout });
const dim = (text: string) => styleText("dim", text, { stream: process.stdout });
