package io.sightmill.flink;

import io.sightmill.engine.ImageInput;
import io.sightmill.engine.PreparedRequest;
import io.sightmill.engine.RequestPreprocessor;
import io.sightmill.engine.RequestRejectedException;
import io.sightmill.schema.ImageSource;
import io.sightmill.schema.Reason;
import io.sightmill.schema.Stage;
import io.sightmill.schema.VisionRequest;
import io.sightmill.schema.codec.RecordCodec;
import io.sightmill.schema.codec.UndecodableRecordException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The preprocess stage: a record's bytes in, prompts and pixels out. Runs on the preprocess pool;
 * thread-safe.
 */
final class RequestPreparation {

    private final RecordCodec<VisionRequest> codec = RecordCodec.of(VisionRequest.class);
    private final RequestMapping mapping;
    private final ImageSourceReader images;
    private final RequestPreprocessor preprocessor;
    private final Clock clock;
    private final LongSupplier nanoTime;

    RequestPreparation(
            OperatorOptions options,
            RequestPreprocessor preprocessor,
            Clock clock,
            LongSupplier nanoTime) {
        this.mapping = new RequestMapping(options);
        this.images = new ImageSourceReader(options);
        images.requireFileSystems();
        this.preprocessor = preprocessor;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /**
     * @param hasTokens whether answers have begun: then even a late record is prepared, for the
     *     engine ends them with the tokens they have, and runs no step for it
     * @throws RecordRejectedException if the record cannot be answered, whatever it is
     */
    PreparedRecord prepare(IncomingRecord record, boolean hasTokens)
            throws RecordRejectedException {
        long begin = nanoTime.getAsLong();
        VisionRequest request = decode(record);
        mapping.check(request);
        RequestOutline outline = RequestOutline.of(request);
        boolean late =
                request.getDeadline() != null && !clock.instant().isBefore(request.getDeadline());
        if (late && !hasTokens) {
            return PreparedRecord.late(outline);
        }
        try {
            List<ImageInput> inputs = read(request.getImages());
            PreparedRequest prepared = preprocessor.preprocess(mapping.input(request, inputs));
            return new PreparedRecord(
                    outline,
                    request.getTenant() == null ? "" : request.getTenant(),
                    Optional.ofNullable(request.getDeadline()),
                    prepared.tasks(),
                    inputs.stream().map(ImageInput::sha256).toList(),
                    false,
                    Duration.ofNanos(nanoTime.getAsLong() - begin));
        } catch (RequestRejectedException exception) {
            throw RecordRejectedException.of(outline, exception);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError exception) {
            // An image that breaks a decoder in an unforeseen way costs itself, not the job.
            throw new RecordRejectedException(
                    Stage.PREPROCESS,
                    Reason.MODEL_FAILURE,
                    outline,
                    "preprocessing failed unexpectedly: " + exception,
                    exception);
        }
    }

    /** What is known of a record that is not prepared; null if it cannot be decoded. */
    RequestOutline outline(IncomingRecord record) {
        try {
            return RequestOutline.of(decode(record));
        } catch (RecordRejectedException undecodable) {
            return null;
        }
    }

    private VisionRequest decode(IncomingRecord record) throws RecordRejectedException {
        try {
            return codec.decode(record.value());
        } catch (UndecodableRecordException exception) {
            throw new RecordRejectedException(
                    Stage.PREPROCESS,
                    Reason.UNDECODABLE,
                    null,
                    "the record at " + record.position() + ": " + exception.getMessage(),
                    exception);
        }
    }

    private List<ImageInput> read(List<ImageSource> sources) throws RequestRejectedException {
        List<ImageInput> inputs = new ArrayList<>(sources.size());
        for (ImageSource source : sources) {
            inputs.add(images.read(source));
        }
        return inputs;
    }
}
