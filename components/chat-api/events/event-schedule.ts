import type * as pulumi from "@pulumi/pulumi";
import { scheduleEvent } from "../../../app/resources/events.ts";
import {
  FunctionSchedule,
  type FunctionScheduleArgs,
  type FunctionScheduleTransform,
} from "../function/function-schedule.ts";
import type { ScheduleSource } from "./event-sources.ts";

/** A million runs cost $1; the first 14 million of a month are free (EventBridge pricing). */
export interface EventScheduleArgs extends FunctionScheduleArgs, ScheduleSource {
  /** Name of the app's handler that each run calls. */
  handler: string;
  transform?: FunctionScheduleTransform;
}

/** A schedule that a team gives to its own app. Each run calls one handler of the app. */
export class EventSchedule extends FunctionSchedule {
  constructor(name: string, args: EventScheduleArgs, options?: pulumi.ComponentResourceOptions) {
    const { handler, expression, timeZone, windowMinutes = 5, transform } = args;
    super(
      "EventSchedule",
      name,
      args,
      {
        scheduleExpression: expression,
        ...(timeZone !== undefined && { timeZone }),
        windowMinutes,
        input: JSON.stringify(scheduleEvent(handler)),
      },
      transform,
      options,
    );
  }
}
