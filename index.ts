/** The library: the components, and the whole tenant that the program in `stacks/` makes of them. */
export * from "./components/index.ts";
export { type StackProgramOptions, stackProgram } from "./stacks/program.ts";
export type { Settings } from "./stacks/settings.ts";
export type { TenantEntry } from "./stacks/tenant-entry.ts";
export type { TenantOutputs } from "./stacks/tenant-outputs.ts";
export { TenantStack, type TenantStackArgs } from "./stacks/tenant-stack.ts";
export { type Tier, tiers } from "./stacks/tiers.ts";
