/** `components/companions/egress/`: a network with a way out, on `awsx.ec2.Vpc`; here the package that brings it. */
import { createRequire } from "node:module";
// Not the whole package: it declares `awslambda`, as our own app does.
import type { Vpc } from "@pulumi/awsx/ec2/vpc.js";

/** Loaded for those alone who ask for a way out, as the optional peer that it is. @returns undefined without it. */
export function loadAwsx(): { readonly ec2: { readonly Vpc: typeof Vpc } } | undefined {
  try {
    return createRequire(import.meta.url)("@pulumi/awsx");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND")
      return undefined;
    throw error;
  }
}
