package io.sightmill.flink;

import static io.sightmill.flink.Requests.ask;
import static io.sightmill.flink.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.schema.Answer;
import io.sightmill.schema.ImageSource;
import io.sightmill.schema.Reason;
import io.sightmill.schema.VisionRequest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests whose images lie in a store: state holds what the record holds, a reference. */
@Timeout(60)
class ClaimCheckedRequestsTest {

    private static final int REQUESTS = 256;
    private static final int IMAGE_BYTES = 2 << 20;
    private static final int TOKENS = 400;

    @TempDir Path store;

    private final ScriptedModel.Provider model =
            new ScriptedModel.Provider(UUID.randomUUID().toString());
    private final ModelControl control = ModelControl.of(model);

    @Test
    void aCheckpointOf256LargeImagesInFlightStaysUnderAMegabyte() throws Exception {
        control.block();
        try (OperatorHarness operator = OperatorHarness.opened(model, options())) {
            // Whether they are alike makes no difference to what a record holds.
            ImageSource image = stored("any", image(1, IMAGE_BYTES)).getImages().get(0);
            for (int index = 0; index < REQUESTS; index++) {
                VisionRequest request = request("r" + index, ask("t", "what", TOKENS));
                request.setImages(List.of(image));
                operator.process(request);
            }
            operator.runMailUntil(() -> control.preprocessedRequests() == REQUESTS);
            control.allowCalls(REQUESTS + 20);
            operator.runMailUntil(() -> operator.tokensOf("t") >= 100);

            OperatorSubtaskState checkpoint = operator.snapshot();

            assertThat(operator.answers()).isEmpty();
            assertThat(operator.rejections()).isEmpty();
            assertThat(checkpoint.getStateSize()).isBetween(REQUESTS * 64L, 1_000_000L);
        }
    }

    @Test
    void theImageIsReadAgainAfterARestore() throws Exception {
        OperatorSubtaskState checkpoint;
        control.block();
        try (OperatorHarness operator = OperatorHarness.opened(model, options())) {
            operator.process(stored("r", image(1, 100)));
            checkpoint = operator.snapshot();
        }
        try (OperatorHarness operator = OperatorHarness.restored(model, checkpoint, options())) {
            operator.endInput();

            assertThat(operator.answers())
                    .extracting(Answer::getText)
                    .containsExactly(ScriptedModel.expectedText("what", TOKENS));
        }
    }

    @Test
    void aStoredImageThatChangedOrIsGoneIsRejected() throws Exception {
        Path changed = image(1, 100);
        VisionRequest ofChanged = stored("changed", changed);
        Path gone = image(2, 100);
        VisionRequest ofGone = stored("gone", gone);
        Files.write(changed, new byte[100]);
        Files.delete(gone);
        try (OperatorHarness operator = OperatorHarness.opened(model, options())) {
            operator.process(ofChanged);
            operator.process(ofGone);
            operator.endInput();

            assertThat(operator.answers()).isEmpty();
            assertThat(operator.rejections())
                    .anySatisfy(
                            rejection -> {
                                assertThat(rejection.getRequestId()).isEqualTo("changed");
                                assertThat(rejection.getReason())
                                        .isEqualTo(Reason.CHECKSUM_MISMATCH);
                                assertThat(rejection.getMessage()).contains("the file changed");
                            })
                    .anySatisfy(
                            rejection -> {
                                assertThat(rejection.getRequestId()).isEqualTo("gone");
                                assertThat(rejection.getReason())
                                        .isEqualTo(Reason.IMAGE_UNAVAILABLE);
                                assertThat(rejection.getMessage()).contains("NoSuchFile");
                            });
        }
    }

    private OperatorOptions options() {
        return OperatorOptions.from(
                Map.of(
                        "allowed-directories",
                        store.toString(),
                        "max-in-flight-requests",
                        Integer.toString(REQUESTS)));
    }

    /** A file of its own content, most of it a hole that takes no disk. */
    private Path image(int number, int bytes) throws IOException {
        Path file = store.resolve("image-" + number);
        try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
            image.setLength(bytes);
            image.writeInt(number);
        }
        return file;
    }

    private static VisionRequest stored(String requestId, Path image) throws IOException {
        VisionRequest request = request(requestId, ask("t", "what", TOKENS));
        request.setImages(
                List.of(
                        ImageSource.newBuilder()
                                .setUri(image.toUri().toString())
                                .setSha256(Digest.of(Files.readAllBytes(image)))
                                .build()));
        return request;
    }
}
