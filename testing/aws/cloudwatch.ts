/** GetMetricData as CloudWatch speaks of it and refuses it (CloudWatch API Reference), over data that a test gives. */
import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { z } from "zod";

export interface Datum {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly at: string;
  readonly value: number;
}

const query = z.strictObject({
  Id: z.string().regex(/^[a-z][a-zA-Z0-9_]*$/),
  MetricStat: z.strictObject({
    Metric: z.strictObject({
      Namespace: z.string(),
      MetricName: z.string(),
      Dimensions: z.array(z.strictObject({ Name: z.string(), Value: z.string().min(1) })).max(30),
    }),
    // Data of hours and older ones come in whole minutes.
    Period: z.int().multipleOf(60),
    Stat: z.enum(["Sum", "Average", "Minimum", "Maximum", "SampleCount"]),
  }),
});

const request = z
  .strictObject({
    MetricDataQueries: z.array(query).min(1).max(500),
    StartTime: z.number(),
    EndTime: z.number(),
    ScanBy: z.enum(["TimestampAscending", "TimestampDescending"]).optional(),
    NextToken: z.string().regex(/^\d+$/).optional(),
  })
  .refine(({ StartTime, EndTime }) => StartTime < EndTime)
  .refine(({ MetricDataQueries: all }) => new Set(all.map(({ Id }) => Id)).size === all.length);

type Request = z.infer<typeof request>;

export interface CloudWatchStandIn {
  readonly endpoint: string;
  readonly data: Datum[];
  /** Of metrics that are not answered: the state in place of "Complete". */
  readonly states: Map<string, "Forbidden" | "InternalError">;
  /** Metrics of each call. */
  readonly calls: number[];
  stop(): void;
}

/** @param mostPoints data points of an answer; AWS's are 100,800. */
export async function startCloudWatch(mostPoints = 100_800): Promise<CloudWatchStandIn> {
  const [data, calls]: [Datum[], number[]] = [[], []];
  const states: CloudWatchStandIn["states"] = new Map();
  const server = createServer(async (incoming, response) => {
    const [, operation] = String(incoming.headers["x-amz-target"]).split(".");
    const parsed = request.safeParse(JSON.parse(await text(incoming)));
    const refusal = operation !== "GetMetricData" ? "UnknownOperation" : parsed.error?.message;
    response.writeHead(refusal === undefined ? 200 : 400, {
      "content-type": "application/x-amz-json-1.0",
    });
    if (!parsed.success || refusal !== undefined) {
      response.end(JSON.stringify({ __type: "ValidationError", message: refusal }));
      return;
    }
    calls.push(parsed.data.MetricDataQueries.length);
    response.end(JSON.stringify(answer(parsed.data, { data, states, mostPoints })));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const endpoint = `http://127.0.0.1:${port}`;
  return { endpoint, data, calls, states, stop: () => void server.close() };
}

function answer(
  { MetricDataQueries, StartTime, EndTime, ScanBy, NextToken = "0" }: Request,
  { data, states, mostPoints }: Pick<CloudWatchStandIn, "data" | "states"> & { mostPoints: number },
) {
  const points = MetricDataQueries.flatMap(({ Id, MetricStat: { Metric, Period, Stat } }) => {
    const wanted = JSON.stringify(Metric.Dimensions.map(({ Name, Value }) => [Name, Value]).sort());
    const own = data.filter(
      ({ namespace, name, dimensions, at }) =>
        namespace === Metric.Namespace &&
        name === Metric.MetricName &&
        JSON.stringify(Object.entries(dimensions).sort()) === wanted &&
        Date.parse(at) / 1000 >= StartTime &&
        Date.parse(at) / 1000 < EndTime,
    );
    const byPeriod = Map.groupBy(
      own,
      ({ at }) => Math.floor(Date.parse(at) / 1000 / Period) * Period,
    );
    const sorted = [...byPeriod].sort(([a], [b]) =>
      ScanBy === "TimestampAscending" ? a - b : b - a,
    );
    return sorted.map(([time, some]) => {
      const sum = some.reduce((total, { value }) => total + value, 0);
      return { Id, time, value: Stat === "Sum" ? sum : sum / some.length };
    });
  });
  const [from, to] = [Number(NextToken), Number(NextToken) + mostPoints];
  const isLast = to >= points.length;
  return {
    MetricDataResults: MetricDataQueries.map(({ Id, MetricStat: { Metric } }) => {
      const own = points.slice(from, to).filter((point) => point.Id === Id);
      const rest = points.slice(to).some((point) => point.Id === Id);
      const state = states.get(Metric.MetricName) ?? (rest ? "PartialData" : "Complete");
      return {
        ...{ Id, Label: Metric.MetricName, StatusCode: state },
        Timestamps: own.map(({ time }) => time),
        Values: own.map(({ value }) => value),
      };
    }),
    ...(!isLast && { NextToken: String(to) }),
    Messages: [],
  };
}
