/**
 * A strict stand-in for the calls by which an account is read that emulators lack. It knows the calls below and no other:
 * whatever else comes, a write above all, is refused and remembered.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { z } from "zod";

/** What the account says; what is absent is refused as AWS refuses it to people without the permission. */
export interface Account {
  readonly concurrency?: { readonly limit: number; readonly unreserved: number };
  /** By quota code. */
  readonly quotas?: Readonly<Record<string, number>>;
  /** By model id. */
  readonly models?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** By key of a tag. */
  readonly costTags?: Readonly<Record<string, "Active" | "Inactive">>;
  readonly mail?: { readonly ProductionAccessEnabled: boolean; readonly SendingEnabled: boolean };
  /** ARN, or none. */
  readonly gatewayRole?: string | null;
}

export interface AccountApi {
  readonly endpoint: string;
  /** Calls that were refused because nothing that only reads makes them. */
  readonly strange: readonly string[];
  stop(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export async function startAccountApi(account: Account): Promise<AccountApi> {
  const strange: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const answer = answerOf(account, request, body);
    if (answer === undefined) {
      strange.push(`${request.method} ${request.url} ${request.headers["x-amz-target"] ?? ""}`);
    }
    const { status, body: said } = answer ?? failure(400, "ValidationException");
    const type = typeof said === "object" && said && "__type" in said ? said.__type : undefined;
    response
      .writeHead(status, {
        "content-type": "application/json",
        ...(typeof type === "string" && { "x-amzn-errortype": type }),
      })
      .end(JSON.stringify(said));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    endpoint: `http://127.0.0.1:${port}`,
    strange,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const failure = (status: number, __type: string): Answer => ({ status, body: { __type } });
const denied = failure(403, "AccessDeniedException");
const told = (body: unknown): Answer => (body === undefined ? denied : { status: 200, body });

function answerOf(account: Account, request: IncomingMessage, body: string): Answer | undefined {
  const { method, headers, url = "" } = request;
  if (!headers.authorization?.startsWith("AWS4-HMAC-SHA256 ")) return undefined;
  const path = decodeURIComponent(url.split("?")[0] ?? "").replace(/\/$/, "");
  if (method === "POST") return targetAnswer(account, String(headers["x-amz-target"]), body);
  if (method !== "GET") return undefined;
  if (path === "/2016-08-19/account-settings") {
    const { concurrency: found } = account;
    return told(
      found && {
        AccountLimit: {
          ConcurrentExecutions: found.limit,
          UnreservedConcurrentExecutions: found.unreserved,
        },
      },
    );
  }
  if (path === "/v2/email/account") return told(account.mail);
  if (path === "/account") {
    const { gatewayRole: arn } = account;
    return told(arn === undefined ? undefined : arn === null ? {} : { cloudwatchRoleArn: arn });
  }
  const [, model] = /^\/foundation-model-availability\/(.+)$/.exec(path) ?? [];
  if (model === undefined) return undefined;
  const found = account.models?.[model];
  if (account.models && !found) return failure(404, "ResourceNotFoundException");
  return told(
    found && {
      modelId: model,
      agreementAvailability: { status: found.agreement ?? "AVAILABLE" },
      authorizationStatus: found.authorization ?? "AUTHORIZED",
      entitlementAvailability: found.entitlement ?? "AVAILABLE",
      regionAvailability: found.region ?? "AVAILABLE",
    },
  );
}

const quotaRequest = z.strictObject({ ServiceCode: z.string(), QuotaCode: z.string() });
const tagsRequest = z.strictObject({
  Type: z.literal("UserDefined"),
  NextToken: z.string().optional(),
});

function targetAnswer(account: Account, target: string, body: string): Answer | undefined {
  if (target === "ServiceQuotasV20190624.GetServiceQuota") {
    const { QuotaCode, ServiceCode } = quotaRequest.parse(JSON.parse(body));
    const Value = account.quotas?.[QuotaCode];
    if (account.quotas && Value === undefined) return failure(400, "NoSuchResourceException");
    return told(account.quotas && { Quota: { ServiceCode, QuotaCode, Value, Unit: "None" } });
  }
  if (target === "AWSInsightsIndexService.ListCostAllocationTags") {
    const { NextToken } = tagsRequest.parse(JSON.parse(body));
    const all = Object.entries(account.costTags ?? {}).map(([TagKey, Status]) => ({
      TagKey,
      Status,
      Type: "UserDefined",
    }));
    const at = Number(NextToken ?? 0);
    const more = at + 1 < all.length && { NextToken: String(at + 1) };
    return told(account.costTags && { CostAllocationTags: all.slice(at, at + 1), ...more });
  }
  return undefined;
}
