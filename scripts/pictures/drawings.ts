/** Drawings of `docs/pictures/`: how things flow, and how a tenant lives. Colours follow the reader's scheme. */

import { tenantStates } from "../../app/resources/tenant-state.ts";
import { asFile, drawn } from "../../offline/graph/svg.ts";

const look = `rankdir=LR bgcolor=transparent nodesep=0.3 ranksep=0.6
  node [shape=box style=rounded fontname="Helvetica,Arial,sans-serif" fontsize=11 margin=0.12 class=room]
  edge [fontname="Helvetica,Arial,sans-serif" fontsize=9 arrowsize=0.7]`;

/** From the stack file to AWS, to this machine and to the checks. */
export const flow = async (): Promise<string> =>
  asFile(
    await drawn(`digraph {
  ${look}
  config [label="Pulumi.<stack>.yaml\\ntenants, tiers, settings"]
  program [label="stacks/\\nthe program"]
  app [label="app/\\nthe Lambda bundle"]
  aws [label="AWS" class="room kept"]
  records [label="resource records"]
  local [label="embedded AWS\\non this machine"]
  check [label="check, plan, cost,\\nquotas, graph, report\\noffline"]
  config -> program
  program -> aws [label="pulumi up"]
  program -> records [label="evaluate"]
  records -> local [label="npm start"]
  records -> check
  app -> aws
  app -> local
}`),
  );

/** The states of a tenant, and the commands that lead from one to the next. */
export async function life(): Promise<string> {
  const [active, suspended, leaving] = tenantStates;
  return asFile(
    await drawn(`digraph {
  ${look}
  none [label="" shape=plaintext width=0 height=0 margin=0]
  "${active}" [label="${active}\\neverything works"]
  "${suspended}" [label="${suspended}\\nevery request is refused"]
  "${leaving}" [label="${leaving}\\nread, export, erase"]
  removed [label="removed\\nretain decides about the data"]
  none -> "${active}" [label="tenant add"]
  "${active}" -> "${suspended}" [label="tenant suspend"]
  "${suspended}" -> "${active}" [label="tenant resume"]
  "${active}" -> "${leaving}" [label="tenant offboard"]
  "${leaving}" -> "${active}" [label="tenant resume"]
  "${leaving}" -> removed [label="tenant remove"]
}`),
  );
}
