/** An answer to a question of another tab or device, which this page sees and may end. */
import { type Client, type components, result } from "chatstack/client";
import { useEffect, useRef, useState } from "preact/hooks";

type Running = NonNullable<components["schemas"]["RunningAnswer"]>;

const lookEveryMs = 1_000;

/**
 * Looks when a conversation is opened, when it is asked to, when its page is shown again, and every second while an answer is under way.
 *
 * @param conversation undefined while there is nothing to look for: this page reads the answer itself.
 * @param onEnd when the answer is saved.
 */
export function useAnswerElsewhere(
  api: Client,
  conversation: string | undefined,
  onEnd: (conversation: string) => void,
): {
  readonly running: Running | undefined;
  readonly look: () => void;
  readonly end: () => Promise<unknown>;
} {
  const [running, setRunning] = useState<Running>();
  const told = useRef(onEnd);
  told.current = onEnd;
  const looking = useRef<() => void>(undefined);
  useEffect(() => {
    if (conversation === undefined) return;
    const path = { id: conversation };
    let timer: number | undefined;
    let isCurrent = true;
    let wasRunning = false;
    const look = async () => {
      clearTimeout(timer);
      const found = await result(
        api.GET("/conversations/{id}/running", { params: { path } }),
      ).catch(() => undefined);
      if (!isCurrent) return;
      const isRunning = found === undefined ? wasRunning : found.running !== null;
      if (found !== undefined) setRunning(found.running ?? undefined);
      if (wasRunning && !isRunning) told.current(conversation);
      wasRunning = isRunning;
      if (isRunning) timer = window.setTimeout(look, lookEveryMs);
    };
    looking.current = look;
    const lookAgain = () => document.visibilityState === "visible" && look();
    document.addEventListener("visibilitychange", lookAgain);
    look();
    return () => {
      isCurrent = false;
      looking.current = undefined;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", lookAgain);
      setRunning(undefined);
    };
  }, [api, conversation]);
  const end = async () =>
    conversation !== undefined &&
    result(api.DELETE("/conversations/{id}/running", { params: { path: { id: conversation } } }));
  return { running, look: () => looking.current?.(), end };
}
