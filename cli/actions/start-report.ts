import { relative } from "node:path";
import { styleText } from "node:util";
import type { Environment, Tenant } from "../../local/environment.ts";
import { whatWorks } from "../../local/provider/what-works.ts";
import { wordLines } from "../../offline/text.ts";

/** Columns of a terminal that nobody has widened. */
const columns = 80;

/** What a person wants to know of an environment that is ready: where it is and how to get in. */
export function describeEnvironment(environment: Environment, dataDir: string): string {
  const { page, tenants, endpoints, embedded, resources, models } = environment;
  const [first] = tenants;
  const option = relative(".chatstack", dataDir) === "" ? "" : ` --data-dir ${dataDir}`;
  const user = first?.users[0]?.username.split("@")[0] ?? "admin";
  const { works, missing } = whatWorks(resources);
  return [
    `${bold("Chat page")}  ${bold(page)}`,
    "",
    ...tenants.flatMap(describeTenant),
    bold("Try the API in another terminal"),
    `  token=$(npx --no -- chatstack token ${first?.id} ${user}${option})`,
    `  curl -H "Authorization: Bearer $token" ${first?.url}/conversations`,
    "",
    ...(models.length > 0 ? models : standIn).flatMap(({ id, answeredBy, cost }, index) =>
      paragraph(index === 0 ? "Models" : "", `${id}, ${answeredBy}; costs: ${cost}`),
    ),
    ...paragraph("Works here", works.join(", ")),
    ...paragraph("Not here", missing.join(", ") || "nothing is missing"),
    ...(embedded.length > 0 ? paragraph("Embedded", [...embedded].sort().join(", ")) : []),
    ...paragraph("Cognito", `${endpoints.cognito} (docs/api/sign-in.md)`),
    ...paragraph("Logs", `${dataDir}/logs`),
    dim(`Ctrl-C stops; the data stays in ${dataDir}.`),
    "",
  ].join("\n");
}

/** What answers without `--models`, where the stack says `models: embedded`. */
const standIn = [
  {
    id: "embedded",
    answeredBy:
      "which repeats the question and quotes documents (/words 200 streams longer, /fail 3 fails)",
    cost: "nothing. A real one: npm start -- --models ollama:llama3.2",
  },
];

/** Users with their passwords, each in a line if all fit. */
function describeTenant({ id, url, users, userPoolId, clientId }: Tenant): string[] {
  const name = Math.max(0, ...users.map(({ username }) => username.length));
  const password = Math.max(0, ...users.map((user) => user.password.length));
  const groups = Math.max(0, ...users.map((user) => user.groups.join(", ").length));
  const fits = 2 + name + 2 + password + 2 + groups <= columns;
  const gap = fits ? "  " : "\n    ";
  return [
    `${bold(id)}  ${url}`,
    ...users.map((user) => {
      const shown = `  ${user.username.padEnd(fits ? name : 0)}${gap}${user.password.padEnd(password)}`;
      return `${shown}  ${user.groups.join(", ")}`.trimEnd();
    }),
    dim(`  user pool ${userPoolId}`),
    dim(`  client ${clientId}`),
    "",
  ];
}

const labelWidth = 12;

/** A label, and text beside it that is wrapped between words. */
function paragraph(label: string, text: string): string[] {
  return wordLines(text, columns - labelWidth).map((line, index) =>
    dim((index === 0 ? label : "").padEnd(labelWidth) + line),
  );
}

// Colours only where they are seen: styleText heeds NO_COLOR and whether stdout is a terminal.
const bold = (text: string) => styleText("bold", text, { stream: process.stdout });
const dim = (text: string) => styleText("dim", text, { stream: process.stdout });
