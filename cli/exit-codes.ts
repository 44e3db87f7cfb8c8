/** Exit codes of the commands that judge by policies. */
import type { Outcome } from "../offline/check/report.ts";

export const exitCodes: Readonly<Record<Outcome, number>> = {
  clean: 0,
  violations: 1,
  "could-not-judge": 2,
};
