/**
 * The continuous-batching engine: requests in, tokens, label scores and vectors out.
 *
 * <p>Plain Java. It decides what runs when; it never sees a tensor, a Kafka record or a Flink type.
 * {@link io.sightmill.engine.ModelRunner} is its contract with the model.
 */
package io.sightmill.engine;
