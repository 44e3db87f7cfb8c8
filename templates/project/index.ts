/** The program that `pulumi up` runs: a backend for each tenant of the stack's file. */
import { stackProgram } from "chatstack";

export default stackProgram();
