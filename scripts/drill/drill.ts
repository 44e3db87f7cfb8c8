import { isDeepStrictEqual } from "node:util";
import { findPlace } from "../../cli/place.ts";
import { type Environment, startEnvironment } from "../../local/environment.ts";
import { evaluateStack } from "../../offline/project.ts";
import { counted } from "../../offline/text.ts";
import { findTable } from "../../operations/aws/find-table.ts";
import { connectBackup, connectDynamoDB } from "../../operations/aws/place.ts";
import { type Clients, type Restore, restore } from "../../operations/restore/restore.ts";
import { type AwsBackup, startAwsBackup } from "../../testing/aws/backup/aws-backup.ts";
import { startRecoverableDynamoDB } from "../../testing/aws/backup/recoverable-dynamodb.ts";
import { check } from "./check.ts";
import { type Loss, loseData } from "./lose-data.ts";
import { createProject, type DrillProject } from "./project.ts";
import type { Steps } from "./steps.ts";
import {
  type Conversations,
  deleteConversation,
  readConversations,
  signInUser,
  writeConversations,
} from "./user.ts";
import { Writer } from "./writer.ts";

/**
 * Loses a tenant's data on this machine and brings it back from a scheduled backup while its user writes on,
 * by what `chatstack restore` is made of. In AWS's place stand an embedded DynamoDB and an AWS Backup that
 * refuses what AWS refuses. The first step that fails is the last one of `steps.done`.
 */
export async function drill(steps: Steps): Promise<void> {
  const project = createProject();
  const dynamodb = await startRecoverableDynamoDB();
  const backup = await startAwsBackup(dynamodb.tables);
  process.env.AWS_ENDPOINT_URL_DYNAMODB = dynamodb.endpoint;
  process.env.AWS_ENDPOINT_URL_BACKUP = backup.endpoint;
  try {
    await new Drill(steps, project, backup).run();
  } finally {
    await Promise.all([backup.stop(), dynamodb.stop()]);
    project.remove();
  }
}

class Drill {
  readonly #steps: Steps;
  readonly #project: DrillProject;
  readonly #backup: AwsBackup;
  #environment: Environment | undefined;

  constructor(steps: Steps, project: DrillProject, backup: AwsBackup) {
    this.#steps = steps;
    this.#project = project;
    this.#backup = backup;
  }

  async run(): Promise<void> {
    let clients: Clients | undefined;
    try {
      const environment = await this.#steps.run("start the stack, protected, with backups on", () =>
        this.#start(),
      );
      const place = await findPlace({ dataDir: this.#project.dataDir });
      clients = {
        dynamodb: await connectDynamoDB(place),
        backup: await connectBackup(place),
        // The embedded S3 stops with the stack, and keeps no versions.
        s3: undefined,
      };
      const expected = await this.#loseAndRestore(clients, environment);
      await this.#readBack(expected);
    } finally {
      clients?.dynamodb.destroy();
      clients?.backup?.destroy();
      await this.#environment?.stop();
    }
  }

  /** Answers what the user must find in the end. */
  async #loseAndRestore(clients: Clients, environment: Environment): Promise<Conversations> {
    const { tenant, dataDir } = this.#project;
    const api = await signInUser(environment, dataDir);
    const source = await findTable(clients.dynamodb, tenant);
    const written = await this.#steps.run("write conversations as a user", async (tell) => {
      const conversations = await writeConversations(api, 5);
      tell(`${conversations.size} conversations of 4 messages`);
      return conversations;
    });
    const backupArn = await this.#scheduledBackup(source);
    const loss = await this.#steps.run("lose data: a deletion and a script", async (tell) => {
      const lost = await loseData(clients.dynamodb, source, written, (id) =>
        deleteConversation(api, id),
      );
      tell(`a conversation deleted by its user, ${lost.messages} messages deleted by a script`);
      return lost;
    });
    const known = [...written.keys()].slice(2);
    const writer = new Writer(api, known);
    try {
      await this.#restoreUnderWrites(clients, backupArn, writer);
    } finally {
      await writer.stop();
    }
    await this.#switchOver(clients, backupArn, writer);
    return expectedAfter(written, writer.written, loss);
  }

  #scheduledBackup(source: string): Promise<string> {
    return this.#steps.run("scheduled backup: AWS Backup's plan runs", async (tell) => {
      this.#backup.deploy(await this.#records());
      const [arn, ...others] = await this.#backup.runPlans();
      if (arn === undefined || others.length > 0) throw new Error("not one recovery point");
      tell(`of ${source}: ${arn}`);
      return arn;
    });
  }

  async #restoreUnderWrites(clients: Clients, backupArn: string, writer: Writer): Promise<void> {
    await this.#steps.run("restore: StartRestoreJob, bring over", async (tell) => {
      const before = writer.messages;
      const restored = await this.#restore(clients, backupArn, "keep the stack's file");
      const during = writer.messages - before;
      if (during === 0) throw new Error("nobody wrote meanwhile");
      requireFound(restored);
      tell(
        `${restored.target}: ${restored.comparison?.onlyRestored} lost messages are back, ` +
          `${broughtOver(restored)}; ${during} messages written meanwhile`,
      );
    });
  }

  async #switchOver(clients: Clients, backupArn: string, writer: Writer): Promise<void> {
    const { root, stack } = this.#project;
    await this.#steps.run("suspend: nobody writes any more", async (tell) => {
      await this.#environment?.stop();
      this.#environment = undefined;
      tell(`${counted(writer.messages, "message", "messages")} acknowledged since the loss`);
    });
    const target = await this.#steps.run("bring over the rest, write the file", async (tell) => {
      const last = await this.#restore(clients, backupArn, "write the stack's file");
      if (!last.written) throw new Error([...last.doubts, "not written"].join("; "));
      const again = await this.#restore(clients, backupArn, "keep the stack's file");
      const left = Object.keys(again.since?.counts ?? {});
      if (left.length > 0) throw new Error(`not all was brought over: ${left.join(", ")}`);
      tell(`${broughtOver(last)}; then nothing is left\n${last.adoption.lines.join("\n")}`);
      return last.target;
    });
    await this.#steps.run("judge the changed stack by the policy pack", () => check(root, stack));
    await this.#steps.run("start the stack with the restored table", async (tell) => {
      const { resources } = await this.#start();
      const table = resources.find(({ type }) => type === "aws:dynamodb/table:Table");
      if (table?.how !== "adopted") throw new Error(`the table was ${table?.how}, not adopted`);
      tell(`adopted ${target}`);
    });
    await this.#steps.run("the next scheduled backup", async (tell) => {
      this.#backup.deploy(await this.#records());
      const points = await this.#backup.runPlans();
      const tables = points.map((arn) => this.#backup.tableOf(arn));
      if (!isDeepStrictEqual(tables, [target])) throw new Error(`of ${tables.join(", ")}`);
      tell(`of ${target}, and of no other table`);
    });
  }

  async #readBack(expected: Conversations): Promise<void> {
    const environment = this.#environment;
    if (environment === undefined) throw new Error("the stack is not running");
    const api = await signInUser(environment, this.#project.dataDir);
    await this.#steps.run("read everything back through the API", async (tell) => {
      const read = await readConversations(api);
      const [found, wanted] = [messagesOf(read), messagesOf(expected)];
      const isBack = isDeepStrictEqual(sorted(read), sorted(expected));
      if (!isBack) {
        throw new Error(
          `${read.size} conversations with ${found} messages; expected ${expected.size} with ${wanted}`,
        );
      }
      tell(`${read.size} of ${expected.size} conversations, ${found} of ${wanted} messages`);
    });
  }

  #restore(
    clients: Clients,
    backupArn: string,
    file: "keep the stack's file" | "write the stack's file",
  ): Promise<Restore> {
    const { tenant, root, stack } = this.#project;
    return restore(
      clients,
      {
        tenant,
        root,
        stack,
        point: { backupArn },
        compare: true,
        since: { mode: "bring-over", deletions: "deleted", leave: [] },
        write: file === "write the stack's file",
      },
      () => {},
    );
  }

  async #records() {
    const { root, stack } = this.#project;
    return (await evaluateStack(stack, { root })).records;
  }

  async #start(): Promise<Environment> {
    const { stack, root, dataDir } = this.#project;
    const onCrash = (error: Error) => {
      throw error;
    };
    this.#environment = await startEnvironment({ stack, root, dataDir, port: 0, onCrash });
    return this.#environment;
  }
}

/** A drill that finds nothing lost has tried nothing. */
function requireFound({ comparison }: Restore): void {
  if (!comparison?.isSame) throw new Error("messages differ or are missing");
  if (comparison.onlyRestored === 0) throw new Error("no lost message is back");
}

function broughtOver({ since }: Restore): string {
  const { messages = 0, "conversations new": made = 0 } = since?.counts ?? {};
  return `${counted(made, "new conversation", "new conversations")} and ${counted(messages, "message", "messages")} brought over`;
}

/** What was there, without what its user deleted, and with what was written later. */
function expectedAfter(
  written: Conversations,
  later: Conversations,
  { deleted }: Loss,
): Conversations {
  const expected = new Map([...written].filter(([id]) => id !== deleted));
  for (const [id, contents] of later) {
    expected.set(id, [...(expected.get(id) ?? []), ...contents]);
  }
  return expected;
}

const messagesOf = (conversations: Conversations): number =>
  [...conversations.values()].reduce((sum, contents) => sum + contents.length, 0);

const sorted = (conversations: Conversations) =>
  [...conversations].sort(([one], [other]) => (one < other ? -1 : 1));
