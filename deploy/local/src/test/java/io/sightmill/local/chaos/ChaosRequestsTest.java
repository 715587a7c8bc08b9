package io.sightmill.local.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.schema.Task;
import io.sightmill.schema.TaskKind;
import io.sightmill.schema.VisionRequest;
import io.sightmill.schema.codec.RecordCodec;
import io.sightmill.schema.codec.UndecodableRecordException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ChaosRequestsTest {

    private static final RecordCodec<VisionRequest> CODEC = RecordCodec.of(VisionRequest.class);

    private final List<ChaosRequest> requests = ChaosRequests.of(500, 1);

    @Test
    void answersAreLongAndShortGreedyAndSampled() {
        List<Task> answers =
                requests.stream()
                        .flatMap(request -> decoded(request).stream())
                        .flatMap(request -> request.getTasks().stream())
                        .filter(task -> task.getKind() == TaskKind.ANSWER)
                        .toList();

        assertThat(answers)
                .extracting(task -> task.getGeneration().getMaxNewTokens())
                .allMatch(tokens -> tokens >= 16 && tokens <= 400)
                .anyMatch(tokens -> tokens < 24)
                .anyMatch(tokens -> tokens > 350);
        assertThat(answers)
                .extracting(task -> task.getGeneration().getTemperature())
                .contains(0.0, 0.9);
    }

    @Test
    void someHaveSeveralTasksLabelsAndVectorsAndSomeAreBroken() {
        assertThat(requests)
                .extracting(ChaosRequest::outcomes)
                .contains(
                        Set.of("answer answer"),
                        Set.of("answer labels"),
                        Set.of("answer long", "answer short", "answer labels", "embedding vector"),
                        Set.of("rejection"));
        assertThat(requests.stream().filter(request -> decoded(request).isEmpty()).count())
                .as("records that are none")
                .isBetween(10L, 20L);
    }

    @Test
    void aSeedGivesTheSameTasksUnderAnyName() {
        List<ChaosRequest> again = ChaosRequests.of(500, 1);
        List<ChaosRequest> others = ChaosRequests.of(500, 2);

        assertThat(tasks(again, "a-")).isEqualTo(tasks(requests, "b-"));
        assertThat(tasks(others, "a-")).isNotEqualTo(tasks(requests, "a-"));
    }

    private static List<Object> tasks(List<ChaosRequest> requests, String run) {
        return requests.stream()
                .map(request -> decoded(request, run))
                .map(record -> (Object) record.map(VisionRequest::getTasks))
                .collect(Collectors.toList());
    }

    private static Optional<VisionRequest> decoded(ChaosRequest request) {
        return decoded(request, "");
    }

    private static Optional<VisionRequest> decoded(ChaosRequest request, String run) {
        try {
            return Optional.of(CODEC.decode(request.content().apply(run + request.name())));
        } catch (UndecodableRecordException none) {
            return Optional.empty();
        }
    }
}
