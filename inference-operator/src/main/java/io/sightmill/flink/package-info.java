/**
 * The engine inside a stream job: one operator a lane, one engine a device, requests in flight as
 * checkpoint state.
 *
 * <p>Knows the engine, the record schemas and Flink; never the model's library. Three kinds of
 * thread: the task's mailbox thread owns everything that is checkpointed, the preprocess pool turns
 * records into prepared requests, the engine's thread owns the model. They meet in the mailbox
 * only.
 */
package io.sightmill.flink;
