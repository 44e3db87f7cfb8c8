/**
 * Events of a team's own that a function gets beside requests: those of its schedules, which the component writes
 * and the function reads, and batches of its queues, as Lambda writes them.
 */

/** The event of one schedule. EventBridge Scheduler puts the time that a run was due in the place of `at`. */
export const scheduleEvent = (schedule: string) =>
  ({
    chatstack: "schedule",
    schedule,
    // EventBridge Scheduler User Guide, "Adding context attributes".
    at: "<aws.scheduler.scheduled-time>",
  }) as const;

/** Name of the variable with the queues' URLs: `name=url`, comma separated. */
export const queuesVariable = "EVENT_QUEUES";

/** What the variable says, URLs by names. */
export function readQueues(text: string | undefined): ReadonlyMap<string, string> {
  const pairs = (text ?? "").split(",").flatMap((pair): [string, string][] => {
    const [name = "", url = ""] = pair.split("=");
    return name === "" ? [] : [[name, url]];
  });
  return new Map(pairs);
}
