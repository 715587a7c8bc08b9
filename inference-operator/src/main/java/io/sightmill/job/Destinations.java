package io.sightmill.job;

import io.sightmill.schema.Answer;
import io.sightmill.schema.Embedding;
import io.sightmill.schema.Rejection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.connector.sink2.Sink;

/**
 * Where records go, by the destination's name. The name (kafka, parquet) becomes part of the
 * operator's uid: keep it, and a savepoint fits whatever other destinations come and go.
 */
public record Destinations(
        Map<String, Sink<Answer>> answers,
        Map<String, Sink<Embedding>> embeddings,
        Map<String, Sink<Rejection>> rejections) {

    public Destinations {
        // Sorted: the graph of a job must not depend on the order of a hash map.
        answers = Collections.unmodifiableMap(new TreeMap<>(answers));
        embeddings = Collections.unmodifiableMap(new TreeMap<>(embeddings));
        rejections = Collections.unmodifiableMap(new TreeMap<>(rejections));
    }

    /** No destination. */
    public static Destinations none() {
        return new Destinations(Map.of(), Map.of(), Map.of());
    }

    /** One destination for everything. */
    public static Destinations to(
            String name,
            Sink<Answer> answers,
            Sink<Embedding> embeddings,
            Sink<Rejection> rejections) {
        return new Destinations(
                Map.of(name, answers), Map.of(name, embeddings), Map.of(name, rejections));
    }

    /** One destination for answers and embeddings. */
    public static Destinations to(String name, Sink<Answer> answers, Sink<Embedding> embeddings) {
        return new Destinations(Map.of(name, answers), Map.of(name, embeddings), Map.of());
    }
}
