package io.sightmill.tuning.instruct.chat;

import io.sightmill.tuning.instruct.Lesson;

/**
 * What a chat model said, and what it cost.
 *
 * @param isWhole whether it ended of itself, and not because of a limit or a filter
 * @param ending as the server names it
 */
record ChatReply(String text, boolean isWhole, String ending, Lesson.Usage usage) {}
