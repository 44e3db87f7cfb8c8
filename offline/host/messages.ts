/** What the process of a program tells, a line of JSON each. */
export type HostMessage =
  /** It has loaded the SDK and comes to the program. */
  | { readonly kind: "begun" }
  | { readonly kind: "exit"; readonly code: string; readonly stack: string }
  | { readonly kind: "pending"; readonly message: string }
  | { readonly kind: "stuck"; readonly stack: string };

/** File descriptor of the pipe. */
export const hostChannel = 3;
