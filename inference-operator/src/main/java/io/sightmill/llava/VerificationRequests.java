package io.sightmill.llava;

import io.sightmill.engine.GenerationOptions;
import io.sightmill.engine.ImageSpan;
import io.sightmill.engine.Lane;
import io.sightmill.engine.PreparedTask;
import io.sightmill.engine.Prompt;
import io.sightmill.engine.SequenceRequest;
import io.sightmill.engine.TaskKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Requests of every kind that the engine takes, drawn from a seed: text alone, one image and two,
 * images that several requests share, one task a record and several, greedy, sampled, scored and
 * embedded, and every option that changes logits.
 */
final class VerificationRequests {

    private static final int IMAGES = 6;
    private static final int MOST_TASKS = 4;
    private static final int MOST_TEXT = 40;
    private static final int MOST_NEW_TOKENS = 24;

    private final int vocabularySize;
    private final RandomPrompts prompts;
    private final Random random;
    private final List<PixelImage> images = new ArrayList<>();

    VerificationRequests(LlavaConfig config, long seed) {
        this.vocabularySize = config.text().vocabularySize();
        this.prompts = new RandomPrompts(config, seed);
        this.random = new Random(seed);
        for (int i = 0; i < IMAGES; i++) {
            images.add(prompts.image());
        }
    }

    /** The tasks of a record that is not drawn before; live, of nobody in particular. */
    List<SequenceRequest> record(String requestId) {
        Prompt common = beginning(random.nextInt(5));
        int tasks = random.nextInt(3) == 0 ? 2 + random.nextInt(MOST_TASKS - 1) : 1;
        List<SequenceRequest> record = new ArrayList<>();
        for (int task = 0; task < tasks; task++) {
            PreparedTask prepared = task("t" + task, common);
            record.add(new SequenceRequest(requestId, Lane.LIVE, prepared));
        }
        return record;
    }

    /** Puts an image that nobody has seen in the place of one that others have. */
    void renewImage() {
        images.set(random.nextInt(images.size()), prompts.image());
    }

    /** One that the model cannot run: a token that it does not have. */
    SequenceRequest failing(String requestId) {
        int[] ids = prompts.ids(1 + random.nextInt(MOST_TEXT));
        ids[ids.length - 1] = vocabularySize;
        return new SequenceRequest(
                requestId, Lane.LIVE, generating("t0", new Prompt(ids, List.of())));
    }

    /** Text, and then no image, one or, for the highest kind, two with a word in between. */
    private Prompt beginning(int kind) {
        int[] ids = prompts.ids(1 + random.nextInt(MOST_TEXT));
        List<ImageSpan> spans = new ArrayList<>();
        int wanted = kind == 0 ? 0 : kind == 4 ? 2 : 1;
        for (int i = 0; i < wanted; i++) {
            PixelImage image = images.get(random.nextInt(images.size()));
            spans.add(new ImageSpan(ids.length, image));
            ids = joined(ids, prompts.ids(image.tokens() + (i + 1 < wanted ? 1 : 0)));
        }
        return new Prompt(ids, spans);
    }

    private PreparedTask task(String taskId, Prompt common) {
        int kind = random.nextInt(10);
        if (kind == 0 && !common.images().isEmpty()) {
            return embedding(taskId, common);
        }
        int[] question = prompts.ids(1 + random.nextInt(MOST_TEXT));
        Prompt prompt = new Prompt(joined(common.tokenIds(), question), common.images());
        return kind < 3 ? scoring(taskId, prompt) : generating(taskId, prompt);
    }

    private PreparedTask embedding(String taskId, Prompt common) {
        List<ImageSpan> spans = new ArrayList<>();
        int at = 0;
        for (ImageSpan span : common.images()) {
            spans.add(new ImageSpan(at, span.image()));
            at += span.image().tokens();
        }
        Prompt prompt = new Prompt(new int[at], spans);
        return new PreparedTask(
                taskId, TaskKind.EMBED, prompt, List.of(), GenerationOptions.greedy(1));
    }

    /** Labels of one token to four, some of which begin alike. */
    private PreparedTask scoring(String taskId, Prompt prompt) {
        int[] beginning = prompts.ids(2);
        List<int[]> labels = new ArrayList<>();
        for (int label = 0; label < 2 + random.nextInt(3); label++) {
            int[] own = prompts.ids(1 + random.nextInt(2));
            labels.add(random.nextBoolean() ? own : joined(beginning, own));
        }
        return new PreparedTask(
                taskId, TaskKind.SCORE, prompt, labels, GenerationOptions.greedy(1));
    }

    private PreparedTask generating(String taskId, Prompt prompt) {
        return new PreparedTask(taskId, TaskKind.GENERATE, prompt, List.of(), options());
    }

    private GenerationOptions options() {
        int most = 1 + random.nextInt(MOST_NEW_TOKENS);
        boolean samples = random.nextInt(3) > 0;
        return new GenerationOptions(
                most,
                random.nextInt(4) == 0 ? random.nextInt(most + 1) : 0,
                samples ? 0.3 + random.nextDouble() : 0,
                random.nextBoolean() ? 1 : 0.5 + random.nextDouble() / 2,
                random.nextBoolean() ? 0 : 1 + random.nextInt(60),
                random.nextLong(),
                random.nextInt(4) == 0 ? List.of("e", "the ") : List.of(),
                random.nextInt(4) == 0
                        ? Map.of(random.nextInt(vocabularySize), 4 * random.nextGaussian())
                        : Map.of(),
                random.nextInt(4) == 0 ? 0.8 + random.nextDouble() : 1,
                random.nextInt(4) - 1);
    }

    private static int[] joined(int[] one, int[] other) {
        int[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }
}
