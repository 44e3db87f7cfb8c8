// Written by `npm run client-types` from the API's OpenAPI document.
export interface paths {
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Check that the API answers. Needs no token */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get this document
         * @description Needs no token if the stack publishes its API reference.
         */
        get: operations["getOpenApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the API reference, a page that can send requests
         * @description Needs no token if the stack publishes its API reference.
         */
        get: operations["getReference"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the caller's profile */
        get: operations["getProfile"];
        /**
         * Replace the writable fields of the caller's profile
         * @description Conditions take a profile that was never put as none: its `ETag` is `"0"`.
         */
        put: operations["replaceProfile"];
        post?: never;
        /**
         * Erase everything that is kept of the caller
         * @description Deletes conversations, documents, profile, sessions, state, tokens and counters. Meanwhile the caller's writes are refused with 409. Large accounts take several steps: each request for the receipt does one. Not deleted: the account in the user pool, entries of the audit log, and, until they expire, backups and earlier versions in the bucket.
         */
        delete: operations["eraseAll"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the tokens that the caller used this day and this month (UTC) */
        get: operations["getUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the caller's sessions that have not expired */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a session */
        get: operations["getSession"];
        /** Create or renew a session */
        put: operations["putSession"];
        post?: never;
        /** End a session */
        delete: operations["deleteSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/state/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a value of the application's state */
        get: operations["getState"];
        /**
         * Save a value of the application's state
         * @description With `If-None-Match: *` it is saved only if there is no value yet.
         */
        put: operations["putState"];
        post?: never;
        /** Delete a value of the application's state */
        delete: operations["deleteState"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Issue a token that the same user can redeem once */
        post: operations["issueToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/tokens/redeem": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Redeem a token. Only one request can succeed */
        post: operations["redeemToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the conversations that changed since an earlier sync
         * @description Without a cursor it returns every conversation, in every state. With a cursor it returns the conversations that were created, changed, got messages or were read since, and the ids of deleted ones. Every change is returned at least once. Changes of the last 10 minutes may be returned again, so apply them by `id` and `version`. If `createdAt` differs from your copy's, the id belongs to a new conversation: discard the copy. Get new messages with `GET /conversations/{id}/messages?after={newest sequence of your copy}`. If `version` grew by more than they explain, the newest messages may have been replaced: read them again. If `editedVersion` is newer than your copy's version, messages were edited or deleted: get them with `GET /conversations/{id}/changes?since={version of your copy}`.
         */
        get: operations["syncConversations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the caller's conversations in one state, most recently changed first */
        get: operations["listConversations"];
        put?: never;
        /** Start a conversation */
        post: operations["createConversation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a conversation with its newest messages */
        get: operations["getConversation"];
        /** Replace the writable fields of an existing conversation */
        put: operations["replaceConversation"];
        post?: never;
        /**
         * Delete a conversation with all its messages
         * @description No reader sees the conversation any more. After a 5xx or a lost connection, send the request again: it finishes the deletion. The id cannot be used again for 24 hours.
         */
        delete: operations["deleteConversation"];
        options?: never;
        head?: never;
        /**
         * Change some fields: rename, change the model or settings, pin, archive, move to the trash, restore
         * @description Each given field is replaced as a whole, except `settings`, of which only the given ones change. Only an active conversation takes messages. A conversation in the trash is deleted after 30 days; `state: active` restores it.
         */
        patch: operations["updateConversation"];
        trace?: never;
    };
    "/conversations/{id}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Mark messages as read
         * @description A lower sequence has no effect. Neither `version` nor `updatedAt` changes. The user's own messages and the answers to them count as read.
         */
        put: operations["markConversationRead"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Page through a conversation's messages */
        get: operations["listMessages"];
        put?: never;
        /** Append a message */
        post: operations["appendMessage"];
        /**
         * Delete all messages of a conversation, and keep the conversation
         * @description No reader sees the messages any more. Title, model and id stay, and the sequence continues: the next message gets the number after the last deleted one. Documents are not deleted.
         */
        delete: operations["clearConversation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}/copy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Copy a conversation up to one message
         * @description The messages keep their ids and times, but not their ratings. Title, model, settings, metadata and tags are copied. 202 means that one request was too short: send it again with the same key to continue.
         */
        post: operations["copyConversation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete many conversations with all their messages
         * @description Deletes each as `deleteConversation` does. Send the ids with the outcome `left` again. After a 5xx send all again: those already deleted are `not-found`.
         */
        post: operations["deleteConversations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}/messages/{messageId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get one message */
        get: operations["getMessage"];
        put?: never;
        post?: never;
        /**
         * Delete one message
         * @description No reader and no model sees it any more. Its sequence number is not used again. The attached documents stay the caller's and the conversation's.
         */
        delete: operations["deleteMessage"];
        options?: never;
        head?: never;
        /**
         * Edit a message
         * @description Changes its content and parts only. `If-Match` takes the conversation's `ETag`. Other devices see the change by a sync and `GET /conversations/{id}/changes`. To get a new answer to an edited question, use `regenerate`.
         */
        patch: operations["editMessage"];
        trace?: never;
    };
    "/conversations/{id}/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the messages that were edited or deleted since a version of the conversation
         * @description For a device whose copy has a `version` older than the conversation's `editedVersion`. Changes are kept for 31 days: with an older copy, read all messages again. New messages come from `GET …/messages?after=`.
         */
        get: operations["listMessageChanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}/messages/{messageId}/feedback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Rate an answer */
        put: operations["putFeedback"];
        post?: never;
        /** Remove the rating of an answer */
        delete: operations["deleteFeedback"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the available models, the default first */
        get: operations["listModels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}/chat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask a model, and save the question with its answer
         * @description The model gets the conversation's instructions and as many of its last messages as fit, then `citations` and `content`. Question and answer are saved in one transaction when the answer has ended. They are also saved if the model failed (`isError`), or if the client disconnected and the model was stopped (`stopReason: aborted`).
         */
        post: operations["chat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}/regenerate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask the last question again, as it was or edited
         * @description Replaces the last answer, and its question too if `content` is given, in one transaction when the new answer is complete. Until then, and if the model fails, the old question and answer stay. If the last question has no answer yet, it is answered. 412 if another message was added meanwhile.
         */
        post: operations["regenerate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}/title": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a model write the title
         * @description Replaces a title that was made from the first question. If a user or a model has written the title, it stays, and no model is asked. The model reads the beginning of the question and of its answer, about 1,000 tokens, and writes at most 32. They count towards the caller's usage.
         */
        post: operations["titleConversation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}/running": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the question that is being answered
         * @description The question is saved with its answer, so it is not among the messages yet. If several are being answered, this is the newest.
         */
        get: operations["getRunningAnswer"];
        put?: never;
        post?: never;
        /**
         * Stop the answer that is being made, in any process
         * @description The answer stops within about a second. Its text so far is saved with the question (`stopReason: aborted`).
         */
        delete: operations["stopRunningAnswer"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/completions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask a model in the format of OpenAI's chat completions
         * @description The operation `chat` for the `openai` packages and compatible clients. The API reads only the last message; the model gets the saved conversation. Errors are problem details with OpenAI's member `error` added.
         */
        post: operations["createCompletion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/documents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the caller's documents, newest first */
        get: operations["listDocuments"];
        put?: never;
        /**
         * Get a form for the upload of a document
         * @description Send the file to S3 with this form, then complete the document.
         */
        post: operations["addDocument"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/documents/{id}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Complete an upload: the API reads the file
         * @description Safe to repeat. The returned status is `ready` or `failed`.
         */
        post: operations["completeDocument"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/documents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a document with a URL to download it */
        get: operations["getDocument"];
        put?: never;
        post?: never;
        /**
         * Delete a document
         * @description No reader sees the document any more. Messages keep the passages that they quote. After a 5xx or a lost connection, send the request again: it finishes the deletion.
         */
        delete: operations["deleteDocument"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export everything that is kept of the caller
         * @description One JSON object a line, of these kinds: `export`, `profile`, `usage`, `session`, `state`, `document` (without the file, which the `downloadUrl` of `GET /documents/{id}` has), `conversation`, followed by its `message`s and a `deleted-message` for each deleted one, `unreadable` for each item that this version cannot read, and `end`. An export is complete if its last line is `end`. To continue an interrupted one, send its last `cursor` line's cursor. One-time tokens are not exported.
         */
        get: operations["exportAll"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Export one conversation as Markdown */
        get: operations["exportConversation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import lines of an export
         * @description Takes at most 3 MB: send a larger export in parts, cut between lines. Ids, sequences and times are kept. Existing data is not changed, so the same lines may be sent again. The response has one line for each: `created`, `exists`, `conflict` (another message has this sequence), `gap` (the message before it is missing), `skipped` (not for the caller to set, or expired) or `refused` with a reason, and `done` at the end. If it ends with `next`, the request ran out of time: send the lines from that one on. If it ends with neither, it was interrupted: send the lines again.
         */
        post: operations["importAll"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/erasures/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the receipt of an erasure, and continue the erasure */
        get: operations["getErasure"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the conversations created on a day or a range of days, oldest first
         * @description Returns who created each conversation and when, and nothing that a user wrote. The request is recorded in the audit log. The list is empty if the tenant keeps its history in S3, which has no index by day.
         */
        get: operations["listCreatedConversations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/users/{user}/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a user's conversations in one state, most recently changed first
         * @description Without titles and messages. The request is recorded in the audit log.
         */
        get: operations["listUserConversations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/users/{user}/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the tokens that a user's chats used, today and this month
         * @description The request is recorded in the audit log.
         */
        get: operations["getUserUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/totals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get what all users used on each day of a month
         * @description Each page has the sums for some of the users and conversations: add up the pages. `stored` is of all users, and only on the first page. The other totals leave out users who were erased. Counters of a month are deleted after 13 months. The request is recorded in the audit log.
         */
        get: operations["getTotals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the requests of administrators, newest first
         * @description Entries cannot be changed or deleted. This request is recorded too.
         */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/sweep": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Purge the trash that is due, and finish interrupted deletions and erasures
         * @description The tenant's scheduled maintenance does the same; this request does it now. It examines the conversations created on the given days, for half a read unit each. Repeat the request with the cursor until the cursor is null. No reader sees a conversation whose time is over, whether or not it was purged.
         */
        post: operations["sweep"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description RFC 9457 problem details.
         * @example {
         *       "type": "urn:chatstack:problem:validation",
         *       "title": "The request is not valid",
         *       "status": 400,
         *       "detail": "text",
         *       "errors": [
         *         {
         *           "in": "body",
         *           "pointer": "text",
         *           "message": "text"
         *         }
         *       ]
         *     }
         */
        Problem: {
            /**
             * @description Kind of the problem, for programs: `urn:chatstack:problem:validation`, `urn:chatstack:problem:malformed-json`, `urn:chatstack:problem:invalid-cursor`, `urn:chatstack:problem:unauthenticated`, `urn:chatstack:problem:forbidden`, `urn:chatstack:problem:tenant-suspended`, `urn:chatstack:problem:tenant-off-boarding`, `urn:chatstack:problem:not-found`, `urn:chatstack:problem:method-not-allowed`, `urn:chatstack:problem:id-taken`, `urn:chatstack:problem:not-active`, `urn:chatstack:problem:not-uploaded`, `urn:chatstack:problem:erasing`, `urn:chatstack:problem:conversation-full`, `urn:chatstack:problem:too-many-pins`, `urn:chatstack:problem:guardrail-unavailable`, `urn:chatstack:problem:model-unavailable`, `urn:chatstack:problem:answer-under-way`, `urn:chatstack:problem:nothing-to-regenerate`, `urn:chatstack:problem:precondition-failed`, `urn:chatstack:problem:too-large`, `urn:chatstack:problem:unsupported-media-type`, `urn:chatstack:problem:idempotency-key-reused`, `urn:chatstack:problem:quota-exceeded`, `urn:chatstack:problem:internal`, `urn:chatstack:problem:model-failed`, `urn:chatstack:problem:busy`, or a type of the gateway.
             * @example urn:chatstack:problem:validation
             */
            type: string;
            /** @example The request is not valid */
            title: string;
            /** @example 400 */
            status: number;
            /** @description One sentence for developers. */
            detail?: string;
            errors?: {
                /** @enum {string} */
                in: "body" | "query" | "path" | "header";
                pointer: string;
                message: string;
            }[];
        };
        /**
         * @example {
         *       "id": "text",
         *       "name": "text",
         *       "email": "ada@example.org",
         *       "preferences": {},
         *       "role": "admin",
         *       "lastActiveAt": "2026-11-20T09:30:00.000Z",
         *       "createdAt": "2026-11-20T09:30:00.000Z",
         *       "updatedAt": "2026-11-20T09:30:00.000Z",
         *       "version": 1
         *     }
         */
        Profile: {
            /** @description The user's id: the token's `sub`. */
            id: string;
            name: string | null;
            /** Format: email */
            email: string | null;
            preferences: {
                [key: string]: unknown;
            };
            /**
             * @description From the user's groups.
             * @enum {string}
             */
            role: "admin" | "member";
            /**
             * Format: date-time
             * @description Time at which one of the user's active conversations last changed, or null.
             */
            lastActiveAt: string | null;
            /**
             * Format: date-time
             * @description Null until the first PUT.
             */
            createdAt: string | null;
            /** Format: date-time */
            updatedAt: string | null;
            version: number;
        };
        PeriodUsage: components["schemas"]["TokenUsage"] & {
            /** @example 2026-11-20 */
            period: string;
            /** @description Tokens, input and output together. Null: unlimited. */
            limit: number | null;
            /** Format: date-time */
            endsAt: string;
        };
        /**
         * @example {
         *       "inputTokens": 1,
         *       "outputTokens": 1,
         *       "cacheReadTokens": 1,
         *       "cacheWriteTokens": 1
         *     }
         */
        TokenUsage: {
            /** @description Tokens of the whole prompt, cached or not. */
            inputTokens: number;
            outputTokens: number;
            /** @description Input tokens that were read from the model's cache. Absent if there were none. */
            cacheReadTokens?: number;
            /** @description Input tokens that were written to the cache. Absent if there were none. */
            cacheWriteTokens?: number;
        };
        /**
         * @description Data of a device or a browser, kept until it expires.
         * @example {
         *       "id": "text",
         *       "data": null,
         *       "createdAt": "2026-11-20T09:30:00.000Z",
         *       "updatedAt": "2026-11-20T09:30:00.000Z",
         *       "expiresAt": "2026-11-20T09:30:00.000Z",
         *       "version": 1
         *     }
         */
        Session: {
            id: string;
            data?: unknown;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /**
             * Format: date-time
             * @description After this time no reader sees it.
             */
            expiresAt: string | null;
            /** @description Grows with every change. It is the `ETag`. */
            version: number;
        };
        /**
         * @description A value of the application's state.
         * @example {
         *       "key": "text",
         *       "value": null,
         *       "createdAt": "2026-11-20T09:30:00.000Z",
         *       "updatedAt": "2026-11-20T09:30:00.000Z",
         *       "expiresAt": "2026-11-20T09:30:00.000Z",
         *       "version": 1
         *     }
         */
        State: {
            key: string;
            value?: unknown;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /**
             * Format: date-time
             * @description After this time no reader sees it.
             */
            expiresAt: string | null;
            /** @description Grows with every change. It is the `ETag`. */
            version: number;
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "id": "text",
         *           "title": "Trip to Lisbon",
         *           "modelId": "text",
         *           "createdAt": "2026-11-20T09:30:00.000Z",
         *           "updatedAt": "2026-11-20T09:30:00.000Z",
         *           "state": "active",
         *           "purgeAt": "2026-11-20T09:30:00.000Z",
         *           "lastReadSequence": 1,
         *           "unreadCount": 1,
         *           "messageCount": 1,
         *           "editedVersion": 1,
         *           "lastMessage": {
         *             "role": "user",
         *             "preview": "text",
         *             "timestamp": "2026-11-20T09:30:00.000Z"
         *           },
         *           "version": 1,
         *           "pinned": true,
         *           "tags": [
         *             "text"
         *           ],
         *           "metadata": {},
         *           "settings": {
         *             "instructions": "text",
         *             "temperature": 1,
         *             "maxOutputTokens": 1,
         *             "guardrail": "text",
         *             "tools": [
         *               "text"
         *             ]
         *           }
         *         }
         *       ],
         *       "deleted": [
         *         "text"
         *       ],
         *       "cursor": "text",
         *       "more": true
         *     }
         */
        Changes: {
            items: components["schemas"]["Conversation"][];
            /** @description Ids of deleted conversations. */
            deleted: string[];
            /** @description The cursor for the next sync. */
            cursor: string;
            /** @description Whether there is another page. */
            more: boolean;
        };
        /**
         * @example {
         *       "id": "text",
         *       "title": "Trip to Lisbon",
         *       "modelId": "text",
         *       "createdAt": "2026-11-20T09:30:00.000Z",
         *       "updatedAt": "2026-11-20T09:30:00.000Z",
         *       "state": "active",
         *       "purgeAt": "2026-11-20T09:30:00.000Z",
         *       "lastReadSequence": 1,
         *       "unreadCount": 1,
         *       "messageCount": 1,
         *       "editedVersion": 1,
         *       "lastMessage": {
         *         "role": "user",
         *         "preview": "text",
         *         "timestamp": "2026-11-20T09:30:00.000Z"
         *       },
         *       "version": 1,
         *       "pinned": true,
         *       "tags": [
         *         "text"
         *       ],
         *       "metadata": {},
         *       "settings": {
         *         "instructions": "text",
         *         "temperature": 1,
         *         "maxOutputTokens": 1,
         *         "guardrail": "text",
         *         "tools": [
         *           "text"
         *         ]
         *       }
         *     }
         */
        Conversation: {
            id: string;
            /** @example Trip to Lisbon */
            title: string;
            modelId: string | null;
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description Time of the last change of its messages, title, model or state.
             */
            updatedAt: string;
            /** @enum {string} */
            state: "active" | "archived" | "trashed";
            /**
             * Format: date-time
             * @description Time at which it will be deleted, 30 days after it was moved to the trash. Null if it is not in the trash.
             */
            purgeAt: string | null;
            /** @description Sequence of the last message that was read, or 0. Null in lists without `include=unread`. */
            lastReadSequence: number | null;
            unreadCount: number | null;
            messageCount: number;
            /** @description The `version` in which a message was last edited or deleted; see `GET …/changes`. Null if none was, and in lists without `include`. */
            editedVersion: number | null;
            lastMessage: {
                /** @enum {string} */
                role: "user" | "assistant" | "system" | "tool";
                preview: string;
                /** Format: date-time */
                timestamp: string;
            } | null;
            /** @description Grows with every change. It is the `ETag`. */
            version: number;
            /** @description Null in lists without `include=details`. */
            pinned: boolean | null;
            /** @description Null in lists without `include=details`. */
            tags: string[] | null;
            /** @description Null in lists without `include=details`. */
            metadata: {
                [key: string]: string;
            } | null;
            settings: components["schemas"]["ConversationSettings"];
        };
        /** @description Settings of every answer in the conversation. Null: the deployment's own. */
        ConversationSettings: {
            /** @description Instructions for the model, added after those of the deployment. */
            instructions: string | null;
            temperature: number | null;
            /** @description Longest answer in tokens, at most the model's `maxOutputTokens`. */
            maxOutputTokens: number | null;
            /** @description One of the `guardrails` of `GET /models`. Null: none. */
            guardrail: string | null;
            /** @description Which of the `tools` of `GET /models` may be called. Null: all. */
            tools: string[] | null;
        } | null;
        OpenConversation: components["schemas"]["Conversation"] & {
            /** @description The newest messages, at most 20, in ascending order. */
            messages: components["schemas"]["Message"][];
            /** @description Cursor of the messages before these, for `GET …/messages?order=desc&cursor=…`. Null if there are none. */
            olderCursor: string | null;
        };
        /**
         * @example {
         *       "id": "text",
         *       "sequence": 1,
         *       "role": "user",
         *       "content": "text",
         *       "parts": [
         *         {
         *           "type": "text",
         *           "text": "text",
         *           "metadata": {}
         *         }
         *       ],
         *       "type": "markdown",
         *       "timestamp": "2026-11-20T09:30:00.000Z",
         *       "modelId": "text",
         *       "isError": true,
         *       "errorMessage": "text",
         *       "citations": [
         *         {
         *           "title": "text",
         *           "url": "https://example.org/guide",
         *           "source": "text",
         *           "page": 1,
         *           "quote": "text"
         *         }
         *       ],
         *       "llmResponseId": "text",
         *       "stopReason": "complete",
         *       "usage": {
         *         "inputTokens": 1,
         *         "outputTokens": 1,
         *         "cacheReadTokens": 1,
         *         "cacheWriteTokens": 1
         *       },
         *       "feedback": {
         *         "rating": "up",
         *         "comment": "text",
         *         "timestamp": "2026-11-20T09:30:00.000Z"
         *       },
         *       "editedAt": "2026-11-20T09:30:00.000Z",
         *       "documents": [
         *         "text"
         *       ]
         *     }
         */
        Message: {
            /** @description Unique within the conversation. */
            id: string;
            /** @description 1, 2, 3 …: the order of messages. */
            sequence: number;
            /** @enum {string} */
            role: "user" | "assistant" | "system" | "tool";
            content: string;
            /** @description The parts of the message; `content` is their text. Absent if the message has only text. */
            parts?: components["schemas"]["Part"][];
            /**
             * @description How to read the content.
             * @example markdown
             */
            type: string;
            /**
             * Format: date-time
             * @description Server time.
             */
            timestamp: string;
            modelId: string | null;
            isError: boolean;
            errorMessage: string | null;
            citations: components["schemas"]["Citation"][];
            llmResponseId: string | null;
            /**
             * @description Why the model stopped. `aborted`: the answer is incomplete.
             * @enum {string|null}
             */
            stopReason: "complete" | "length" | "filtered" | "aborted" | "error" | null;
            /** @description Tokens of the answer, if known. */
            usage: components["schemas"]["TokenUsage"] | null;
            feedback: components["schemas"]["Feedback"];
            /**
             * Format: date-time
             * @description Time of the last edit, or null.
             */
            editedAt: string | null;
            /** @description Ids of the attached documents. Some may have been deleted since. */
            documents: string[];
        };
        Part: components["schemas"]["TextPart"] | components["schemas"]["ImagePart"] | components["schemas"]["FilePart"] | components["schemas"]["ToolCallPart"] | components["schemas"]["ToolResultPart"] | components["schemas"]["ReasoningPart"] | components["schemas"]["CitationPart"] | components["schemas"]["DataPart"];
        /**
         * @example {
         *       "type": "text",
         *       "text": "text",
         *       "metadata": {}
         *     }
         */
        TextPart: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "text";
            text: string;
            metadata?: components["schemas"]["PartMetadata"];
        };
        /**
         * @description What only one provider or library knows of it, under its name: kept and given back, and sent to no other.
         * @example {}
         */
        PartMetadata: {
            [key: string]: unknown;
        };
        /**
         * @example {
         *       "type": "image",
         *       "mediaType": "image/png",
         *       "document": "text",
         *       "url": "https://example.org/guide",
         *       "data": "text",
         *       "metadata": {}
         *     }
         */
        ImagePart: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "image";
            /** @enum {string} */
            mediaType: "image/png" | "image/jpeg" | "image/gif" | "image/webp";
            /** @description A document of the caller's: the way for all that is not tiny. */
            document?: string;
            /**
             * Format: uri
             * @description Kept for the client; the API never fetches it.
             */
            url?: string;
            /** @description The bytes in base64; they count as part of the message. */
            data?: string;
            metadata?: components["schemas"]["PartMetadata"];
        };
        /**
         * @example {
         *       "type": "file",
         *       "mediaType": "application/pdf",
         *       "name": "text",
         *       "document": "text",
         *       "url": "https://example.org/guide",
         *       "data": "text",
         *       "metadata": {}
         *     }
         */
        FilePart: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "file";
            /** @example application/pdf */
            mediaType: string;
            name?: string;
            /** @description A document of the caller's: the way for all that is not tiny. */
            document?: string;
            /**
             * Format: uri
             * @description Kept for the client; the API never fetches it.
             */
            url?: string;
            /** @description The bytes in base64; they count as part of the message. */
            data?: string;
            metadata?: components["schemas"]["PartMetadata"];
        };
        /**
         * @example {
         *       "type": "tool-call",
         *       "toolCallId": "text",
         *       "toolName": "text",
         *       "input": null,
         *       "metadata": {}
         *     }
         */
        ToolCallPart: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "tool-call";
            toolCallId: string;
            toolName: string;
            /** @description Any JSON. */
            input: unknown;
            metadata?: components["schemas"]["PartMetadata"];
        };
        /**
         * @example {
         *       "type": "tool-result",
         *       "toolCallId": "text",
         *       "toolName": "text",
         *       "output": null,
         *       "content": [
         *         {
         *           "type": "text",
         *           "text": "text",
         *           "metadata": {}
         *         }
         *       ],
         *       "isError": true,
         *       "metadata": {}
         *     }
         */
        ToolResultPart: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "tool-result";
            toolCallId: string;
            toolName?: string;
            /** @description Any JSON. */
            output?: unknown;
            /** @description Instead of `output`, what is more than JSON. */
            content?: (components["schemas"]["TextPart"] | components["schemas"]["ImagePart"] | components["schemas"]["FilePart"] | components["schemas"]["DataPart"])[];
            isError?: boolean;
            metadata?: components["schemas"]["PartMetadata"];
        };
        /**
         * @example {
         *       "type": "data",
         *       "name": "text",
         *       "id": "text",
         *       "data": null,
         *       "metadata": {}
         *     }
         */
        DataPart: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "data";
            /** @description What it is, as the client knows it. */
            name: string;
            id?: string;
            /** @description Any JSON. */
            data: unknown;
            metadata?: components["schemas"]["PartMetadata"];
        };
        /**
         * @example {
         *       "type": "reasoning",
         *       "text": "text",
         *       "signature": "text",
         *       "redacted": "text",
         *       "metadata": {}
         *     }
         */
        ReasoningPart: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "reasoning";
            text: string;
            /** @description By which the provider knows its own; it goes back to that provider only. */
            signature?: string;
            /** @description What the provider does not show. */
            redacted?: string;
            metadata?: components["schemas"]["PartMetadata"];
        };
        /**
         * @example {
         *       "type": "citation",
         *       "id": "text",
         *       "title": "text",
         *       "url": "https://example.org/guide",
         *       "source": "text",
         *       "page": 1,
         *       "quote": "text",
         *       "metadata": {}
         *     }
         */
        CitationPart: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "citation";
            id?: string;
            title?: string;
            /** Format: uri */
            url?: string;
            /** @description Name of the document. */
            source?: string;
            page?: number;
            quote?: string;
            metadata?: components["schemas"]["PartMetadata"];
        };
        /**
         * @example {
         *       "title": "text",
         *       "url": "https://example.org/guide",
         *       "source": "text",
         *       "page": 1,
         *       "quote": "text"
         *     }
         */
        Citation: {
            title?: string;
            /** Format: uri */
            url?: string;
            /** @description Name of the cited document. */
            source?: string;
            page?: number;
            quote?: string;
        };
        Feedback: {
            /** @enum {string} */
            rating: "up" | "down";
            comment: string | null;
            /** Format: date-time */
            timestamp: string;
        } | null;
        /**
         * @example {
         *       "through": "2"
         *     }
         * @example {
         *       "through": "2"
         *     }
         */
        Copying: {
            /** @description Id of the last message that is copied. */
            through: string;
            /** @description Id of the new conversation. Default: a new one. */
            id?: string;
            /** @example Trip to Lisbon */
            title?: string;
        };
        /**
         * @example {
         *       "id": "text",
         *       "outcome": "deleted"
         *     }
         */
        DeletionOutcome: {
            id: string;
            /**
             * @description `deleting`: no reader sees it any more, and the tenant's maintenance finishes the deletion. `left`: not deleted, because the request ran out of time.
             * @enum {string}
             */
            outcome: "deleted" | "deleting" | "not-found" | "left";
        };
        /**
         * @example {
         *       "ids": [
         *         "trip"
         *       ]
         *     }
         * @example {
         *       "ids": [
         *         "trip"
         *       ]
         *     }
         */
        Deletion: {
            ids: string[];
        };
        /**
         * @example {
         *       "role": "user",
         *       "content": "What should I see in Lisbon?"
         *     }
         * @example {
         *       "role": "user",
         *       "content": "What should I see in Lisbon?"
         *     }
         */
        NewMessage: {
            /** @enum {string} */
            role: "user" | "assistant" | "system" | "tool";
            /**
             * @description At most 960 KiB of UTF-8. With `parts`, leave it out or give the text of the parts.
             * @example What should I see in Lisbon?
             */
            content?: string;
            /**
             * @description How to read the content.
             * @default text
             * @example text
             */
            type?: string;
            /** @default null */
            modelId?: string | null;
            /** @default false */
            isError?: boolean;
            /** @default null */
            errorMessage?: string | null;
            /** @default [] */
            citations?: components["schemas"]["Citation"][];
            /** @default null */
            llmResponseId?: string | null;
            /** @description At most 200 parts and 960 KiB of JSON. A document that an image or a file names must be `ready`, of that media type, and at most 3.75 MB for an image or 4.5 MB for a file. */
            parts?: components["schemas"]["Part"][];
            /**
             * @description Ids of the caller's documents to attach. Each must be `ready`.
             * @default []
             */
            documents?: string[];
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "id": "text",
         *           "sequence": 1,
         *           "role": "user",
         *           "content": "text",
         *           "parts": [
         *             {
         *               "type": "text",
         *               "text": "text",
         *               "metadata": {}
         *             }
         *           ],
         *           "type": "markdown",
         *           "timestamp": "2026-11-20T09:30:00.000Z",
         *           "modelId": "text",
         *           "isError": true,
         *           "errorMessage": "text",
         *           "citations": [
         *             {
         *               "title": "text",
         *               "url": "https://example.org/guide",
         *               "source": "text",
         *               "page": 1,
         *               "quote": "text"
         *             }
         *           ],
         *           "llmResponseId": "text",
         *           "stopReason": "complete",
         *           "usage": {
         *             "inputTokens": 1,
         *             "outputTokens": 1,
         *             "cacheReadTokens": 1,
         *             "cacheWriteTokens": 1
         *           },
         *           "feedback": {
         *             "rating": "up",
         *             "comment": "text",
         *             "timestamp": "2026-11-20T09:30:00.000Z"
         *           },
         *           "editedAt": "2026-11-20T09:30:00.000Z",
         *           "documents": [
         *             "text"
         *           ]
         *         }
         *       ],
         *       "deleted": [
         *         "text"
         *       ],
         *       "version": 1,
         *       "more": true
         *     }
         */
        MessageChanges: {
            /** @description Edited messages, as they are now. */
            items: components["schemas"]["Message"][];
            /** @description Ids of deleted messages. */
            deleted: string[];
            /** @description The value for the next `since`. */
            version: number;
            /** @description Whether there is another page. */
            more: boolean;
        };
        /**
         * @example {
         *       "rating": "up",
         *       "comment": "text"
         *     }
         */
        NewFeedback: {
            /** @enum {string} */
            rating: "up" | "down";
            /** @default null */
            comment?: string | null;
        };
        /**
         * @example {
         *       "id": "text",
         *       "contextTokens": 1,
         *       "maxOutputTokens": 1,
         *       "takes": [
         *         "images"
         *       ]
         *     }
         */
        Model: {
            id: string;
            contextTokens: number;
            maxOutputTokens: number;
            /** @description Kinds of input that the model takes besides text. */
            takes: ("images" | "files" | "tools")[];
        };
        /**
         * @example {
         *       "userMessage": {
         *         "id": "text",
         *         "sequence": 1,
         *         "role": "user",
         *         "content": "text",
         *         "parts": [
         *           {
         *             "type": "text",
         *             "text": "text",
         *             "metadata": {}
         *           }
         *         ],
         *         "type": "markdown",
         *         "timestamp": "2026-11-20T09:30:00.000Z",
         *         "modelId": "text",
         *         "isError": true,
         *         "errorMessage": "text",
         *         "citations": [
         *           {
         *             "title": "text",
         *             "url": "https://example.org/guide",
         *             "source": "text",
         *             "page": 1,
         *             "quote": "text"
         *           }
         *         ],
         *         "llmResponseId": "text",
         *         "stopReason": "complete",
         *         "usage": {
         *           "inputTokens": 1,
         *           "outputTokens": 1,
         *           "cacheReadTokens": 1,
         *           "cacheWriteTokens": 1
         *         },
         *         "feedback": {
         *           "rating": "up",
         *           "comment": "text",
         *           "timestamp": "2026-11-20T09:30:00.000Z"
         *         },
         *         "editedAt": "2026-11-20T09:30:00.000Z",
         *         "documents": [
         *           "text"
         *         ]
         *       },
         *       "assistantMessage": {
         *         "id": "text",
         *         "sequence": 1,
         *         "role": "user",
         *         "content": "text",
         *         "parts": [
         *           {
         *             "type": "text",
         *             "text": "text",
         *             "metadata": {}
         *           }
         *         ],
         *         "type": "markdown",
         *         "timestamp": "2026-11-20T09:30:00.000Z",
         *         "modelId": "text",
         *         "isError": true,
         *         "errorMessage": "text",
         *         "citations": [
         *           {
         *             "title": "text",
         *             "url": "https://example.org/guide",
         *             "source": "text",
         *             "page": 1,
         *             "quote": "text"
         *           }
         *         ],
         *         "llmResponseId": "text",
         *         "stopReason": "complete",
         *         "usage": {
         *           "inputTokens": 1,
         *           "outputTokens": 1,
         *           "cacheReadTokens": 1,
         *           "cacheWriteTokens": 1
         *         },
         *         "feedback": {
         *           "rating": "up",
         *           "comment": "text",
         *           "timestamp": "2026-11-20T09:30:00.000Z"
         *         },
         *         "editedAt": "2026-11-20T09:30:00.000Z",
         *         "documents": [
         *           "text"
         *         ]
         *       },
         *       "usage": {
         *         "inputTokens": 1,
         *         "outputTokens": 1,
         *         "cacheReadTokens": 1,
         *         "cacheWriteTokens": 1
         *       }
         *     }
         */
        Exchange: {
            userMessage: components["schemas"]["Message"];
            assistantMessage: components["schemas"]["Message"] & unknown;
            /** @description As counted by the model's provider. Estimated if the answer was stopped. */
            usage: components["schemas"]["TokenUsage"] | null;
        };
        /**
         * @example {
         *       "content": "What should I see in Lisbon?"
         *     }
         * @example {
         *       "content": "What should I see in Lisbon?"
         *     }
         */
        Question: {
            /**
             * @description At most 960 KiB of UTF-8.
             * @example What should I see in Lisbon?
             */
            content?: string;
            /** @description At most 200 parts and 960 KiB of JSON. A document that an image or a file names must be `ready`, of that media type, and at most 3.75 MB for an image or 4.5 MB for a file. */
            parts?: components["schemas"]["Part"][];
            /**
             * @description Default: the conversation's model, or the first of `GET /models` if it has none.
             * @default null
             */
            modelId?: string | null;
            /**
             * @description What to do while another question of the conversation is being answered. `parallel` (default): answer both. `refuse`: return 409. `queue`: wait up to 30 seconds. `interrupt`: stop the other answer and save its text so far.
             * @enum {string}
             */
            whenBusy?: "parallel" | "refuse" | "queue" | "interrupt";
            /**
             * @description Ids of the caller's documents to attach. Each must be `ready`.
             * @default []
             */
            documents?: string[];
            /**
             * @description Passages for the model. They are saved with the answer, which cites them as [1]. Default: passages of the conversation's documents that share words with the question.
             * @default []
             */
            citations?: components["schemas"]["Citation"][];
        };
        /**
         * @example {
         *       "content": "What should I see in Lisbon?",
         *       "modelId": "text",
         *       "whenBusy": "parallel",
         *       "citations": [
         *         {
         *           "title": "text",
         *           "url": "https://example.org/guide",
         *           "source": "text",
         *           "page": 1,
         *           "quote": "text"
         *         }
         *       ]
         *     }
         */
        Regeneration: {
            /**
             * @description At most 960 KiB of UTF-8.
             * @example What should I see in Lisbon?
             */
            content?: string;
            /**
             * @description Default: the conversation's model, or the first of `GET /models` if it has none.
             * @default null
             */
            modelId?: string | null;
            /**
             * @description What to do while another question of the conversation is being answered. `parallel` (default): answer both. `refuse`: return 409. `queue`: wait up to 30 seconds. `interrupt`: stop the other answer and save its text so far.
             * @enum {string}
             */
            whenBusy?: "parallel" | "refuse" | "queue" | "interrupt";
            /** @description Default: the citations of the answer that is replaced. */
            citations?: components["schemas"]["Citation"][];
        };
        RunningAnswer: {
            id: string;
            question: components["schemas"]["RunningQuestion"];
            /** @description Whether this is only the beginning of a long question. */
            isCut: boolean;
            /** Format: date-time */
            startedAt: string;
            /**
             * Format: date-time
             * @description Time at which the answer counts as ended, at most a minute from now. The process that makes it moves this time forward.
             */
            endsBy: string;
            /** @description Whether somebody has asked for the answer to stop. */
            isStopped: boolean;
        } | null;
        /**
         * @example {
         *       "content": "text",
         *       "parts": [
         *         {
         *           "type": "text",
         *           "text": "text",
         *           "metadata": {}
         *         }
         *       ]
         *     }
         */
        RunningQuestion: {
            content: string;
            parts?: components["schemas"]["Part"][];
        };
        /**
         * @example {
         *       "id": "text",
         *       "object": "chat.completion",
         *       "created": 1,
         *       "model": "text",
         *       "choices": [
         *         {
         *           "index": 1,
         *           "message": {
         *             "role": "assistant",
         *             "content": "text",
         *             "refusal": null,
         *             "citations": [
         *               {
         *                 "title": "text",
         *                 "url": "https://example.org/guide",
         *                 "source": "text",
         *                 "page": 1,
         *                 "quote": "text"
         *               }
         *             ]
         *           },
         *           "finish_reason": "stop",
         *           "logprobs": null
         *         }
         *       ],
         *       "usage": {
         *         "prompt_tokens": 1,
         *         "prompt_tokens_details": {
         *           "cached_tokens": 1
         *         },
         *         "completion_tokens": 1,
         *         "total_tokens": 1
         *       },
         *       "metadata": {
         *         "conversation_id": "text",
         *         "message_id": "text",
         *         "user_message_id": "text"
         *       }
         *     }
         */
        Completion: {
            id: string;
            /** @enum {string} */
            object: "chat.completion";
            /** @description Seconds since 1970. */
            created: number;
            model: string;
            choices: {
                index: number;
                message: {
                    /** @enum {string} */
                    role: "assistant";
                    content: string;
                    refusal: null;
                    /** @description Not part of OpenAI's format. */
                    citations: components["schemas"]["Citation"][];
                };
                /** @enum {string} */
                finish_reason: "stop" | "length" | "content_filter";
                logprobs: null;
            }[];
            usage: {
                prompt_tokens: number;
                prompt_tokens_details?: {
                    cached_tokens: number;
                };
                completion_tokens: number;
                total_tokens: number;
            };
            metadata: {
                conversation_id: string;
                message_id: string;
                user_message_id: string;
            };
        };
        /**
         * @example {
         *       "model": "text",
         *       "messages": [
         *         {
         *           "role": "user",
         *           "content": "What should I see?"
         *         }
         *       ],
         *       "metadata": {
         *         "conversation_id": "text"
         *       },
         *       "stream": true,
         *       "stream_options": {
         *         "include_usage": true
         *       },
         *       "n": 1,
         *       "temperature": 1,
         *       "top_p": 1,
         *       "presence_penalty": 1,
         *       "frequency_penalty": 1,
         *       "seed": 1
         *     }
         */
        CompletionRequest: {
            model: string;
            /** @description The last message is the question: role `user`, text, and images as `data:` URLs. Earlier messages are ignored: the API uses the saved conversation. */
            messages: components["schemas"]["CompletionMessage"][];
            /** @description Id of an existing conversation, in which question and answer are saved. */
            metadata: {
                conversation_id: string;
            };
            stream?: boolean | null;
            /** @description `include_usage` adds the number of tokens at the end of the stream. */
            stream_options?: {
                include_usage?: boolean;
            } | null;
            /** @enum {number|null} */
            n?: 1 | null;
            /** @description Accepted and ignored: the conversation's `settings` apply. */
            temperature?: number | null;
            /** @description Accepted and ignored: the conversation's `settings` apply. */
            top_p?: number | null;
            /** @description Accepted and ignored: the conversation's `settings` apply. */
            presence_penalty?: number | null;
            /** @description Accepted and ignored: the conversation's `settings` apply. */
            frequency_penalty?: number | null;
            /** @description Accepted and ignored: the conversation's `settings` apply. */
            seed?: number | null;
        };
        /**
         * @example {
         *       "role": "user",
         *       "content": "What should I see?"
         *     }
         * @example {
         *       "role": "user",
         *       "content": "What should I see?"
         *     }
         */
        CompletionMessage: {
            /** @enum {string} */
            role: "system" | "developer" | "user" | "assistant" | "tool" | "function";
            content?: string | ({
                type: string;
            } & {
                [key: string]: unknown;
            })[] | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * @example {
         *       "id": "text",
         *       "name": "Report 2026.pdf",
         *       "type": "application/pdf",
         *       "size": 1,
         *       "status": "pending",
         *       "createdAt": "2026-11-20T09:30:00.000Z",
         *       "pages": 1,
         *       "passages": 1
         *     }
         */
        Document: {
            id: string;
            /**
             * @description Name of the file.
             * @example Report 2026.pdf
             */
            name: string;
            /** @enum {string} */
            type: "application/pdf" | "text/plain" | "text/markdown" | "text/csv" | "image/png" | "image/jpeg" | "image/gif" | "image/webp";
            /** @description Bytes, at most 10 MiB. The upload must have exactly this size. */
            size: number;
            /**
             * @description `pending`: not completed yet; deleted after 24 hours. `ready`: uploaded and read. `failed`: uploaded, but not of its type, encrypted, or not readable.
             * @enum {string}
             */
            status: "pending" | "ready" | "failed";
            /** Format: date-time */
            createdAt: string;
            /** @description Number of pages of a PDF that was read. */
            pages: number | null;
            /** @description Number of passages that answers can cite. 0 for a scan without text. */
            passages: number | null;
        };
        /** @description Send `multipart/form-data` with POST to `upload.url` before `expiresAt`: every field unchanged, then the file as the last field, `file`. S3 refuses any other size, type or key, and additional fields. */
        DocumentUpload: components["schemas"]["Document"] & {
            upload: {
                /** Format: uri */
                url: string;
                fields: {
                    [key: string]: string;
                };
                /** Format: date-time */
                expiresAt: string;
            };
        };
        DocumentDownload: components["schemas"]["Document"] & {
            /**
             * Format: uri
             * @description Valid for five minutes, for anybody who has it. Null while the document is pending.
             */
            downloadUrl: string | null;
        };
        /**
         * @description The receipt of an erasure. It is kept for 90 days.
         * @example {
         *       "id": "text",
         *       "status": "running",
         *       "requestedAt": "2026-11-20T09:30:00.000Z",
         *       "completedAt": "2026-11-20T09:30:00.000Z",
         *       "writableAt": "2026-11-20T09:30:00.000Z"
         *     }
         */
        Erasure: {
            id: string;
            /** @enum {string} */
            status: "running" | "complete";
            /** Format: date-time */
            requestedAt: string;
            /**
             * Format: date-time
             * @description Time at which a search found nothing left, or null.
             */
            completedAt: string | null;
            /**
             * Format: date-time
             * @description Time from which the caller may write again. Null while erasing.
             */
            writableAt: string | null;
        };
        /**
         * @example {
         *       "id": "text",
         *       "modelId": "text",
         *       "createdAt": "2026-11-20T09:30:00.000Z",
         *       "updatedAt": "2026-11-20T09:30:00.000Z",
         *       "state": "active",
         *       "purgeAt": "2026-11-20T09:30:00.000Z",
         *       "messageCount": 1
         *     }
         */
        ConversationMetadata: {
            id: string;
            modelId: string | null;
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description Time of the last change of its messages, title, model or state.
             */
            updatedAt: string;
            /** @enum {string} */
            state: "active" | "archived" | "trashed";
            /**
             * Format: date-time
             * @description Time at which it will be deleted, 30 days after it was moved to the trash. Null if it is not in the trash.
             */
            purgeAt: string | null;
            messageCount: number;
        };
        /**
         * @example {
         *       "users": 1,
         *       "days": [
         *         {
         *           "day": "2026-11-20",
         *           "users": 1,
         *           "answers": 1,
         *           "conversations": 1,
         *           "inputTokens": 1,
         *           "outputTokens": 1
         *         }
         *       ],
         *       "stored": [
         *         {
         *           "day": "2026-11-20",
         *           "users": 1,
         *           "conversations": 1,
         *           "messages": 1,
         *           "bytes": 1
         *         }
         *       ],
         *       "nextCursor": "text"
         *     }
         */
        Totals: {
            /** @description Number of users on this page who asked a model in the month. */
            users: number;
            /** @description The days with any use. */
            days: {
                /**
                 * Format: date
                 * @description A day in UTC.
                 * @example 2026-11-20
                 */
                day: string;
                /** @description Number of users who asked a model. */
                users: number;
                /** @description Number of answers. An answer and its question are two messages. */
                answers: number;
                /** @description Number of conversations created on this day and not deleted since. 0 if the tenant keeps its history in S3. */
                conversations: number;
                inputTokens: number;
                outputTokens: number;
            }[];
            /** @description What was stored, as the scheduled maintenance counted it once a day. Only the first page has it. */
            stored: {
                /**
                 * Format: date
                 * @description A day in UTC.
                 * @example 2026-11-20
                 */
                day: string;
                /** @description Number of users who had conversations. */
                users: number;
                conversations: number;
                messages: number;
                /** @description Bytes of the messages' texts and parts, or of the conversations' objects if the tenant keeps its history in S3. */
                bytes: number;
            }[];
            /** @description Cursor of the next page. Null on the last one. */
            nextCursor: string | null;
        };
        /**
         * @example {
         *       "id": "text",
         *       "timestamp": "2026-11-20T09:30:00.000Z",
         *       "admin": "text",
         *       "action": "text",
         *       "target": "text",
         *       "requestId": "text"
         *     }
         */
        AuditEntry: {
            id: string;
            /** Format: date-time */
            timestamp: string;
            admin: string;
            action: string;
            target: string;
            requestId: string | null;
        };
    };
    responses: {
        /** @description The request is not valid. */
        Problem400: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The access token is missing or not valid. */
        Problem401: {
            headers: {
                /** @description `Bearer`. */
                "WWW-Authenticate"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The tenant is suspended, or it is off-boarding and the request would write. */
        Problem403: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description It does not exist, or belongs to another user. */
        Problem404: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The id is in use or was until 24 hours ago, the conversation's state does not allow it, or too many are pinned. */
        Problem409: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The resource has changed since the version in `If-Match`. */
        Problem412: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body, or the message in it, is too large. */
        Problem413: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is not JSON. */
        Problem415: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The idempotency key was used with another body. */
        Problem422: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The user's quota of tokens is used up. It is renewed in `Retry-After` seconds. */
        Problem429: {
            headers: {
                /** @description Seconds to wait. */
                "Retry-After"?: number;
                /** @description The quotas of tokens, each with its window in seconds: `"tokens-per-day";q=50000;w=86400;qu="tokens"`. */
                "RateLimit-Policy"?: string;
                /** @description What is left of each quota, and the seconds until it is renewed: `"tokens-per-day";r=41200;t=3600`. The most that running answers may use counts as used. */
                RateLimit?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The service is busy. Try again after `Retry-After` seconds. */
        Problem503: {
            headers: {
                /** @description Seconds to wait. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Any other failure. The gateway in front has problem types of its own, among them `urn:chatstack:problem:too-many-requests`, and `about:blank` with a title and without `status`. */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * @description Kind of the problem, for programs: `urn:chatstack:problem:validation`, `urn:chatstack:problem:malformed-json`, `urn:chatstack:problem:invalid-cursor`, `urn:chatstack:problem:unauthenticated`, `urn:chatstack:problem:forbidden`, `urn:chatstack:problem:tenant-suspended`, `urn:chatstack:problem:tenant-off-boarding`, `urn:chatstack:problem:not-found`, `urn:chatstack:problem:method-not-allowed`, `urn:chatstack:problem:id-taken`, `urn:chatstack:problem:not-active`, `urn:chatstack:problem:not-uploaded`, `urn:chatstack:problem:erasing`, `urn:chatstack:problem:conversation-full`, `urn:chatstack:problem:too-many-pins`, `urn:chatstack:problem:guardrail-unavailable`, `urn:chatstack:problem:model-unavailable`, `urn:chatstack:problem:answer-under-way`, `urn:chatstack:problem:nothing-to-regenerate`, `urn:chatstack:problem:precondition-failed`, `urn:chatstack:problem:too-large`, `urn:chatstack:problem:unsupported-media-type`, `urn:chatstack:problem:idempotency-key-reused`, `urn:chatstack:problem:quota-exceeded`, `urn:chatstack:problem:internal`, `urn:chatstack:problem:model-failed`, `urn:chatstack:problem:busy`, or a type of the gateway.
                     * @example urn:chatstack:problem:validation
                     */
                    type: string;
                    /** @example The request is not valid */
                    title: string;
                    /** @example 400 */
                    status?: number;
                    /** @description One sentence for developers. */
                    detail?: string;
                    errors?: {
                        /** @enum {string} */
                        in: "body" | "query" | "path" | "header";
                        pointer: string;
                        message: string;
                    }[];
                };
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The API answers. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ok";
                    };
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description The quotas of tokens, each with its window in seconds: `"tokens-per-day";q=50000;w=86400;qu="tokens"`. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of each quota, and the seconds until it is renewed: `"tokens-per-day";r=41200;t=3600`. The most that running answers may use counts as used. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getOpenApi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    getReference: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page, which loads nothing from other servers. */
            200: {
                headers: {
                    /** @description Allows its own script and this API only. */
                    "Content-Security-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    getProfile: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description An `ETag`, or several: answers 304 if one is current.
                 * @example "2"
                 */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The profile. */
            200: {
                headers: {
                    /** @description The version as a strong entity tag. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Profile"];
                };
            };
            /** @description The caller's copy is current. */
            304: {
                headers: {
                    /** @description The version. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    replaceProfile: {
        parameters: {
            query?: never;
            header?: {
                /** @description One or several `ETag`s: the change is refused with 412 if none is current. `*`: refused if the resource does not exist. */
                "if-match"?: string;
                /** @description `*`: the change is refused with 412 if the resource exists. An `ETag`: refused if it is current. */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": null,
                 *       "email": null
                 *     }
                 */
                "application/json": {
                    /** @default null */
                    name?: string | null;
                    /**
                     * Format: email
                     * @default null
                     */
                    email?: string | null;
                    preferences?: {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description Replaced. */
            200: {
                headers: {
                    /** @description The version as a strong entity tag. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Profile"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    eraseAll: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Started, and for most accounts complete. */
            202: {
                headers: {
                    /** @description Path of the receipt. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Erasure"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    getUsage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The caller's usage. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        day: components["schemas"]["PeriodUsage"];
                        month: components["schemas"]["PeriodUsage"];
                    };
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    listSessions: {
        parameters: {
            query?: {
                limit?: number;
                /** @description `nextCursor` of the previous page. Valid for 24 hours. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page, possibly shorter than `limit`. The list ends where `nextCursor` is null. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Session"][];
                        /** @description Ids of items that this version of the service cannot read, for example because a later version wrote them. Absent if there are none. */
                        unreadable?: string[];
                        /** @description Cursor of the next page. Null on the last one. */
                        nextCursor: string | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    getSession: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description An `ETag`, or several: answers 304 if one is current.
                 * @example "2"
                 */
                "if-none-match"?: string;
            };
            path: {
                /** @description The session. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    /** @description The version as a strong entity tag. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description The caller's copy is current. */
            304: {
                headers: {
                    /** @description The version. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    putSession: {
        parameters: {
            query?: never;
            header?: {
                /** @description One or several `ETag`s: the change is refused with 412 if none is current. `*`: refused if the resource does not exist. */
                "if-match"?: string;
                /** @description `*`: the change is refused with 412 if the resource exists. An `ETag`: refused if it is current. */
                "if-none-match"?: string;
            };
            path: {
                /** @description The session. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "lifeSeconds": 604800
                 *     }
                 */
                "application/json": {
                    /** @description Any JSON, 8 KiB and 100 levels at most. */
                    data?: unknown;
                    /**
                     * @description Seconds from now.
                     * @default 604800
                     */
                    lifeSeconds?: number;
                };
            };
        };
        responses: {
            /** @description Saved. */
            200: {
                headers: {
                    /** @description The version as a strong entity tag. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    deleteSession: {
        parameters: {
            query?: never;
            header?: {
                /** @description One or several `ETag`s: the change is refused with 412 if none is current. `*`: refused if the resource does not exist. */
                "if-match"?: string;
                /** @description `*`: the change is refused with 412 if the resource exists. An `ETag`: refused if it is current. */
                "if-none-match"?: string;
            };
            path: {
                /** @description The session. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            412: components["responses"]["Problem412"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    getState: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description An `ETag`, or several: answers 304 if one is current.
                 * @example "2"
                 */
                "if-none-match"?: string;
            };
            path: {
                /** @description The value's key. */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    /** @description The version as a strong entity tag. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["State"];
                };
            };
            /** @description The caller's copy is current. */
            304: {
                headers: {
                    /** @description The version. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    putState: {
        parameters: {
            query?: never;
            header?: {
                /** @description One or several `ETag`s: the change is refused with 412 if none is current. `*`: refused if the resource does not exist. */
                "if-match"?: string;
                /** @description `*`: the change is refused with 412 if the resource exists. An `ETag`: refused if it is current. */
                "if-none-match"?: string;
            };
            path: {
                /** @description The value's key. */
                key: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "value": null
                 *     }
                 */
                "application/json": {
                    /** @description Any JSON, 64 KiB and 100 levels at most. */
                    value: unknown;
                    /** @description Seconds from now. Default: kept until it is deleted. */
                    lifeSeconds?: number;
                };
            };
        };
        responses: {
            /** @description Saved. */
            200: {
                headers: {
                    /** @description The version as a strong entity tag. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["State"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    deleteState: {
        parameters: {
            query?: never;
            header?: {
                /** @description One or several `ETag`s: the change is refused with 412 if none is current. `*`: refused if the resource does not exist. */
                "if-match"?: string;
                /** @description `*`: the change is refused with 412 if the resource exists. An `ETag`: refused if it is current. */
                "if-none-match"?: string;
            };
            path: {
                /** @description The value's key. */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            412: components["responses"]["Problem412"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    issueToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "purpose": "link-device",
                 *       "lifeSeconds": 600
                 *     }
                 */
                "application/json": {
                    /** @example link-device */
                    purpose: string;
                    /** @description Any JSON, 2 KiB and 100 levels at most. */
                    data?: unknown;
                    /** @default 600 */
                    lifeSeconds?: number;
                };
            };
        };
        responses: {
            /** @description Issued. Only this response has the token's value: the API keeps a hash of it. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        token: string;
                        /** @example link-device */
                        purpose: string;
                        /** Format: date-time */
                        expiresAt: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    redeemToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "text",
                 *       "purpose": "link-device"
                 *     }
                 */
                "application/json": {
                    token: string;
                    /** @example link-device */
                    purpose: string;
                };
            };
        };
        responses: {
            /** @description Redeemed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @example link-device */
                        purpose: string;
                        data?: unknown;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    syncConversations: {
        parameters: {
            query?: {
                limit?: number;
                /** @description `cursor` of the previous sync. Valid for 30 days; afterwards sync without one. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The changes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changes"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    listConversations: {
        parameters: {
            query?: {
                limit?: number;
                /** @description `nextCursor` of the previous page. Valid for 24 hours. */
                cursor?: string;
                state?: "active" | "archived" | "trashed";
                /** @description `unread` adds the unread counts, for one more read of each conversation. `details` adds them and `pinned`, `tags`, `metadata` and `settings`, for one or two more reads of each. */
                include?: "unread" | "details";
                /** @description Only pinned conversations, with all fields that `include=details` adds. */
                pinned?: "true";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page, possibly shorter than `limit`. The list ends where `nextCursor` is null. Conversations that change while you page through the list are on its last page again. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Conversation"][];
                        /** @description Ids of items that this version of the service cannot read, for example because a later version wrote them. Absent if there are none. */
                        unreadable?: string[];
                        /** @description Cursor of the next page. Null on the last one. */
                        nextCursor: string | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    createConversation: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat for 24 hours: a repeated request gets the first response again, with `Idempotency-Replayed: true`. The same key with another body is refused with 422. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "title": "Trip to Lisbon",
                 *       "tags": [
                 *         "travel"
                 *       ]
                 *     }
                 */
                "application/json": {
                    /** @description An id chosen by the client. Default: a new one. */
                    id?: string;
                    /**
                     * @description Default: `New conversation`, replaced by the first line of the first question. A title that you send is kept.
                     * @example Trip to Lisbon
                     */
                    title?: string;
                    /** @default null */
                    modelId?: string | null;
                    /**
                     * @description A user can pin at most 50 conversations.
                     * @default false
                     */
                    pinned?: boolean;
                    /**
                     * @description At most 16 tags.
                     * @default []
                     * @example [
                     *       "travel"
                     *     ]
                     */
                    tags?: string[];
                    /**
                     * @description At most 16 pairs of the client's own, with keys of up to 64 characters and values of up to 512.
                     * @example {
                     *       "project": "lisbon"
                     *     }
                     */
                    metadata?: {
                        [key: string]: string;
                    };
                    /** @default {} */
                    settings?: {
                        /**
                         * @description Instructions for the model, added after those of the deployment.
                         * @default null
                         */
                        instructions?: string | null;
                        /** @default null */
                        temperature?: number | null;
                        /**
                         * @description Longest answer in tokens, at most the model's `maxOutputTokens`.
                         * @default null
                         */
                        maxOutputTokens?: number | null;
                        /**
                         * @description One of the `guardrails` of `GET /models`. Null: none.
                         * @default null
                         */
                        guardrail?: string | null;
                        /**
                         * @description Which of the `tools` of `GET /models` may be called. Null: all.
                         * @default null
                         */
                        tools?: string[] | null;
                    };
                };
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    /** @description The version as a strong entity tag. */
                    ETag?: string;
                    /** @description Path of the conversation. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    getConversation: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description An `ETag`, or several: answers 304 if one is current.
                 * @example "2"
                 */
                "if-none-match"?: string;
            };
            path: {
                /** @description The conversation. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    /** @description The version as a strong entity tag. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenConversation"];
                };
            };
            /** @description The caller's copy is current. */
            304: {
                headers: {
                    /** @description The version. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    replaceConversation: {
        parameters: {
            query?: never;
            header?: {
                /** @description One or several `ETag`s: the change is refused with 412 if none is current. `*`: refused if the resource does not exist. */
                "if-match"?: string;
                /** @description `*`: the change is refused with 412 if the resource exists. An `ETag`: refused if it is current. */
                "if-none-match"?: string;
            };
            path: {
                /** @description The conversation. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "title": "Trip to Lisbon",
                 *       "modelId": null,
                 *       "pinned": false,
                 *       "tags": [
                 *         "travel"
                 *       ],
                 *       "settings": {}
                 *     }
                 */
                "application/json": {
                    /** @example Trip to Lisbon */
                    title: string;
                    /** @default null */
                    modelId?: string | null;
                    /**
                     * @description A user can pin at most 50 conversations.
                     * @default false
                     */
                    pinned?: boolean;
                    /**
                     * @description At most 16 tags.
                     * @default []
                     * @example [
                     *       "travel"
                     *     ]
                     */
                    tags?: string[];
                    /**
                     * @description At most 16 pairs of the client's own, with keys of up to 64 characters and values of up to 512.
                     * @example {
                     *       "project": "lisbon"
                     *     }
                     */
                    metadata?: {
                        [key: string]: string;
                    };
                    /** @default {} */
                    settings?: {
                        /**
                         * @description Instructions for the model, added after those of the deployment.
                         * @default null
                         */
                        instructions?: string | null;
                        /** @default null */
                        temperature?: number | null;
                        /**
                         * @description Longest answer in tokens, at most the model's `maxOutputTokens`.
                         * @default null
                         */
                        maxOutputTokens?: number | null;
                        /**
                         * @description One of the `guardrails` of `GET /models`. Null: none.
                         * @default null
                         */
                        guardrail?: string | null;
                        /**
                         * @description Which of the `tools` of `GET /models` may be called. Null: all.
                         * @default null
                         */
                        tools?: string[] | null;
                    };
                };
            };
        };
        responses: {
            /** @description Replaced. */
            200: {
                headers: {
                    /** @description The version as a strong entity tag. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    deleteConversation: {
        parameters: {
            query?: never;
            header?: {
                /** @description One or several `ETag`s: the change is refused with 412 if none is current. `*`: refused if the resource does not exist. */
                "if-match"?: string;
                /** @description `*`: the change is refused with 412 if the resource exists. An `ETag`: refused if it is current. */
                "if-none-match"?: string;
            };
            path: {
                /** @description The conversation. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No reader sees the conversation any more. It was too large for one request: send the request again, or let the tenant's maintenance finish. */
            202: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "deleting";
                    };
                };
            };
            /** @description Deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            412: components["responses"]["Problem412"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    updateConversation: {
        parameters: {
            query?: never;
            header?: {
                /** @description One or several `ETag`s: the change is refused with 412 if none is current. `*`: refused if the resource does not exist. */
                "if-match"?: string;
                /** @description `*`: the change is refused with 412 if the resource exists. An `ETag`: refused if it is current. */
                "if-none-match"?: string;
            };
            path: {
                /** @description The conversation. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "title": "Trip to Lisbon",
                 *       "modelId": "text",
                 *       "state": "active",
                 *       "pinned": true,
                 *       "tags": [
                 *         "travel"
                 *       ],
                 *       "metadata": {
                 *         "project": "lisbon"
                 *       },
                 *       "settings": {
                 *         "instructions": "Answer in French.",
                 *         "temperature": 0.3
                 *       }
                 *     }
                 */
                "application/json": {
                    /** @example Trip to Lisbon */
                    title?: string;
                    modelId?: string | null;
                    /** @enum {string} */
                    state?: "active" | "archived" | "trashed";
                    /** @description A user can pin at most 50 conversations. */
                    pinned?: boolean;
                    /**
                     * @description At most 16 tags.
                     * @example [
                     *       "travel"
                     *     ]
                     */
                    tags?: string[];
                    /**
                     * @description At most 16 pairs of the client's own, with keys of up to 64 characters and values of up to 512.
                     * @example {
                     *       "project": "lisbon"
                     *     }
                     */
                    metadata?: {
                        [key: string]: string;
                    };
                    /**
                     * @description Changes the given settings. Null: the deployment's own.
                     * @example {
                     *       "instructions": "Answer in French.",
                     *       "temperature": 0.3
                     *     }
                     */
                    settings?: {
                        /** @description Instructions for the model, added after those of the deployment. */
                        instructions?: string | null;
                        temperature?: number | null;
                        /** @description Longest answer in tokens, at most the model's `maxOutputTokens`. */
                        maxOutputTokens?: number | null;
                        /** @description One of the `guardrails` of `GET /models`. Null: none. */
                        guardrail?: string | null;
                        /** @description Which of the `tools` of `GET /models` may be called. Null: all. */
                        tools?: string[] | null;
                    };
                };
            };
        };
        responses: {
            /** @description Changed. */
            200: {
                headers: {
                    /** @description The version as a strong entity tag. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    markConversationRead: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "sequence": 1
                 *     }
                 */
                "application/json": {
                    /** @description Sequence of the last message that was read. */
                    sequence: number;
                };
            };
        };
        responses: {
            /** @description Marked. */
            200: {
                headers: {
                    /** @description The version as a strong entity tag. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    listMessages: {
        parameters: {
            query?: {
                limit?: number;
                /** @description `nextCursor` of the previous page. Valid for 24 hours. */
                cursor?: string;
                /** @description `asc`: from the first message on. `desc`: from the last one back. */
                order?: "asc" | "desc";
                /** @description Only messages after this sequence, in ascending order. Used to sync. */
                after?: number;
            };
            header?: never;
            path: {
                /** @description The conversation. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page, possibly shorter than `limit`. The list ends where `nextCursor` is null. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Message"][];
                        /** @description Ids of deleted messages within this page. Absent if there are none. */
                        deleted?: string[];
                        /** @description Ids of items that this version of the service cannot read, for example because a later version wrote them. Absent if there are none. */
                        unreadable?: string[];
                        /** @description Cursor of the next page. Null on the last one. */
                        nextCursor: string | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    appendMessage: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat for 24 hours: a repeated request gets the first response again, with `Idempotency-Replayed: true`. The same key with another body is refused with 422. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description The conversation. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "role": "user",
                 *       "content": "What should I see in Lisbon?"
                 *     }
                 */
                "application/json": components["schemas"]["NewMessage"];
            };
        };
        responses: {
            /** @description Saved. */
            201: {
                headers: {
                    /** @description Path of the message. */
                    Location?: string;
                    /** @description `true` if an earlier request saved the message. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    clearConversation: {
        parameters: {
            query?: never;
            header?: {
                /** @description One or several `ETag`s: the change is refused with 412 if none is current. `*`: refused if the resource does not exist. */
                "if-match"?: string;
                /** @description `*`: the change is refused with 412 if the resource exists. An `ETag`: refused if it is current. */
                "if-none-match"?: string;
            };
            path: {
                /** @description The conversation. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Cleared. */
            200: {
                headers: {
                    /** @description The version as a strong entity tag. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            /** @description No reader sees the messages any more. They were too many for one request: the tenant's maintenance removes the rest. */
            202: {
                headers: {
                    /** @description The version as a strong entity tag. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    copyConversation: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat for 24 hours: a repeated request gets the first response again, with `Idempotency-Replayed: true`. The same key with another body is refused with 422. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description The conversation. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "through": "2"
                 *     }
                 */
                "application/json": components["schemas"]["Copying"];
            };
        };
        responses: {
            /** @description Copied. */
            201: {
                headers: {
                    /** @description The version as a strong entity tag. */
                    ETag?: string;
                    /** @description Path of the new conversation. */
                    Location?: string;
                    /** @description `true` if an earlier request started the copy. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            /** @description Started. The new conversation does not have all messages yet. */
            202: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: string;
                    /** @description The key to send again, if the request had none. */
                    "Idempotency-Key"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    deleteConversations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "ids": [
                 *         "trip"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["Deletion"];
            };
        };
        responses: {
            /** @description The outcome of each, in the order of the request. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["DeletionOutcome"][];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    getMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation. */
                id: string;
                messageId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    deleteMessage: {
        parameters: {
            query?: never;
            header?: {
                /** @description One or several `ETag`s: the change is refused with 412 if none is current. `*`: refused if the resource does not exist. */
                "if-match"?: string;
                /** @description `*`: the change is refused with 412 if the resource exists. An `ETag`: refused if it is current. */
                "if-none-match"?: string;
            };
            path: {
                /** @description The conversation. */
                id: string;
                messageId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted. */
            204: {
                headers: {
                    /** @description The conversation's version, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    editMessage: {
        parameters: {
            query?: never;
            header?: {
                /** @description One or several `ETag`s: the change is refused with 412 if none is current. `*`: refused if the resource does not exist. */
                "if-match"?: string;
                /** @description `*`: the change is refused with 412 if the resource exists. An `ETag`: refused if it is current. */
                "if-none-match"?: string;
            };
            path: {
                /** @description The conversation. */
                id: string;
                messageId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "content": "What should I see in Porto?"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description At most 960 KiB of UTF-8. With `parts`, leave it out or give the text of the parts.
                     * @example What should I see in Lisbon?
                     */
                    content?: string;
                    /** @description At most 200 parts and 960 KiB of JSON. A document that an image or a file names must be `ready`, of that media type, and at most 3.75 MB for an image or 4.5 MB for a file. */
                    parts?: components["schemas"]["Part"][];
                };
            };
        };
        responses: {
            /** @description Changed. */
            200: {
                headers: {
                    /** @description The conversation's version, for `If-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    listMessageChanges: {
        parameters: {
            query: {
                /** @description The version of the caller's copy, or `version` of the previous page. */
                since: number;
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The conversation. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The changes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageChanges"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    putFeedback: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation. */
                id: string;
                messageId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "rating": "up",
                 *       "comment": null
                 *     }
                 */
                "application/json": components["schemas"]["NewFeedback"];
            };
        };
        responses: {
            /** @description The message with its rating. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    deleteFeedback: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation. */
                id: string;
                messageId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    listModels: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All models. The list may be empty. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Model"][];
                        /** @description Tools that models may call. A conversation may allow fewer. */
                        tools: {
                            name: string;
                            description: string;
                        }[];
                        /** @description Guardrails. A conversation may choose one for its questions and answers. */
                        guardrails: string[];
                    };
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    chat: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat for 24 hours: a repeated request gets the first response again, with `Idempotency-Replayed: true`. The same key with another body is refused with 422. */
                "idempotency-key"?: string;
                /** @description Id of the last event that the client has. Send it with the `Idempotency-Key` of the interrupted request: the stream continues after that event. It sends the running answer if the same process is still making it, otherwise the saved one. A `delta` with offset 0 means that the answer starts again. */
                "last-event-id"?: string;
            };
            path: {
                /** @description The conversation. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "content": "What should I see in Lisbon?"
                 *     }
                 */
                "application/json": components["schemas"]["Question"];
            };
        };
        responses: {
            /** @description The answer, as JSON or as a stream, depending on `Accept`. */
            200: {
                headers: {
                    /** @description `true` if an earlier request started or saved this answer. */
                    "Idempotency-Replayed"?: string;
                    /** @description The quotas of tokens, each with its window in seconds: `"tokens-per-day";q=50000;w=86400;qu="tokens"`. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of each quota, and the seconds until it is renewed: `"tokens-per-day";r=41200;t=3600`. The most that running answers may use counts as used. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Exchange"];
                    "text/event-stream": string;
                    "text/event-stream;ui-message-stream=v1": string;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            /** @description The model or the conversation's guardrail is not available, there is nothing to regenerate, another question is being answered, or the conversation's state does not allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    regenerate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat for 24 hours: a repeated request gets the first response again, with `Idempotency-Replayed: true`. The same key with another body is refused with 422. */
                "idempotency-key"?: string;
                /** @description Id of the last event that the client has. Send it with the `Idempotency-Key` of the interrupted request: the stream continues after that event. It sends the running answer if the same process is still making it, otherwise the saved one. A `delta` with offset 0 means that the answer starts again. */
                "last-event-id"?: string;
                /** @description One or several `ETag`s: the change is refused with 412 if none is current. `*`: refused if the resource does not exist. */
                "if-match"?: string;
                /** @description `*`: the change is refused with 412 if the resource exists. An `ETag`: refused if it is current. */
                "if-none-match"?: string;
            };
            path: {
                /** @description The conversation. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "modelId": null
                 *     }
                 */
                "application/json": components["schemas"]["Regeneration"];
            };
        };
        responses: {
            /** @description The answer, as JSON or as a stream, depending on `Accept`. */
            200: {
                headers: {
                    /** @description `true` if an earlier request started or saved this answer. */
                    "Idempotency-Replayed"?: string;
                    /** @description The quotas of tokens, each with its window in seconds: `"tokens-per-day";q=50000;w=86400;qu="tokens"`. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of each quota, and the seconds until it is renewed: `"tokens-per-day";r=41200;t=3600`. The most that running answers may use counts as used. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Exchange"];
                    "text/event-stream": string;
                    "text/event-stream;ui-message-stream=v1": string;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            /** @description The model or the conversation's guardrail is not available, there is nothing to regenerate, another question is being answered, or the conversation's state does not allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            /** @description The model failed. The old answer stays. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    titleConversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The conversation with its present title. */
            200: {
                headers: {
                    /** @description The version, as strong entity tag. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            /** @description The model or the conversation's guardrail is not available, there is nothing to regenerate, another question is being answered, or the conversation's state does not allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            /** @description The model failed. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    getRunningAnswer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The running answer, or null. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        running: components["schemas"]["RunningAnswer"];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    stopRunningAnswer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer was asked to stop. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "stopping";
                    };
                };
            };
            /** @description No answer is being made. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    createCompletion: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat for 24 hours: a repeated request gets the first response again, with `Idempotency-Replayed: true`. The same key with another body is refused with 422. */
                "idempotency-key"?: string;
                "x-stainless-arch"?: string;
                "x-stainless-lang"?: string;
                "x-stainless-os"?: string;
                "x-stainless-package-version"?: string;
                "x-stainless-retry-count"?: string;
                "x-stainless-runtime"?: string;
                "x-stainless-runtime-version"?: string;
                "x-stainless-timeout"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "model": "text",
                 *       "messages": [
                 *         {
                 *           "role": "user",
                 *           "content": "What should I see?"
                 *         }
                 *       ],
                 *       "metadata": {
                 *         "conversation_id": "text"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["CompletionRequest"];
            };
        };
        responses: {
            /** @description The answer, as JSON or as a stream, depending on `stream`. */
            200: {
                headers: {
                    /** @description `true` if an earlier request started or saved this answer. */
                    "Idempotency-Replayed"?: string;
                    /** @description The quotas of tokens, each with its window in seconds: `"tokens-per-day";q=50000;w=86400;qu="tokens"`. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of each quota, and the seconds until it is renewed: `"tokens-per-day";r=41200;t=3600`. The most that running answers may use counts as used. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Completion"];
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            /** @description The model or the conversation's guardrail is not available, there is nothing to regenerate, another question is being answered, or the conversation's state does not allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    listDocuments: {
        parameters: {
            query?: {
                limit?: number;
                /** @description `nextCursor` of the previous page. Valid for 24 hours. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page, possibly shorter than `limit`. The list ends where `nextCursor` is null. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Document"][];
                        /** @description Ids of items that this version of the service cannot read, for example because a later version wrote them. Absent if there are none. */
                        unreadable?: string[];
                        /** @description Cursor of the next page. Null on the last one. */
                        nextCursor: string | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    addDocument: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Report 2026.pdf",
                 *       "type": "application/pdf",
                 *       "size": 1
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Name of the file.
                     * @example Report 2026.pdf
                     */
                    name: string;
                    /** @enum {string} */
                    type: "application/pdf" | "text/plain" | "text/markdown" | "text/csv" | "image/png" | "image/jpeg" | "image/gif" | "image/webp";
                    /** @description Bytes, at most 10 MiB. The upload must have exactly this size. */
                    size: number;
                    /**
                     * @description SHA-256 of the file in base64. S3 then refuses any other file. Required if the deployment locks documents against deletion.
                     * @example uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=
                     */
                    sha256?: string;
                };
            };
        };
        responses: {
            /** @description Granted. */
            201: {
                headers: {
                    /** @description Path of the document. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DocumentUpload"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    completeDocument: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The document. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Completed, by this request or an earlier one. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Document"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    getDocument: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The document. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DocumentDownload"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    deleteDocument: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The document. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    exportAll: {
        parameters: {
            query?: {
                /** @description Cursor of the last `cursor` line. Valid for 24 hours. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The export, streamed as fast as the client reads. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    exportConversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Streamed. */
            200: {
                headers: {
                    /** @description Suggests a file name. */
                    "Content-Disposition"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/markdown": string;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    importAll: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-ndjson": string;
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Streamed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    getErasure: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The erasure. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The receipt. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Erasure"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    listCreatedConversations: {
        parameters: {
            query: {
                limit?: number;
                /** @description `nextCursor` of the previous page. Valid for 24 hours. */
                cursor?: string;
                /** @description A day in UTC. */
                from: string;
                /** @description The last day, included. Default: `from`. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page, possibly shorter than `limit`. The list ends where `nextCursor` is null. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            user: string;
                            id: string;
                            /** Format: date-time */
                            createdAt: string;
                        }[];
                        /** @description Ids of items that this version of the service cannot read, for example because a later version wrote them. Absent if there are none. */
                        unreadable?: string[];
                        /** @description Cursor of the next page. Null on the last one. */
                        nextCursor: string | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            /** @description The caller is not an administrator, or the tenant's state does not allow the request. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    listUserConversations: {
        parameters: {
            query?: {
                limit?: number;
                /** @description `nextCursor` of the previous page. Valid for 24 hours. */
                cursor?: string;
                state?: "active" | "archived" | "trashed";
            };
            header?: never;
            path: {
                /** @description The user's id. */
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. It is empty for a user who has no conversations or does not exist. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ConversationMetadata"][];
                        /** @description Ids of items that this version of the service cannot read, for example because a later version wrote them. Absent if there are none. */
                        unreadable?: string[];
                        /** @description Cursor of the next page. Null on the last one. */
                        nextCursor: string | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            /** @description The caller is not an administrator, or the tenant's state does not allow the request. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    getUserUsage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The user's id. */
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The caller's usage. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        day: components["schemas"]["PeriodUsage"];
                        month: components["schemas"]["PeriodUsage"];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            /** @description The caller is not an administrator, or the tenant's state does not allow the request. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    getTotals: {
        parameters: {
            query: {
                limit?: number;
                /** @description `nextCursor` of the previous page. Valid for 24 hours. */
                cursor?: string;
                month: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. The list ends where `nextCursor` is null. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Totals"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            /** @description The caller is not an administrator, or the tenant's state does not allow the request. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    listAudit: {
        parameters: {
            query: {
                limit?: number;
                /** @description `nextCursor` of the previous page. Valid for 24 hours. */
                cursor?: string;
                month: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AuditEntry"][];
                        /** @description Ids of items that this version of the service cannot read, for example because a later version wrote them. Absent if there are none. */
                        unreadable?: string[];
                        /** @description Cursor of the next page. Null on the last one. */
                        nextCursor: string | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            /** @description The caller is not an administrator, or the tenant's state does not allow the request. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    sweep: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "from": "2026-11-20"
                 *     }
                 */
                "application/json": {
                    /**
                     * Format: date
                     * @description A day in UTC.
                     * @example 2026-11-20
                     */
                    from: string;
                    /**
                     * Format: date
                     * @description The last day, included. Default: `from`.
                     * @example 2026-11-20
                     */
                    to?: string;
                    cursor?: string;
                };
            };
        };
        responses: {
            /** @description One step. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        examined: number;
                        purged: number;
                        /** @description Number of objects in the bucket that no item referred to. The last step removes them. */
                        orphans: number;
                        /** @description Number of users whose erasure was completed. */
                        erased: number;
                        /** @description Cursor of the next page. Null on the last one. */
                        nextCursor: string | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            /** @description The caller is not an administrator, or the tenant's state does not allow the request. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
}
