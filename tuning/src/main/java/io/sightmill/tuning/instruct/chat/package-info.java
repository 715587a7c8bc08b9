/** A teacher behind an HTTP address that speaks as OpenAI's chat completions do. */
package io.sightmill.tuning.instruct.chat;
