/** Imported for its effect, before the SDK: how much of it loads, and which of its functions can be replaced later. */
import "./defer.ts";
import "./bound.ts";
