/** Answers and embeddings as Parquet files. */
package io.sightmill.sinks.parquet;
