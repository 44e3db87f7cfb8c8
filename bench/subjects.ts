import type { Subject } from "./subject.ts";
import { check } from "./subjects/check.ts";
import { commandsByTenants } from "./subjects/commands.ts";
import { contention } from "./subjects/contention.ts";
import { endToEnd } from "./subjects/end-to-end.ts";
import { load } from "./subjects/load.ts";
import { overhead } from "./subjects/overhead.ts";
import { scale } from "./subjects/scale.ts";
import { streaming } from "./subjects/streaming.ts";
import { units } from "./subjects/units.ts";

/** In the order in which they run and are told. */
export const subjects: ReadonlyMap<string, Subject> = new Map(
  [units, overhead, load, contention, streaming, endToEnd, check, commandsByTenants, scale].map(
    (subject) => [subject.name, subject],
  ),
);
