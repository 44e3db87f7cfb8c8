/**
 * The program that `pulumi up` runs, and the only description of the tenants: every tool of this
 * repository evaluates it. A default-exported function, so that one process can run it repeatedly.
 */
import { stackProgram } from "./program.ts";

export default stackProgram();
