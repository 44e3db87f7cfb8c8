/** What a function's thread is started with. */
export interface WorkerSettings {
  /** Absolute path of the unpacked bundle. */
  readonly codeDir: string;
  /** `<file without extension>.<export>` */
  readonly handler: string;
  readonly context: {
    readonly functionName: string;
    readonly invokedFunctionArn: string;
    readonly memoryLimitInMB: string;
    readonly logGroupName: string;
  };
}

export type ToWorker =
  | {
      readonly type: "invoke";
      readonly id: string;
      readonly event: unknown;
      /** Epoch milliseconds at which the invocation times out. */
      readonly deadline: number;
    }
  /** The receiver has room for one more chunk. */
  | { readonly type: "pull"; readonly id: string }
  /** Nobody reads the response any more. The handler is not told, and what it writes is dropped. */
  | { readonly type: "unread"; readonly id: string }
  /** The invocation's time is up. */
  | { readonly type: "abort"; readonly id: string };

export type FromWorker =
  /** A piece of the response payload. */
  | { readonly type: "chunk"; readonly id: string; readonly bytes: Uint8Array }
  /** The payload is complete. */
  | { readonly type: "end"; readonly id: string }
  /** The handler failed; whatever was sent is incomplete. */
  | { readonly type: "failed"; readonly id: string; readonly message: string }
  /** Nothing more will come, be it because of an end, a failure or an abort. */
  | { readonly type: "closed"; readonly id: string };
