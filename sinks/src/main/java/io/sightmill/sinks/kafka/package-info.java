/** Answers, answer chunks, embeddings and rejections as records in Kafka topics. */
package io.sightmill.sinks.kafka;
