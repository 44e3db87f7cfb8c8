import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { ResourceRecord } from "../../../offline/record.ts";
import { BackupApi, BackupRefusal } from "./backup-api.ts";
import type { RecoveryApi } from "./recoverable-dynamodb.ts";

/**
 * AWS Backup's REST API over a stand-in DynamoDB, as its API reference describes it: vaults, tags, backup
 * jobs, recovery points and restore jobs of tables. Strict where AWS is: roles, accounts, metadata, states.
 */
export async function startAwsBackup(tables: RecoveryApi) {
  const api = new BackupApi(tables);
  const calls: string[] = [];
  const server = createServer(async (request, response) => {
    const { method = "", url = "" } = request;
    const { pathname, searchParams } = new URL(url, "http://stand-in");
    const parts = pathname.split("/").slice(1).map(decodeURIComponent);
    const body = await text(request);
    calls.push(`${method} /${parts[0]}`);
    const answer = (status: number, content: object, type?: string) => {
      response.writeHead(status, {
        "content-type": "application/json",
        ...(type !== undefined && { "x-amzn-errortype": type }),
      });
      response.end(JSON.stringify(content));
    };
    try {
      const parsed = body === "" ? {} : JSON.parse(body);
      answer(200, await api.answer(`${method} ${parts[0]}`, parts.slice(1), parsed, searchParams));
    } catch (error) {
      const type = error instanceof BackupRefusal ? error.type : "ServiceUnavailableException";
      const message = error instanceof Error ? error.message : String(error);
      answer(type === "ServiceUnavailableException" ? 500 : 400, { Message: message }, type);
    }
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Requests in their order, e.g. `PUT /restore-jobs`. */
    calls,
    /** The stack as `pulumi up` would leave it: vaults, locks, roles, plans and selections. */
    deploy: (records: readonly ResourceRecord[]) => api.deploy(records),
    /** What the schedule of the plans does; answers the ARNs of the recovery points. */
    runPlans: () => api.runPlans(),
    /** Name of the table that a recovery point is of. */
    tableOf: (arn: string) => api.tableOf(arn),
    /** Gives a recovery point another state, e.g. `EXPIRED`. */
    setState: (arn: string, state: string) => api.setState(arn, state),
    async stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

export type AwsBackup = Awaited<ReturnType<typeof startAwsBackup>>;
