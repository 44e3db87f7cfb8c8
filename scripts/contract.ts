import { readFileSync, writeFileSync } from "node:fs";
import { evaluate } from "../offline/evaluate.ts";
import { type ContractEntry, contractFaults, contractOf } from "../offline/upgrade/contract.ts";
import { fullComponents } from "../testing/stacks/full-components.ts";

/**
 * Records the resources of each component in test/components/contract.json. What is recorded stays: to
 * give a resource up on purpose, remove its entry by hand, where a reviewer sees it.
 */
const file = new URL("../test/components/contract.json", import.meta.url);
const recorded: Record<string, ContractEntry[]> = JSON.parse(readFileSync(file, "utf8"));

const contracts: Record<string, ContractEntry[]> = {};
let lost = 0;
for (const [component, program] of Object.entries(fullComponents)) {
  const { records } = await evaluate(program);
  const contract = contractOf(records);
  for (const { kind, place, problem } of contractFaults(recorded[component] ?? [], records)) {
    if (kind === "unrecorded") continue;
    console.error(`${component}: ${place}: ${problem}`);
    lost++;
  }
  contracts[component] = contract;
  console.log(`${component}: ${contract.length} resources`);
}
if (lost > 0) process.exit(1);
writeFileSync(file, `${JSON.stringify(contracts, null, 2)}\n`);
