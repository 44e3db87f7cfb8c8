import { writeText } from "../../offline/files/files.ts";
import { ignoreClosedPipe } from "../terminal/stdout.ts";

/** What a command says, and the exit code that it ends with. */
export interface Outcome {
  readonly text: string;
  readonly code: number;
}

/**
 * Writes the text to stdout, or to the file that `--json` names.
 *
 * @returns the exit code.
 */
export function writeOutcome({ text, code }: Outcome, json: string | true | undefined): number {
  ignoreClosedPipe(process.stdout);
  if (typeof json === "string") writeText(json, `${text}\n`);
  else process.stdout.write(`${text}\n`);
  return code;
}
