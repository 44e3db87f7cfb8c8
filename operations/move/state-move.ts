/** A move within an account and region: resources change their stack, and nothing else changes. */

import { UsageError } from "../../offline/usage-error.ts";
import type { OnProgress } from "../aws/tables.ts";
import { write } from "../tenant/change.ts";
import { removeTenant } from "../tenant/stack-text.ts";
import type { MoveJournal } from "./journal.ts";
import { entryOf, sourceOf, withTenant } from "./prepare.ts";
import type { MoveStacks } from "./stacks.ts";

export async function moveByState(
  root: string,
  journal: MoveJournal,
  stacks: MoveStacks,
  onProgress: OnProgress,
): Promise<void> {
  const { tenant, from, to } = journal.state;
  await journal.step("state", onProgress, async () => {
    const [old, next] = [await stacks.urnOf(from, tenant), await stacks.urnOf(to, tenant)];
    if (old === undefined && next === undefined) {
      throw new UsageError(`${from} has not deployed ${tenant}: move its entry by hand`);
    }
    // The command writes the new stack's state first: one that was killed between the two left it in both.
    if (old !== undefined && next !== undefined) await stacks.forget(from, old);
    else if (old !== undefined) await stacks.moveState(from, to, old);
  });
  await journal.step("files", onProgress, () => {
    const [old, next] = [sourceOf(root, from, tenant), sourceOf(root, to, tenant)];
    if (!next.ids.includes(tenant)) write(next, withTenant(next, entryOf(old, tenant)));
    if (old.ids.includes(tenant)) write(old, removeTenant(old, tenant));
  });
  await journal.step("deploy", onProgress, async () => {
    await stacks.up(to, tenant, "updates");
    await stacks.up(from, tenant, "updates");
  });
}
