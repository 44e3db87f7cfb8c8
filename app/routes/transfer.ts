import { OpenAPIHono } from "@hono/zod-openapi";
import type { AppDependencies, AppEnv } from "../context.ts";
import {
  bytes,
  eraseAll,
  exportAll,
  exportConversation,
  getErasure,
  importAll,
  ndjson,
} from "../contract/transfer.ts";
import { endingMs, stepEnd } from "../http/deadline.ts";
import { problemOf } from "../http/failures.ts";
import { Problem } from "../http/problem.ts";
import { failureEntry } from "../lambda/log.ts";
import type { LogContext } from "../logging/request-context.ts";
import type { Erasure } from "../store/erasure-store.ts";
import { continueErasure, eraseUser } from "../transfer/erasure.ts";
import { type ExportStep, exportOf, readExportPosition } from "../transfer/export.ts";
import { importLines, type Outcome } from "../transfer/import.ts";
import { markdownOf } from "../transfer/markdown.ts";
import { textStream } from "../transfer/stream.ts";

export function transferRoutes(deps: AppDependencies) {
  const { conversations, cursors, now } = deps;
  return new OpenAPIHono<AppEnv>()
    .openapi(exportAll, async (c) => {
      const user = c.get("user").id;
      const scope = ["export", user];
      const from = readExportPosition(await cursors.verify(scope, c.req.valid("query").cursor));
      const sign = (position: string) => cursors.signAlways(scope, position);
      const ends = (c.env?.deadline ?? Number.POSITIVE_INFINITY) - endingMs;
      const steps = exportOf(deps, user, from, now());
      const headers = {
        "content-type": ndjson,
        "content-disposition": 'attachment; filename="export.ndjson"',
      };
      return new Response(textStream(exportLines(steps, sign, ends)), { headers });
    })

    .openapi(exportConversation, async (c) => {
      const user = c.get("user").id;
      const conversation = await conversations.get(user, c.req.valid("param").id);
      c.header("Content-Disposition", `attachment; filename="${conversation.id}.md"`);
      return c.body(textStream(markdownOf(conversations, user, conversation)), 200, {
        "content-type": "text/markdown; charset=utf-8",
      });
    })

    .openapi(importAll, async (c) => {
      const [type] = (c.req.header("content-type") ?? "").split(";");
      if (![ndjson, bytes].includes(type?.trim().toLowerCase() ?? "")) {
        throw new Problem("unsupported-media-type", { detail: `Send ${ndjson}.` });
      }
      const text = await c.req.text();
      const ends = (c.env?.deadline ?? Number.POSITIVE_INFINITY) - endingMs;
      const context = { tenant: deps.tenant, requestId: c.env?.requestId, operation: "importAll" };
      const report = importReport(deps, c.get("user").id, text, ends, context);
      return new Response(textStream(report), { headers: { "content-type": ndjson } });
    })

    .openapi(eraseAll, async (c) => {
      const erasure = await eraseUser(deps, c.get("user").id, stepEnd(now(), c.env?.deadline));
      c.header("Location", `me/erasures/${erasure.id}`);
      return c.json(receiptOf(erasure), 202);
    })

    .openapi(getErasure, async (c) => {
      const { id } = c.req.valid("param");
      const time = now();
      const until = stepEnd(time, c.env?.deadline);
      const erasure = await continueErasure(deps, c.get("user").id, id, time, until);
      return c.json(receiptOf(erasure), 200);
    });
}

async function* exportLines(
  steps: AsyncGenerator<ExportStep>,
  sign: (position: string) => Promise<string>,
  ends: number,
): AsyncGenerator<string> {
  for await (const step of steps) {
    if ("line" in step) {
      yield `${JSON.stringify(step.line)}\n`;
    } else {
      yield `${JSON.stringify({ kind: "cursor", cursor: await sign(step.position) })}\n`;
      if (Date.now() > ends) return;
    }
  }
}

/** The status is out when something fails: the problem becomes a line, and `done` stays away. */
async function* importReport(
  deps: AppDependencies,
  user: string,
  text: string,
  ends: number,
  context: LogContext,
): AsyncGenerator<string> {
  const counts: Partial<Record<Outcome, number>> = {};
  try {
    for await (const report of importLines(deps, user, text, ends)) {
      yield `${JSON.stringify(report)}\n`;
      if ("next" in report) return;
      counts[report.outcome] = (counts[report.outcome] ?? 0) + 1;
    }
    yield `${JSON.stringify({ done: counts })}\n`;
  } catch (error) {
    const problem = problemOf(error);
    deps.log(failureEntry(error, { ...context, status: problem.status }));
    yield `${JSON.stringify({ problem })}\n`;
  }
}

function receiptOf({ id, requestedAt, completedAt, writableAt }: Erasure) {
  const status = completedAt === null ? ("running" as const) : ("complete" as const);
  return { id, status, requestedAt, completedAt, writableAt };
}
