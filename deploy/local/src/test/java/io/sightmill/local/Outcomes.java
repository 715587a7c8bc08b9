package io.sightmill.local;

import io.sightmill.ingest.archive.OutcomeListener;
import io.sightmill.ingest.archive.OutcomeReader;
import io.sightmill.ingest.archive.OutcomeTopics;
import io.sightmill.ingest.archive.RequestFactory;
import io.sightmill.local.deployment.BrokerAccess;
import io.sightmill.local.deployment.DataDirectory;
import io.sightmill.schema.Answer;
import io.sightmill.schema.Rejection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** What lies committed in the topics of a data directory, counted by the path of the image. */
final class Outcomes implements OutcomeListener {

    private final Map<String, Integer> answers = new HashMap<>();
    private final Map<String, Integer> rejections = new HashMap<>();

    private Outcomes() {}

    static Outcomes committedIn(Path dataDirectory) {
        Outcomes outcomes = new Outcomes();
        try (BrokerAccess broker = BrokerAccess.open(new DataDirectory(dataDirectory));
                OutcomeReader reader =
                        OutcomeReader.open(
                                broker.bootstrapServers(), OutcomeTopics.bulk(), outcomes)) {
            reader.catchUp(Duration.ofSeconds(60));
        }
        return outcomes;
    }

    Map<String, Integer> answers() {
        return answers;
    }

    Map<String, Integer> rejections() {
        return rejections;
    }

    @Override
    public void onAnswer(Answer answer) {
        count(answers, answer.getAttributes());
    }

    @Override
    public void onRejection(Rejection rejection) {
        count(rejections, rejection.getAttributes());
    }

    private static void count(Map<String, Integer> counts, Map<String, String> attributes) {
        counts.merge(attributes.get(RequestFactory.PATH_ATTRIBUTE), 1, Integer::sum);
    }
}
