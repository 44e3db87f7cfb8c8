/** What `chatstack report` does with its flags. */
import { readBaseline } from "../../offline/check/baseline.ts";
import type { FailOn } from "../../offline/check/fail-on.ts";
import { refuseUnwritable, writeText } from "../../offline/files/files.ts";
import { gather } from "../../offline/report/gather.ts";
import { page } from "../../offline/report/page.ts";
import { exitCodes } from "../exit-codes.ts";
import { startProgress } from "../terminal/progress.ts";

export interface ReportFlags {
  readonly stack: string;
  readonly against?: string;
  readonly usage?: string;
  readonly prices?: string;
  readonly policyPack?: string;
  readonly failOn?: FailOn;
  readonly baseline?: string;
  readonly output: string;
}

/** Resolves to the exit code: that of `check`. */
export async function report(flags: ReportFlags): Promise<number> {
  refuseUnwritable(flags.output);
  const baseline = flags.baseline === undefined ? undefined : readBaseline(flags.baseline);
  const progress = startProgress(process.stderr, `evaluating stack ${flags.stack}`);
  try {
    const gathered = await gather({
      stack: flags.stack,
      ...(flags.against !== undefined && { against: flags.against }),
      ...(flags.usage !== undefined && { usage: flags.usage }),
      ...(flags.prices !== undefined && { prices: flags.prices }),
      ...(flags.policyPack !== undefined && { pack: flags.policyPack }),
      failOn: flags.failOn,
      baseline,
      onProgress: progress.update,
    });
    progress.update("writing the page");
    const written = await page(gathered);
    progress.end();
    if (flags.output === "-") process.stdout.write(written);
    else writeText(flags.output, written);
    return exitCodes[gathered.outcome];
  } finally {
    progress.end();
  }
}
