package io.sightmill.tuning.instruct.chat;

/**
 * One turn of what a chat model is told.
 *
 * @param role system, user or assistant
 */
record ChatMessage(String role, String content) {}
