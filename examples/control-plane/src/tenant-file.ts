/** The file of a tenant, as `chatstack tenant` writes it: its comments and order stay. */
import { parseDocument } from "yaml";
import { Refused } from "./repository.ts";

/** Below the folder that `chatstack:tenantsFolder` of the stack names. */
export const tenantFile = (stack: string, id: string): string => `tenants/${stack}/${id}.yaml`;

const states: Readonly<Record<string, string | undefined>> = {
  suspend: "suspended",
  offboard: "off-boarding",
};

/** @throws Refused where another stack serves the tenant. */
export function changed(text: string, action: string, retainUntil: string | undefined): string {
  const file = parseDocument(text);
  const servedBy = file.get("servedBy");
  if (action === "resume" && servedBy !== undefined)
    throw new Refused(`${String(servedBy)} serves it`);
  for (const [name, value] of Object.entries({ state: states[action], retainUntil })) {
    if (value === undefined) file.delete(name);
    else file.set(name, value);
  }
  return file.toString();
}
