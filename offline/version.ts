import { createRequire } from "node:module";

/** By name: the package has this file one folder deeper than the repository. */
const { version: found }: { version: string } = createRequire(import.meta.url)(
  "chatstack/package.json",
);

/** Version of chatstack. */
export const version = found;
