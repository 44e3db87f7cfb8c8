import { isDeepStrictEqual } from "node:util";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { findPlace } from "../../cli/place.ts";
import { type Environment, startEnvironment } from "../../local/environment.ts";
import { evaluateStack } from "../../offline/project.ts";
import { UsageError } from "../../offline/usage-error.ts";
import { findTable } from "../../operations/aws/find-table.ts";
import { connectDynamoDB } from "../../operations/aws/place.ts";
import { planAdoption, writeAdoption } from "../../operations/restore/adoption.ts";
import { compareTables } from "../../operations/restore/compare.ts";
import { protectTable } from "../../operations/restore/protect.ts";
import {
  pointInTime,
  type RecoveryPoint,
  timeText,
} from "../../operations/restore/recovery-point.ts";
import { restoreTable, targetName } from "../../operations/restore/restore-table.ts";
import { tableSettings } from "../../operations/restore/table-settings.ts";
import { check } from "./check.ts";
import { loseData } from "./lose-data.ts";
import { createProject, type DrillProject } from "./project.ts";
import { copyTable, writeCopy } from "./stand-in.ts";
import type { Steps } from "./steps.ts";
import {
  type Conversations,
  deleteConversation,
  readConversations,
  signInUser,
  writeConversations,
} from "./user.ts";

/**
 * Loses a tenant's data on this machine and brings it back, by what `chatstack restore` is made of.
 * The first step that fails is the last one of `steps.done`.
 */
export async function drill(steps: Steps): Promise<void> {
  const project = createProject();
  let environment: Environment | undefined;
  let client: DynamoDBClient | undefined;
  try {
    environment = await steps.run("start the stack on a temporary folder", () => start(project));
    client = await connectDynamoDB(await findPlace({ dataDir: project.dataDir }));
    const { written, target } = await loseAndRestore(steps, project, environment, client);

    environment = await steps.run("start the stack with the restored table", async (tell) => {
      await environment?.stop();
      const again = await start(project);
      const table = again.resources.find(({ type }) => type === "aws:dynamodb/table:Table");
      if (table?.how !== "adopted") throw new Error(`the table was ${table?.how}, not adopted`);
      tell(`adopted ${target}`);
      return again;
    });
    const api = await signInUser(environment, project.dataDir);
    await steps.run("read the conversations back through the API", async (tell) => {
      const read = await readConversations(api);
      const isBack = isDeepStrictEqual(sorted(read), sorted(written));
      if (!isBack) throw new Error("they are not what they were at the point in time");
      tell(`${written.size} conversations, every message; what came later is in the old table`);
    });
  } finally {
    client?.destroy();
    await environment?.stop();
    project.remove();
  }
}

async function loseAndRestore(
  steps: Steps,
  { root, stack, tenant, dataDir }: DrillProject,
  environment: Environment,
  client: DynamoDBClient,
) {
  const api = await signInUser(environment, dataDir);
  const source = await findTable(client, tenant);
  const written = await steps.run("write conversations as a user", async (tell) => {
    const conversations = await writeConversations(api, 5);
    tell(`${conversations.size} conversations of 4 messages`);
    return conversations;
  });
  const at = await steps.run("take the point in time", async (tell) => {
    const time = await nextSecond();
    tell(timeText(time));
    return time;
  });
  const point = await recoveryPoint(client, source, at);
  const copy = point === undefined ? await copyTable(client, source) : [];

  await steps.run("lose data: a deletion, lost messages, and users who write on", async (tell) => {
    const lost = await loseData(client, source, written, (id) => deleteConversation(api, id));
    await writeConversations(api, 1);
    tell(lost);
  });
  const settings = tableSettings((await evaluateStack(stack, { root })).records, tenant);
  const target = targetName(source, at);
  await steps.run("restore: RestoreTableToPointInTime", async (tell) => {
    if (point !== undefined) {
      await restoreTable(client, { source, target, point, settings }, () => {});
      return;
    }
    await writeCopy(client, source, target, copy);
    tell({ insteadOf: "this engine has no point-in-time recovery; a copy of that second instead" });
  });
  await steps.run("protect the restored table", async (tell) => {
    const protections = await protectTable(client, { source, target, settings }, () => {});
    tell(protections.map(({ setting, outcome }) => `${setting}: ${outcome}`).join(", "));
  });
  await steps.run("compare the two tables", async (tell) => {
    const documents = DynamoDBDocumentClient.from(client);
    const { compared, onlyRestored, isSame } = await compareTables(
      documents,
      { source, target, at },
      () => {},
    );
    if (!isSame || compared === 0) throw new Error("messages differ, are missing or are not there");
    tell(`${compared} messages are the same, ${onlyRestored} are in the restored table alone`);
  });
  await steps.run("write the stack's file", async (tell) => {
    const adoption = await planAdoption({ root, stack, tenant, table: target });
    const [loss] = adoption.losses;
    if (loss) throw new Error(loss.reason);
    writeAdoption(adoption);
    tell(adoption.lines.join("\n"));
  });
  await steps.run("judge the changed stack by the policy pack", () => check(root, stack));
  return { written, target };
}

const start = ({ root, stack, dataDir }: DrillProject) =>
  startEnvironment({
    stack,
    root,
    dataDir,
    port: 0,
    onCrash: (error) => {
      throw error;
    },
  });

/** Undefined on an engine that has no point-in-time recovery. */
async function recoveryPoint(
  client: DynamoDBClient,
  source: string,
  at: Date,
): Promise<RecoveryPoint | undefined> {
  try {
    return await pointInTime(client, source, timeText(at));
  } catch (error) {
    if (error instanceof UsageError && error.message.startsWith("Not possible here")) return;
    throw error;
  }
}

/** The next whole second, once it is over: DynamoDB restores to whole seconds. */
async function nextSecond(): Promise<Date> {
  const at = Math.ceil(Date.now() / 1000) * 1000;
  while (Date.now() <= at) await new Promise((resolve) => setTimeout(resolve, 20));
  return new Date(at);
}

const sorted = (conversations: Conversations) =>
  [...conversations].sort(([one], [other]) => (one < other ? -1 : 1));
