import type { TestContext } from "vitest";

declare module "vitest" {
  interface TaskMeta {
    /** Attacks, cases or patterns that the test went through, for the summary. */
    tried?: number;
  }
}

/** Notes how much a test tried; a test that tried nothing shows nothing. */
export function tried({ task }: Pick<TestContext, "task">, count: number): void {
  if (count < 1) throw new Error(`${task.name}: nothing was tried`);
  task.meta.tried = (task.meta.tried ?? 0) + count;
}
