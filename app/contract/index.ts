/**
 * The API's contract: every route with its schemas, from which the server, the OpenAPI document and
 * the typed client come.
 */
import * as admin from "./admin.ts";
import * as chat from "./chat.ts";
import * as completions from "./completions.ts";
import * as conversations from "./conversations.ts";
import * as documents from "./documents.ts";
import * as messages from "./messages.ts";
import * as profile from "./profile.ts";
import * as records from "./records.ts";
import * as service from "./service.ts";
import * as sync from "./sync.ts";
import * as transfer from "./transfer.ts";

/** Every route of the API, in the order in which documents list them. */
export const contract = [
  service.getHealth,
  service.getOpenApi,
  service.getReference,
  profile.getProfile,
  profile.replaceProfile,
  chat.getUsage,
  records.listSessions,
  records.getSession,
  records.putSession,
  records.deleteSession,
  records.getState,
  records.putState,
  records.deleteState,
  records.issueToken,
  records.redeemToken,
  sync.syncConversations,
  conversations.listConversations,
  conversations.createConversation,
  conversations.getConversation,
  conversations.replaceConversation,
  conversations.updateConversation,
  conversations.markConversationRead,
  conversations.clearConversation,
  conversations.copyConversation,
  conversations.deleteConversation,
  conversations.deleteConversations,
  messages.listMessages,
  messages.appendMessage,
  messages.getMessage,
  messages.editMessage,
  messages.deleteMessage,
  messages.listMessageChanges,
  chat.putFeedback,
  chat.deleteFeedback,
  chat.listModels,
  chat.chat,
  chat.regenerate,
  chat.titleConversation,
  chat.getRunningAnswer,
  chat.stopRunningAnswer,
  completions.createCompletion,
  documents.listDocuments,
  documents.addDocument,
  documents.completeDocument,
  documents.getDocument,
  documents.deleteDocument,
  transfer.exportAll,
  transfer.exportConversation,
  transfer.importAll,
  transfer.eraseAll,
  transfer.getErasure,
  admin.listCreatedConversations,
  admin.listUserConversations,
  admin.getUserUsage,
  admin.getTotals,
  admin.listAudit,
  admin.sweep,
];
