import { join } from "node:path";
import { runInOwnProcess } from "../own-process.ts";
import { interleaved, spread } from "../statistics.ts";
import type { Context, Measured, Subject } from "../subject.ts";

const contenders = [
  "chatstack",
  "bare Hono",
  "Express, serverless-http",
  "Fastify, @fastify/aws-lambda",
];
const routes = ["read", "list", "append", "health", "create", "validation error"];
const requests = 3_000;
const rounds = 7;

export const overhead: Subject = {
  name: "overhead",
  title: "What a request costs beside the store",
  about: `The Lambda handler is called with API Gateway's events of a REST API, one after another; the store is a stub. Ours
checks the token's claims, validates parameters and body, and writes its log line to \`/dev/null\`; the peers' routes do nothing
of it. A process for each contender and round, ${requests.toLocaleString("en-US")} requests of each route after half as many to
warm up; median of the rounds with the least and the largest.`,
  minutes: 2,
  peers: ["hono", "express", "serverless-http", "fastify", "@fastify/aws-lambda"],
  measure,
};

type Timed = Readonly<Record<string, { readonly p50: number; readonly p99: number }>>;

async function measure({ progress, sizes }: Context): Promise<Measured> {
  const worker = join(import.meta.dirname, "../workers/overhead.ts");
  const runs = await interleaved(
    rounds,
    new Map(
      contenders.map((contender) => [
        contender,
        () => runInOwnProcess<Timed>(worker, [contender, String(sizes[0] ?? requests)]),
      ]),
    ),
    progress,
  );
  const figures = (contender: string, route: string, quantile: "p50" | "p99") =>
    spread(
      (runs.get(contender) ?? []).map(({ result }) => result[route]?.[quantile] ?? Number.NaN),
    );
  const p50 = (contender: string, route: string) => figures(contender, route, "p50").median;
  const toHono = (route: string) => p50("chatstack", route) / p50("bare Hono", route);
  return {
    tables: [
      {
        caption: "Microseconds",
        columns,
        rows: routes.flatMap((route) =>
          contenders.map((contender) => ({
            route,
            contender,
            p50: figures(contender, route, "p50"),
            p99: figures(contender, route, "p99"),
            ratio: p50(contender, route) / p50("bare Hono", route),
          })),
        ),
      },
    ],
    targets: [
      ...Object.entries({ read: 1.5, create: 2, append: 2 }).map(([route, most]) => ({
        target: `\`${route}\` takes at most ${most} times what bare Hono takes (p50)`,
        measured: `${toHono(route).toFixed(2)} times`,
        met: toHono(route) <= most,
        otherwise: `Bare Hono looks at no token, no schema, no number and no limit, and logs nothing. Ours checks the claims, parses
the body once, refuses numbers that do not survive, validates, and writes a line. In a profile of a create (2026-11-30) the line takes
13 %, the \`Response\` 12 %, the validation 12 %, the router 5 %. Done for it: a request without Node's streams, the body handed on as text,
the URL of a plain path at once, routes looked up by method. A \`Response\` of our own would replace the one that every app is given.`,
      })),
      ...contenders.slice(2).map((peer) => {
        const ratio = p50(peer, "read") / p50("chatstack", "read");
        return {
          target: `a read takes less than with ${peer} (p50)`,
          measured: `${ratio.toFixed(2)} times ours`,
          met: ratio > 1,
        };
      }),
    ],
    notes: [
      `Bare Hono wins everywhere, and Express where there is a body: neither validates one. An error of ours lists every fault by its
place (RFC 9457); theirs is a constant.`,
    ],
  };
}

const columns = [
  { key: "route", label: "route" },
  { key: "contender", label: "handler" },
  { key: "p50", label: "p50 µs", digits: 1 },
  { key: "p99", label: "p99 µs", digits: 1 },
  { key: "ratio", label: "p50, bare Hono = 1", digits: 2 },
];
