/** Rules about what writes and reads records: trails, delivery streams, queries, pipes and schedules. */
import type { AnyRule } from "../rule.ts";
import { athenaEncrypted, athenaEnforced, athenaMetrics } from "./athena.ts";
import { firehoseEncrypted } from "./firehose.ts";
import { pipeDeadLetter, pipeNoData, scheduleDeadLetter } from "./pipes.ts";
import { trailEncrypted, trailLogging, trailLogs, trailValidated } from "./trail.ts";

export const recordRules: readonly AnyRule[] = [
  trailLogging,
  trailValidated,
  trailEncrypted,
  trailLogs,
  firehoseEncrypted,
  athenaEncrypted,
  athenaEnforced,
  athenaMetrics,
  pipeNoData,
  pipeDeadLetter,
  scheduleDeadLetter,
];
