/** The chat app with notes of each user, which the model may search, instructions for the model, and a hook. */
import { createApp, dependencies } from "chatstack/app";
import { eraseNotes, findNotes, notes } from "./notes.ts";

export default createApp({
  ...dependencies(),
  systemPrompt: "You are the assistant of Acme. Answer in two sentences at most.",
  routes: notes,
  tools: [findNotes],
  hooks: { userErased: ({ user }, { signal }) => eraseNotes(user, signal) },
});
