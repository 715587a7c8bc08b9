/**
 * LLaVA: from image files and dialogues to the next token. Depends on the engine's contract and on
 * DJL, never on Flink.
 */
package io.sightmill.llava;
