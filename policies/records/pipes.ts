import { hipaa } from "../frameworks.ts";
import { at, textsAt } from "../reading/read.ts";
import { resourceRule } from "../rule.ts";

const pipes = ["aws:pipes/pipe:Pipe"];

export const pipeNoData = resourceRule({
  id: "pipe-no-data",
  service: "EventBridge",
  description: "Pipes must not log the data that they carry.",
  reason: "It is what users wrote: logs are read by others, and kept for other times.",
  fix: "remove logConfiguration.includeExecutionDatas.",
  severity: "high",
  level: "mandatory",
  frameworks: hipaa("164.312(a)(1)"),
  types: pipes,
  judge({ props }, report) {
    const path = "logConfiguration.includeExecutionDatas";
    const found = textsAt(props, path);
    if (found.length > 0) report(path, found.join(", "), "nothing");
  },
});

export const pipeDeadLetter = resourceRule({
  id: "pipe-dead-letter",
  service: "EventBridge",
  description: "Pipes from streams must keep what they could not deliver.",
  reason: "A record that fails is dropped, and missing from the archive for ever.",
  fix: "set deadLetterConfig in sourceParameters.",
  severity: "medium",
  level: "mandatory-in-production",
  frameworks: hipaa("164.312(c)(1)"),
  types: pipes,
  judge({ props }, report) {
    for (const source of ["dynamodbStreamParameters", "kinesisStreamParameters"]) {
      const path = `sourceParameters.${source}`;
      if (at(props, path) !== undefined && at(props, `${path}.deadLetterConfig.arn`) === undefined)
        report(`${path}.deadLetterConfig.arn`, undefined, "the ARN of a queue or topic");
    }
  },
});

export const scheduleDeadLetter = resourceRule({
  id: "schedule-dead-letter",
  service: "EventBridge",
  description: "Schedules should keep the invocations that failed.",
  reason: "An invocation that fails is dropped without a trace.",
  fix: "set target.deadLetterConfig.",
  severity: "low",
  level: "advisory",
  frameworks: [],
  types: ["aws:scheduler/schedule:Schedule"],
  judge({ props }, report) {
    const path = "target.deadLetterConfig.arn";
    if (at(props, path) === undefined) report(path, undefined, "the ARN of a queue");
  },
});
