/** What the commands know of stdout: its width, its colours, and that somebody may close it. */
import { styleText } from "node:util";
import type { TextOptions } from "../../offline/text.ts";

/** Of stdout. `styleText` heeds NO_COLOR and whether it is a terminal. */
export const stdoutText = (): TextOptions => ({
  width: process.stdout.columns ?? 80,
  paint: (style, text) => styleText(style, text, { stream: process.stdout }),
});

/** `chatstack check | head` closes the pipe early; the exit code stands all the same. */
export function ignoreClosedPipe(stream: NodeJS.WriteStream): void {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}
