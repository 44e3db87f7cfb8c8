/** One line that tells how far a command is, once it takes longer than people wait without asking. */

const patienceSeconds = 2;

export interface Progress {
  /** What is being done now, e.g. `checking: prod 40/265`. Shown at most ten times a second. */
  update(text: string): void;
  /** Takes the line away. */
  end(): void;
}

const betweenMilliseconds = 100;

/**
 * @param stream a terminal gets one line that changes, a log file one line in all.
 * @param first what to say before the first update.
 */
export function startProgress(stream: NodeJS.WriteStream, first: string): Progress {
  let text = first;
  let shownAt = performance.now() + patienceSeconds * 1000 - betweenMilliseconds;
  let isShown = false;
  const show = () => {
    if (performance.now() < shownAt + betweenMilliseconds || (isShown && !stream.isTTY)) return;
    stream.write(stream.isTTY ? `\r\u001b[2K${text}` : `${text} …\n`);
    shownAt = performance.now();
    isShown = true;
  };
  const timer = setTimeout(show, patienceSeconds * 1000 + 1).unref();
  return {
    update(current) {
      text = current;
      show();
    },
    end() {
      clearTimeout(timer);
      if (isShown && stream.isTTY) stream.write("\r\u001b[2K");
    },
  };
}
