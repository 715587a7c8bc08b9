package io.sightmill.flink;

import io.sightmill.engine.BatchPlan;
import io.sightmill.engine.Device;
import io.sightmill.engine.DialogueTurn;
import io.sightmill.engine.ImageInput;
import io.sightmill.engine.ImageSpan;
import io.sightmill.engine.Model;
import io.sightmill.engine.ModelDescription;
import io.sightmill.engine.ModelProvider;
import io.sightmill.engine.ModelRunner;
import io.sightmill.engine.PrefillChunk;
import io.sightmill.engine.PreparedImage;
import io.sightmill.engine.PreparedRequest;
import io.sightmill.engine.PreparedTask;
import io.sightmill.engine.Prompt;
import io.sightmill.engine.Reason;
import io.sightmill.engine.RequestInput;
import io.sightmill.engine.RequestPreprocessor;
import io.sightmill.engine.RequestRejectedException;
import io.sightmill.engine.Sequence;
import io.sightmill.engine.SequenceOutput;
import io.sightmill.engine.Stage;
import io.sightmill.engine.StepResult;
import io.sightmill.engine.TaskInput;
import io.sightmill.engine.TaskKind;
import io.sightmill.engine.TokenDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A model without weights: the next token depends on the prompt and on the token before, as a real
 * one's does, so an answer that was resumed wrongly differs. Special words in image and prompt make
 * it fail.
 */
public final class ScriptedModel implements Model {

    /** An image that begins so is rejected by preprocessing. */
    public static final String CORRUPT = "corrupt";

    /** An image that begins so breaks the preprocessor in an unforeseen way. */
    public static final String BROKEN = "broken";

    /** A prompt with this word makes the model fail on its sequence. */
    public static final String POISON = "poison";

    /** A prompt with this word makes a step throw. */
    public static final String THROWING = "throwing";

    /** A prompt with this word takes the whole engine down. */
    public static final String FATAL = "fatal";

    /** A prompt with this word makes a step take this long. */
    public static final String HANGING = "hanging";

    public static final Duration HANG = Duration.ofMillis(900);

    /** Prompt tokens an image takes. */
    public static final int IMAGE_TOKENS = 2;

    private static final String WEIGHTS = "0".repeat(64);

    private static final int IMAGE_TOKEN = 1;
    private static final int LETTERS = 26;

    private final ModelControl control;
    private final ModelDescription description;

    private ScriptedModel(ModelControl control, String weightsSha256) {
        this.control = control;
        this.description = new ModelDescription("scripted", weightsSha256, 4_096, Set.of(0));
        control.opened();
    }

    /** Opens the model that the control of this name steers. */
    public record Provider(String controlName, String weightsSha256) implements ModelProvider {

        private static final long serialVersionUID = 1L;

        public Provider(String controlName) {
            this(controlName, WEIGHTS);
        }

        @Override
        public Model open(Device device) {
            return new ScriptedModel(ModelControl.named(controlName), weightsSha256);
        }
    }

    /** The text that an undisturbed run gives for a prompt. */
    public static String expectedText(String instruction, int tokens) {
        int[] prompt = tokenize(instruction, 1);
        StringBuilder text = new StringBuilder();
        int token = 0;
        for (int index = 0; index < tokens; index++) {
            token = nextToken(prompt, token, index);
            text.append((char) token);
        }
        return text.toString();
    }

    /** The text that follows a beginning which another model may have given. */
    public static String continued(String instruction, String beginning, int tokens) {
        int[] prompt = tokenize(instruction, 1);
        StringBuilder text = new StringBuilder(beginning);
        for (int index = beginning.length(); index < tokens; index++) {
            text.append((char) nextToken(prompt, text.charAt(index - 1), index));
        }
        return text.toString();
    }

    private static int nextToken(int[] prompt, int before, int index) {
        int hash = Arrays.hashCode(prompt) * 31 + before * 7 + index;
        return 'a' + Math.floorMod(hash ^ (hash >>> 9), LETTERS);
    }

    private static int[] tokenize(String text, int images) {
        int[] tokens = new int[images * IMAGE_TOKENS + text.length()];
        Arrays.fill(tokens, 0, images * IMAGE_TOKENS, IMAGE_TOKEN);
        for (int index = 0; index < text.length(); index++) {
            tokens[images * IMAGE_TOKENS + index] = text.charAt(index);
        }
        return tokens;
    }

    private static String textOf(int[] tokens) {
        StringBuilder text = new StringBuilder();
        for (int token : tokens) {
            text.append((char) token);
        }
        return text.toString();
    }

    @Override
    public ModelDescription description() {
        return description;
    }

    @Override
    public RequestPreprocessor preprocessor() {
        return request -> {
            control.preprocessed();
            return preprocess(request);
        };
    }

    @Override
    public TokenDecoder tokenDecoder() {
        return ScriptedModel::textOf;
    }

    @Override
    public ModelRunner runner() {
        return new Runner(control);
    }

    @Override
    public ModelRunner newRunner() {
        return runner();
    }

    @Override
    public void close() {
        control.closed();
    }

    private record Image(String key) implements PreparedImage {

        @Override
        public int tokens() {
            return IMAGE_TOKENS;
        }
    }

    private static PreparedRequest preprocess(RequestInput request)
            throws RequestRejectedException {
        List<PreparedImage> images = new ArrayList<>();
        for (ImageInput input : request.images()) {
            String content = new String(input.content(), StandardCharsets.ISO_8859_1);
            if (content.startsWith(CORRUPT)) {
                throw new RequestRejectedException(
                        Stage.PREPROCESS, Reason.CORRUPT_IMAGE, "the image is cut short");
            }
            if (content.startsWith(BROKEN)) {
                throw new ArrayIndexOutOfBoundsException("decoder bug");
            }
            images.add(new Image(input.sha256()));
        }
        return new PreparedRequest(
                images, request.tasks().stream().map(task -> prepare(task, images)).toList());
    }

    private static PreparedTask prepare(TaskInput task, List<PreparedImage> images) {
        String text =
                task.turns().isEmpty()
                        ? ""
                        : String.join(" ", task.turns().stream().map(DialogueTurn::text).toList());
        List<ImageSpan> spans = new ArrayList<>();
        for (int image = 0; image < images.size(); image++) {
            spans.add(new ImageSpan(image * IMAGE_TOKENS, images.get(image)));
        }
        return new PreparedTask(
                task.taskId(),
                task.kind(),
                new Prompt(tokenize(text, images.size()), spans),
                task.labels().stream().map(label -> label.chars().toArray()).toList(),
                task.generation());
    }

    private record Runner(ModelControl control) implements ModelRunner {

        @Override
        public void admit(Sequence sequence) {
            control.admitted();
        }

        @Override
        public void release(Sequence sequence) {
            control.released();
        }

        @Override
        public StepResult run(BatchPlan plan) {
            control.awaitCall(!plan.decodes().isEmpty());
            List<SequenceOutput> outputs = new ArrayList<>();
            plan.embeds().forEach(sequence -> outputs.add(vectors(sequence)));
            plan.prefills().stream()
                    .filter(PrefillChunk::isLast)
                    .forEach(chunk -> outputs.add(prefilled(chunk.sequence())));
            plan.decodes()
                    .forEach(
                            sequence -> {
                                control.decoded();
                                outputs.add(token(sequence, sequence.inputToken()));
                            });
            return new StepResult(
                    outputs, Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(3));
        }

        private static SequenceOutput vectors(Sequence sequence) {
            return new SequenceOutput.Vectors(
                    sequence.id(),
                    sequence.prompt().images().stream()
                            .map(span -> new float[] {span.image().tokens(), 0.5f})
                            .toList());
        }

        private SequenceOutput prefilled(Sequence sequence) {
            String prompt = textOf(sequence.prompt().tokenIds());
            if (prompt.contains(FATAL)) {
                throw new LinkageError("the device is gone");
            }
            if (prompt.contains(THROWING)) {
                throw new IllegalStateException("a kernel failed");
            }
            if (prompt.contains(HANGING)) {
                control.hang(HANG);
            }
            if (prompt.contains(POISON)) {
                return new SequenceOutput.Failed(sequence.id(), Stage.PREFILL, "not a number");
            }
            return sequence.task().kind() == TaskKind.SCORE
                    ? new SequenceOutput.LabelScores(sequence.id(), scores(sequence))
                    : token(sequence, 0);
        }

        private static double[] scores(Sequence sequence) {
            int labels = sequence.task().labels().size();
            double[] scores = new double[labels];
            Arrays.fill(scores, 0.25 / (labels - 1));
            scores[labels - 1] = 0.75;
            return scores;
        }

        private SequenceOutput token(Sequence sequence, int before) {
            int token = nextToken(sequence.prompt().tokenIds(), before, sequence.tokenCount());
            return new SequenceOutput.Token(
                    sequence.id(), control.isShouting() ? Character.toUpperCase(token) : token);
        }
    }
}
