/**
 * `cli/terminal/`: output on a terminal and in a log.
 *
 * Shows how far a fleet is: lines that change on a terminal, a line for each event in a log.
 */
import { counted } from "../../offline/text.ts";
import type { StackState } from "../../operations/fleet/attempts.ts";
import { changesText } from "../../operations/fleet/text.ts";

const betweenMilliseconds = 100;

type Stream = Pick<NodeJS.WriteStream, "write" | "isTTY" | "columns" | "rows">;

export class Live {
  readonly #stream: Stream;
  readonly #title: string;
  readonly #total: number;
  readonly #current = new Map<string, { readonly since: number; readonly state: StackState }>();
  readonly #ended = { succeeded: 0, failed: 0, refused: 0, interrupted: 0, skipped: 0 };
  readonly #prefix: string;
  #drawn: readonly string[] = [];
  readonly #timer: NodeJS.Timeout | undefined;

  /**
   * @param total stacks that will be worked on.
   * @param prefix stands before each line of a log, after the stack's name.
   */
  constructor(stream: Stream, title: string, total: number, prefix = "") {
    this.#stream = stream;
    this.#title = title;
    this.#total = total;
    this.#prefix = prefix;
    if (stream.isTTY) {
      this.#timer = setInterval(() => this.#draw(this.#lines()), betweenMilliseconds).unref();
    }
  }

  update(stack: string, state: StackState): void {
    const { since, state: before } = this.#current.get(stack) ?? { since: performance.now() };
    if (state.state === "ended") {
      this.#current.delete(stack);
      this.#ended[state.result.result]++;
    } else this.#current.set(stack, { since, state });
    const isNews = state.state !== "running" || before?.state !== "running";
    if (!this.#stream.isTTY && isNews)
      this.#stream.write(`${stack}: ${this.#prefix}${newsOf(state)}\n`);
  }

  /** A line that stays. */
  say(text: string): void {
    this.#draw([]);
    this.#stream.write(`${text}\n`);
  }

  end(): void {
    clearInterval(this.#timer);
    this.#draw([]);
  }

  #lines(): string[] {
    const { succeeded, failed, refused, interrupted, skipped } = this.#ended;
    const over = succeeded + failed + refused + interrupted + skipped;
    const counts = [
      `${this.#title}: ${over}/${this.#total}`,
      failed > 0 && `${failed} failed`,
      refused > 0 && `${refused} refused`,
      skipped > 0 && `${skipped} skipped`,
    ].filter(Boolean);
    const width = Math.max(0, ...[...this.#current.keys()].map((stack) => stack.length));
    const rows = [...this.#current].map(([stack, { since, state }]) => {
      const seconds = Math.round((performance.now() - since) / 1000);
      return `  ${stack.padEnd(width)}  ${newsOf(state)}, ${seconds} s`;
    });
    // What does not fit scrolls, and cannot be taken back.
    const columns = this.#stream.columns ?? 80;
    const room = Math.max(2, (this.#stream.rows ?? 24) - 1);
    return [counts.join(" · "), ...rows].slice(0, room).map((line) => line.slice(0, columns - 1));
  }

  #draw(lines: readonly string[]): void {
    if (!this.#stream.isTTY || lines.join("\n") === this.#drawn.join("\n")) return;
    const up = this.#drawn.length > 0 ? `\u001b[${this.#drawn.length}A` : "";
    this.#stream.write(`${up}\u001b[0J${lines.map((line) => `${line}\n`).join("")}`);
    this.#drawn = lines;
  }
}

function newsOf(state: StackState): string {
  if (state.state === "backing-off") {
    return `${state.cause.split("\n")[0]}; again in ${state.seconds.toFixed(1)} s`;
  }
  if (state.state === "running") {
    const { done, begun } = state.progress;
    return begun === 0 ? "started" : `${done}/${begun} resources`;
  }
  const { result, changes, seconds, causes } = state.result;
  const what = result === "succeeded" ? changesText(changes) : causes[0]?.split("\n")[0];
  return [result, what && `: ${what}`, seconds > 0 && `, ${seconds} s`].filter(Boolean).join("");
}

export const stacksText = (stacks: readonly string[]): string =>
  `${counted(stacks.length, "stack", "stacks")}: ${stacks.join(", ")}`;
