// Written by `npm run client-types` from the API's OpenAPI document.
export interface paths {
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the API answers; needs no token */
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
         * This document
         * @description Needs no token where the stack publishes its API reference.
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
         * The API reference, as a page that can send requests
         * @description Needs no token where the stack publishes its API reference.
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
         * @description Conversations, documents, profile, sessions, state, tokens and counters, for good. Writes are refused with 409 meanwhile. Large accounts take several steps: each look at the receipt does one. What stays: the account in the user pool, entries of the audit log, and, until they expire, backups and earlier versions in the bucket.
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
        /** Get the caller's tokens of the day and of the month, in UTC */
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
        /** Start a session, or keep it alive */
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
        /** Get a piece of application state */
        get: operations["getState"];
        /**
         * Keep a piece of application state
         * @description With `If-None-Match: *` only if there is none yet.
         */
        put: operations["putState"];
        post?: never;
        /** Delete a piece of application state */
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
        /** Issue a token that can be redeemed once, by the same user */
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
        /** Redeem a token: of all who try, one succeeds, once */
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
         * What changed since an earlier sync
         * @description Without a cursor: every conversation, in every state. With one: those created, changed, with new messages or read elsewhere since, and those that are gone. Every change is told at least once; apply it by `id` and `version`, since changes of the last 10 minutes may be told again. A conversation whose `createdAt` is another than that of the one you hold is another one. Its new messages: `GET /conversations/{id}/messages?after={newest sequence you hold}`; where `version` grew by more, the newest messages were replaced.
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
        /** List the caller's conversations in one state, the most recently changed first */
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
         * @description Gone for every reader at once. After a 5xx or a lost connection, delete again: that finishes what was begun. The id stays taken for 24 hours.
         */
        delete: operations["deleteConversation"];
        options?: never;
        head?: never;
        /**
         * Change some fields: rename, choose another model, archive, trash, restore
         * @description Only an active conversation takes messages. One in the trash is gone for good after 30 days; `state: active` restores it.
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
         * Say how far the conversation was read
         * @description Never goes back, and changes neither `version` nor `updatedAt`. What the user writes counts as read, and the answer to it.
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
        /** Add a message at the end */
        post: operations["appendMessage"];
        /**
         * Take all messages out of a conversation and go on with it
         * @description Gone for every reader at once. Title, model and id stay, and the sequence goes on: the next message follows the last one that was there. Documents stay the caller's.
         */
        delete: operations["clearConversation"];
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
        /** Say what you think of an answer */
        put: operations["putFeedback"];
        post?: never;
        /** Take it back */
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
        /** List the models that may be asked, the default first */
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
         * Ask a model, and save question and answer together
         * @description The model sees the conversation's instructions and as many of its last messages as fit, then `citations` and `content`. Both messages are saved in one transaction when the answer has ended, also when the model failed (`isError`), and when the client went away and the model was stopped (`stopReason: aborted`).
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
         * @description Replaces the last answer, and with `content` its question too, in one transaction when the new answer is whole; until then, and if the model fails, the old turn stands. Answers a last question that has no answer yet. 412 if another message came meanwhile.
         */
        post: operations["regenerate"];
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
        /** List the caller's documents, the newest first */
        get: operations["listDocuments"];
        put?: never;
        /**
         * Get a form that uploads a document
         * @description Then upload with the form, then complete.
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
         * Take over what was uploaded, and read it
         * @description Safe to repeat. The answer's status is `ready` or `failed`.
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
         * @description Gone for every reader at once; messages keep the quotes that were taken from it. After a 5xx or a lost connection, delete again: that finishes what was begun.
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
         * Take out everything that is kept of the caller
         * @description One JSON object a line, told apart by `kind`: `export`, `profile`, `usage`, `session`, `state`, `document` (what is known of it; its bytes come from the `downloadUrl` of `GET /documents/{id}`), `conversation`, each followed by its `message`s, `unreadable` for each item that this version cannot read, and `end`. An export is whole when its last line is `end`; one that broke off goes on behind its last `cursor` line. Hashes of one-time tokens stay inside.
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
        /** Take out one conversation as Markdown */
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
         * Bring in what an export took out
         * @description Lines of an export, 3 MB at most: send a larger one in parts, cut between lines. Ids, sequences and times stay. What is there already stays as it is, so that the same lines may be sent again. Answers one line for each: `created`, `exists`, `conflict` (another message stands there), `gap` (the message before it is missing), `skipped` (not the caller's to set, or expired) or `refused` with a reason, and at last `done`. An answer that ends with `next` ran out of time: send the lines from that one on. An answer with neither broke off: send the lines again.
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
        /** Look at the receipt of an erasure, and carry on with it */
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
         * Conversations created on a day or a range of days, the oldest first
         * @description Who began one and when; never what anybody wrote. The read is audited. Empty where the tenant's history lies in S3, which has no index by day.
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
         * A user's conversations in one state, the most recently changed first
         * @description Neither titles nor messages: those are the user's. The read is audited.
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
         * What a user's chats took, today and this month
         * @description The read is audited.
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
    "/admin/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What administrators looked at, the newest first
         * @description Append-only. This read is audited too.
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
         * Purge the trash that is due, and finish deletions and erasures that broke off
         * @description The tenant's schedule does the same by itself; this does it now. Examines the conversations created on these days, for half a read unit each. Repeat with the cursor until it is null. Users need not wait for it: what is past its time is gone for every reader.
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
             * @description What went wrong, for programs: `urn:chatstack:problem:validation`, `urn:chatstack:problem:malformed-json`, `urn:chatstack:problem:invalid-cursor`, `urn:chatstack:problem:unauthenticated`, `urn:chatstack:problem:forbidden`, `urn:chatstack:problem:tenant-suspended`, `urn:chatstack:problem:tenant-off-boarding`, `urn:chatstack:problem:not-found`, `urn:chatstack:problem:method-not-allowed`, `urn:chatstack:problem:id-taken`, `urn:chatstack:problem:not-active`, `urn:chatstack:problem:not-uploaded`, `urn:chatstack:problem:erasing`, `urn:chatstack:problem:conversation-full`, `urn:chatstack:problem:model-unavailable`, `urn:chatstack:problem:nothing-to-regenerate`, `urn:chatstack:problem:precondition-failed`, `urn:chatstack:problem:too-large`, `urn:chatstack:problem:unsupported-media-type`, `urn:chatstack:problem:idempotency-key-reused`, `urn:chatstack:problem:quota-exceeded`, `urn:chatstack:problem:internal`, `urn:chatstack:problem:model-failed`, `urn:chatstack:problem:busy`, or a type of the gateway's.
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
             * @description When one of their active conversations last changed; null for never.
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
            /** @description Tokens, given and answered together; null is unlimited. */
            limit: number | null;
            /** Format: date-time */
            endsAt: string;
        };
        /**
         * @example {
         *       "inputTokens": 1,
         *       "outputTokens": 1
         *     }
         */
        TokenUsage: {
            inputTokens: number;
            outputTokens: number;
        };
        /**
         * @description What a device or a browser keeps for a while.
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
             * @description Missing for every reader from then on.
             */
            expiresAt: string | null;
            /** @description Grows with every change; the `ETag`. */
            version: number;
        };
        /**
         * @description A piece of the application's state.
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
             * @description Missing for every reader from then on.
             */
            expiresAt: string | null;
            /** @description Grows with every change; the `ETag`. */
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
         *           "lastMessage": {
         *             "role": "user",
         *             "preview": "text",
         *             "timestamp": "2026-11-20T09:30:00.000Z"
         *           },
         *           "version": 1
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
            /** @description Ids that are gone. */
            deleted: string[];
            /** @description For the next sync. */
            cursor: string;
            /** @description Whether to go on at once. */
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
         *       "lastMessage": {
         *         "role": "user",
         *         "preview": "text",
         *         "timestamp": "2026-11-20T09:30:00.000Z"
         *       },
         *       "version": 1
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
             * @description When it last changed: a message, its title, model or state.
             */
            updatedAt: string;
            /** @enum {string} */
            state: "active" | "archived" | "trashed";
            /**
             * Format: date-time
             * @description When it will be gone for good, 30 days after it was trashed; else null.
             */
            purgeAt: string | null;
            /** @description How far it was read, 0 for not at all. Null in lists without `include=unread`. */
            lastReadSequence: number | null;
            unreadCount: number | null;
            messageCount: number;
            lastMessage: {
                /** @enum {string} */
                role: "user" | "assistant" | "system" | "tool";
                preview: string;
                /** Format: date-time */
                timestamp: string;
            } | null;
            /** @description Grows with every change; the `ETag`. */
            version: number;
        };
        OpenConversation: components["schemas"]["Conversation"] & {
            /** @description The newest 20 at most, the oldest of them first. */
            messages: components["schemas"]["Message"][];
            /** @description For the messages before these: `GET …/messages?order=desc&cursor=…`. Null if none. */
            olderCursor: string | null;
        };
        /**
         * @example {
         *       "id": "text",
         *       "sequence": 1,
         *       "role": "user",
         *       "content": "text",
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
         *         "outputTokens": 1
         *       },
         *       "feedback": {
         *         "rating": "up",
         *         "comment": "text",
         *         "timestamp": "2026-11-20T09:30:00.000Z"
         *       },
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
             * @description Why the model stopped; `aborted` marks an answer that is only a part.
             * @enum {string|null}
             */
            stopReason: "complete" | "length" | "filtered" | "aborted" | "error" | null;
            /** @description What the answer took, where known. */
            usage: components["schemas"]["TokenUsage"] | null;
            feedback: components["schemas"]["Feedback"];
            /** @description Documents that came with it; some may have been deleted since. */
            documents: string[];
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
            /** @description Name of the document. */
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
         *       "role": "user",
         *       "content": "What should I see in Lisbon?",
         *       "type": "text",
         *       "modelId": "text",
         *       "isError": false,
         *       "errorMessage": "text",
         *       "citations": [],
         *       "llmResponseId": "text",
         *       "documents": []
         *     }
         */
        NewMessage: {
            /** @enum {string} */
            role: "user" | "assistant" | "system" | "tool";
            /**
             * @description At most 960 KiB of UTF-8.
             * @example What should I see in Lisbon?
             */
            content: string;
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
            /**
             * @description Ids of the caller's documents that come with it; each must be `ready`.
             * @default []
             */
            documents?: string[];
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
         *       "maxOutputTokens": 1
         *     }
         */
        Model: {
            id: string;
            contextTokens: number;
            maxOutputTokens: number;
        };
        /**
         * @example {
         *       "userMessage": {
         *         "id": "text",
         *         "sequence": 1,
         *         "role": "user",
         *         "content": "text",
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
         *           "outputTokens": 1
         *         },
         *         "feedback": {
         *           "rating": "up",
         *           "comment": "text",
         *           "timestamp": "2026-11-20T09:30:00.000Z"
         *         },
         *         "documents": [
         *           "text"
         *         ]
         *       },
         *       "assistantMessage": {
         *         "id": "text",
         *         "sequence": 1,
         *         "role": "user",
         *         "content": "text",
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
         *           "outputTokens": 1
         *         },
         *         "feedback": {
         *           "rating": "up",
         *           "comment": "text",
         *           "timestamp": "2026-11-20T09:30:00.000Z"
         *         },
         *         "documents": [
         *           "text"
         *         ]
         *       },
         *       "usage": {
         *         "inputTokens": 1,
         *         "outputTokens": 1
         *       }
         *     }
         */
        Exchange: {
            userMessage: components["schemas"]["Message"];
            assistantMessage: components["schemas"]["Message"] & unknown;
            /** @description As the model's provider counts; estimated when the answer was stopped. */
            usage: components["schemas"]["TokenUsage"] | null;
        };
        /**
         * @example {
         *       "content": "What should I see in Lisbon?",
         *       "modelId": "text",
         *       "documents": [],
         *       "citations": []
         *     }
         */
        Question: {
            /**
             * @description At most 960 KiB of UTF-8.
             * @example What should I see in Lisbon?
             */
            content: string;
            /**
             * @description Default: the conversation's, or else the first of `GET /models`.
             * @default null
             */
            modelId?: string | null;
            /**
             * @description Ids of the caller's documents that come with it; each must be `ready`.
             * @default []
             */
            documents?: string[];
            /**
             * @description Passages to answer from; kept with the answer, which cites them as [1]. Default: what the conversation's documents say that shares words with the question.
             * @default []
             */
            citations?: components["schemas"]["Citation"][];
        };
        /**
         * @example {
         *       "content": "What should I see in Lisbon?",
         *       "modelId": "text",
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
             * @description Default: the conversation's, or else the first of `GET /models`.
             * @default null
             */
            modelId?: string | null;
            /** @description Default: those of the answer that is replaced. */
            citations?: components["schemas"]["Citation"][];
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
             * @description What the user calls the file.
             * @example Report 2026.pdf
             */
            name: string;
            /** @enum {string} */
            type: "application/pdf" | "text/plain" | "text/markdown" | "text/csv";
            /** @description Bytes, at most 10 MiB. The upload must have exactly so many. */
            size: number;
            /**
             * @description `pending`: granted, not completed, forgotten after 24 hours. `ready`: uploaded and read. `failed`: uploaded, but not what its type says, encrypted, or not readable.
             * @enum {string}
             */
            status: "pending" | "ready" | "failed";
            /** Format: date-time */
            createdAt: string;
            /** @description Of a PDF that was read. */
            pages: number | null;
            /** @description Pieces of text that answers can cite; 0 for a scan without text. */
            passages: number | null;
        };
        /** @description POST `multipart/form-data` to `upload.url` before `expiresAt`: every field as it is, then the file as the last field, `file`. S3 refuses another size, type or key, and further fields. */
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
             * @description Good for five minutes, for whoever has it. Null while pending.
             */
            downloadUrl: string | null;
        };
        /**
         * @description The receipt of an erasure; kept for 90 days.
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
             * @description When a search found nothing left.
             */
            completedAt: string | null;
            /**
             * Format: date-time
             * @description From when on the caller may write again; null while erasing.
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
             * @description When it last changed: a message, its title, model or state.
             */
            updatedAt: string;
            /** @enum {string} */
            state: "active" | "archived" | "trashed";
            /**
             * Format: date-time
             * @description When it will be gone for good, 30 days after it was trashed; else null.
             */
            purgeAt: string | null;
            messageCount: number;
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
        /** @description No valid access token. */
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
        /** @description The tenant is suspended, or it is off-boarding and this would write. */
        Problem403: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is no such thing, or it is not the caller's. */
        Problem404: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The id is taken or was until 24 hours ago, or the conversation's state does not allow it. */
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
        /** @description The idempotency key came with another body before. */
        Problem422: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The user's quota of tokens is used up until `Retry-After` seconds from now. */
        Problem429: {
            headers: {
                /** @description Seconds to wait. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Busy: try again after `Retry-After` seconds. */
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
        /** @description Any other failure. The gateway in front has problem types of its own, among them `urn:chatstack:problem:too-many-requests`, and `about:blank` with a title. */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
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
            /** @description It does. */
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
            /** @description One page that asks no other server for anything. */
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
                    /** @description The version, as strong entity tag. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Profile"];
                };
            };
            /** @description What the caller holds is current. */
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
                /** @description An `ETag`, or several: refuses the change with 412 if none is current. `*`: if there is nothing. */
                "if-match"?: string;
                /** @description `*`: refuses the change with 412 if there is something. An `ETag`: if it is current. */
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
                    /** @description The version, as strong entity tag. */
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
            /** @description Begun, and for most accounts complete. */
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
            /** @description Counted. */
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
                /** @description `nextCursor` of the page before; good for 24 hours. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. It may be shorter than `limit`: only a null `nextCursor` is the end. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Session"][];
                        /** @description Ids of items that this version of the service cannot read, e.g. since a later one wrote them. Absent where there are none. */
                        unreadable?: string[];
                        /** @description Where the list goes on; null at its end. */
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
                    /** @description The version, as strong entity tag. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description What the caller holds is current. */
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
                /** @description An `ETag`, or several: refuses the change with 412 if none is current. `*`: if there is nothing. */
                "if-match"?: string;
                /** @description `*`: refuses the change with 412 if there is something. An `ETag`: if it is current. */
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
                     * @description Counted from now.
                     * @default 604800
                     */
                    lifeSeconds?: number;
                };
            };
        };
        responses: {
            /** @description Kept. */
            200: {
                headers: {
                    /** @description The version, as strong entity tag. */
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
                /** @description An `ETag`, or several: refuses the change with 412 if none is current. `*`: if there is nothing. */
                "if-match"?: string;
                /** @description `*`: refuses the change with 412 if there is something. An `ETag`: if it is current. */
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
                /** @description The piece. */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    /** @description The version, as strong entity tag. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["State"];
                };
            };
            /** @description What the caller holds is current. */
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
                /** @description An `ETag`, or several: refuses the change with 412 if none is current. `*`: if there is nothing. */
                "if-match"?: string;
                /** @description `*`: refuses the change with 412 if there is something. An `ETag`: if it is current. */
                "if-none-match"?: string;
            };
            path: {
                /** @description The piece. */
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
                    /** @description Counted from now; default: kept until deleted. */
                    lifeSeconds?: number;
                };
            };
        };
        responses: {
            /** @description Kept. */
            200: {
                headers: {
                    /** @description The version, as strong entity tag. */
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
                /** @description An `ETag`, or several: refuses the change with 412 if none is current. `*`: if there is nothing. */
                "if-match"?: string;
                /** @description `*`: refuses the change with 412 if there is something. An `ETag`: if it is current. */
                "if-none-match"?: string;
            };
            path: {
                /** @description The piece. */
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
            /** @description Issued. The value is shown here and nowhere else: only its hash is kept. */
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
                /** @description `cursor` of the sync before; good for 30 days, then sync anew. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What changed. */
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
                /** @description `nextCursor` of the page before; good for 24 hours. */
                cursor?: string;
                state?: "active" | "archived" | "trashed";
                /** @description Also tells what is unread, for one more read of each conversation. */
                include?: "unread";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. It may be shorter than `limit`: only a null `nextCursor` is the end. What changes during a walk comes again at its end. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Conversation"][];
                        /** @description Ids of items that this version of the service cannot read, e.g. since a later one wrote them. Absent where there are none. */
                        unreadable?: string[];
                        /** @description Where the list goes on; null at its end. */
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
                /** @description Makes the request safe to repeat for 24 hours: the first answer comes again, with `Idempotency-Replayed: true`. Another body under the same key is refused with 422. */
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
                 *       "modelId": null
                 *     }
                 */
                "application/json": {
                    /** @description Chosen by the client; default: new. */
                    id?: string;
                    /**
                     * @default New conversation
                     * @example Trip to Lisbon
                     */
                    title?: string;
                    /** @default null */
                    modelId?: string | null;
                };
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    /** @description The version, as strong entity tag. */
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
                    /** @description The version, as strong entity tag. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenConversation"];
                };
            };
            /** @description What the caller holds is current. */
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
                /** @description An `ETag`, or several: refuses the change with 412 if none is current. `*`: if there is nothing. */
                "if-match"?: string;
                /** @description `*`: refuses the change with 412 if there is something. An `ETag`: if it is current. */
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
                 *       "modelId": null
                 *     }
                 */
                "application/json": {
                    /** @example Trip to Lisbon */
                    title: string;
                    /** @default null */
                    modelId?: string | null;
                };
            };
        };
        responses: {
            /** @description Replaced. */
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
                /** @description An `ETag`, or several: refuses the change with 412 if none is current. `*`: if there is nothing. */
                "if-match"?: string;
                /** @description `*`: refuses the change with 412 if there is something. An `ETag`: if it is current. */
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
            /** @description Begun: gone for every reader, and too large to be deleted within one request. Delete again to go on; the tenant's maintenance does too. */
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
                /** @description An `ETag`, or several: refuses the change with 412 if none is current. `*`: if there is nothing. */
                "if-match"?: string;
                /** @description `*`: refuses the change with 412 if there is something. An `ETag`: if it is current. */
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
                 *       "state": "active"
                 *     }
                 */
                "application/json": {
                    /** @example Trip to Lisbon */
                    title?: string;
                    modelId?: string | null;
                    /** @enum {string} */
                    state?: "active" | "archived" | "trashed";
                };
            };
        };
        responses: {
            /** @description Changed. */
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
                    /** @description Of the last message read. */
                    sequence: number;
                };
            };
        };
        responses: {
            /** @description Noted. */
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
                /** @description `nextCursor` of the page before; good for 24 hours. */
                cursor?: string;
                /** @description `asc` reads from the beginning, `desc` back from the end. */
                order?: "asc" | "desc";
                /** @description In ascending order: begins behind this sequence, as a sync needs it. */
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
            /** @description One page. It may be shorter than `limit`: only a null `nextCursor` is the end. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Message"][];
                        /** @description Ids of items that this version of the service cannot read, e.g. since a later one wrote them. Absent where there are none. */
                        unreadable?: string[];
                        /** @description Where the list goes on; null at its end. */
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
                /** @description Makes the request safe to repeat for 24 hours: the first answer comes again, with `Idempotency-Replayed: true`. Another body under the same key is refused with 422. */
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
                 *       "content": "What should I see in Lisbon?",
                 *       "type": "text",
                 *       "modelId": null,
                 *       "isError": false,
                 *       "errorMessage": null,
                 *       "citations": [],
                 *       "llmResponseId": null,
                 *       "documents": []
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
                    /** @description `true` when the message was saved by an earlier request. */
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
                /** @description An `ETag`, or several: refuses the change with 412 if none is current. `*`: if there is nothing. */
                "if-match"?: string;
                /** @description `*`: refuses the change with 412 if there is something. An `ETag`: if it is current. */
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
                    /** @description The version, as strong entity tag. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            /** @description Cleared for every reader; the tenant's maintenance removes the rest of what was too large for one request. */
            202: {
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
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
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
            /** @description The message with it. */
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
            /** @description There is none any more. */
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
            /** @description All there are; none is possible. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Model"][];
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
                /** @description Makes the request safe to repeat for 24 hours: the first answer comes again, with `Idempotency-Replayed: true`. Another body under the same key is refused with 422. */
                "idempotency-key"?: string;
                /** @description With the `Idempotency-Key` of the request whose stream broke off: goes on behind that event. An answer that is still being made in the same process goes on; otherwise the saved one is sent. `delta` with offset 0 means that the answer begins anew. */
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
                 *       "content": "What should I see in Lisbon?",
                 *       "modelId": null,
                 *       "documents": [],
                 *       "citations": []
                 *     }
                 */
                "application/json": components["schemas"]["Question"];
            };
        };
        responses: {
            /** @description Answered, in one piece or as a stream, as `Accept` says. */
            200: {
                headers: {
                    /** @description `true` when an earlier request began or saved this answer. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Exchange"];
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            /** @description There is no such model here, or nothing to regenerate, or the state forbids it. */
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
            503: components["responses"]["Problem503"];
            default: components["responses"]["Problem"];
        };
    };
    regenerate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat for 24 hours: the first answer comes again, with `Idempotency-Replayed: true`. Another body under the same key is refused with 422. */
                "idempotency-key"?: string;
                /** @description With the `Idempotency-Key` of the request whose stream broke off: goes on behind that event. An answer that is still being made in the same process goes on; otherwise the saved one is sent. `delta` with offset 0 means that the answer begins anew. */
                "last-event-id"?: string;
                /** @description An `ETag`, or several: refuses the change with 412 if none is current. `*`: if there is nothing. */
                "if-match"?: string;
                /** @description `*`: refuses the change with 412 if there is something. An `ETag`: if it is current. */
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
            /** @description Answered, in one piece or as a stream, as `Accept` says. */
            200: {
                headers: {
                    /** @description `true` when an earlier request began or saved this answer. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Exchange"];
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            /** @description There is no such model here, or nothing to regenerate, or the state forbids it. */
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
            /** @description The model failed, and the old answer stands. */
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
    listDocuments: {
        parameters: {
            query?: {
                limit?: number;
                /** @description `nextCursor` of the page before; good for 24 hours. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. It may be shorter than `limit`: only a null `nextCursor` is the end. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Document"][];
                        /** @description Ids of items that this version of the service cannot read, e.g. since a later one wrote them. Absent where there are none. */
                        unreadable?: string[];
                        /** @description Where the list goes on; null at its end. */
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
                     * @description What the user calls the file.
                     * @example Report 2026.pdf
                     */
                    name: string;
                    /** @enum {string} */
                    type: "application/pdf" | "text/plain" | "text/markdown" | "text/csv";
                    /** @description Bytes, at most 10 MiB. The upload must have exactly so many. */
                    size: number;
                    /**
                     * @description SHA-256 of the file in base64: S3 then refuses any other file. Required where the deployment locks documents against deletion.
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
            /** @description Completed, now or before. */
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
                /** @description Of the last `cursor` line; good for 24 hours. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Streamed, as fast as it is read. */
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
            /** @description How far it is. */
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
                /** @description `nextCursor` of the page before; good for 24 hours. */
                cursor?: string;
                /** @description A day in UTC. */
                from: string;
                /** @description The last day, included; default: `from`. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. It may be shorter than `limit`: only a null `nextCursor` is the end. */
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
                        /** @description Ids of items that this version of the service cannot read, e.g. since a later one wrote them. Absent where there are none. */
                        unreadable?: string[];
                        /** @description Where the list goes on; null at its end. */
                        nextCursor: string | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            /** @description The caller is no administrator, or the tenant's state forbids it. */
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
                /** @description `nextCursor` of the page before; good for 24 hours. */
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
            /** @description One page; empty for a user who has none, or does not exist. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ConversationMetadata"][];
                        /** @description Ids of items that this version of the service cannot read, e.g. since a later one wrote them. Absent where there are none. */
                        unreadable?: string[];
                        /** @description Where the list goes on; null at its end. */
                        nextCursor: string | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            /** @description The caller is no administrator, or the tenant's state forbids it. */
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
            /** @description Counted. */
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
            /** @description The caller is no administrator, or the tenant's state forbids it. */
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
                /** @description `nextCursor` of the page before; good for 24 hours. */
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
                        /** @description Ids of items that this version of the service cannot read, e.g. since a later one wrote them. Absent where there are none. */
                        unreadable?: string[];
                        /** @description Where the list goes on; null at its end. */
                        nextCursor: string | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            /** @description The caller is no administrator, or the tenant's state forbids it. */
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
                     * @description The last day, included; default: `from`.
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
                        /** @description Objects of the bucket that nothing pointed to; removed by the last step. */
                        orphans: number;
                        /** @description Users whose erasure it completed. */
                        erased: number;
                        /** @description Where the list goes on; null at its end. */
                        nextCursor: string | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            /** @description The caller is no administrator, or the tenant's state forbids it. */
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
