/** One line that tells how far a check is, once it takes longer than people wait without asking. */

const patienceSeconds = 2;

export interface Progress {
  update(stack: string, judged: number, of: number): void;
  /** Takes the line away. */
  end(): void;
}

/** @param stream a terminal gets one line that changes, a log file one line in all. */
export function startProgress(stream: NodeJS.WriteStream): Progress {
  const stacks = new Map<string, string>();
  const deadline = performance.now() + patienceSeconds * 1000;
  let isShown = false;
  const text = () => {
    const done = [...stacks].map(([stack, part]) => `${stack} ${part}`);
    return `checking: ${done.join(", ") || "evaluating the stacks"}`;
  };
  const show = () => {
    if (performance.now() < deadline || (isShown && !stream.isTTY)) return;
    stream.write(stream.isTTY ? `\r\u001b[2K${text()}` : `${text()} …\n`);
    isShown = true;
  };
  const timer = setTimeout(show, patienceSeconds * 1000).unref();
  return {
    update(stack, judged, of) {
      stacks.set(stack, `${judged}/${of}`);
      if (judged % 20 === 0) show();
    },
    end() {
      clearTimeout(timer);
      if (isShown && stream.isTTY) stream.write("\r\u001b[2K");
    },
  };
}
