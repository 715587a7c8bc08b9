package io.sightmill.tuning.training;

import io.sightmill.llava.CheckpointGenerator;
import io.sightmill.llava.CheckpointLayout;
import io.sightmill.llava.CheckpointPlan;
import io.sightmill.llava.CheckpointShape;
import io.sightmill.llava.LearnedSample;
import io.sightmill.llava.SampleEncoder;
import io.sightmill.llava.Trainable;
import io.sightmill.llava.TrainableModel;
import io.sightmill.llava.TrainableTower;
import io.sightmill.llava.TrainingSample;
import io.sightmill.llava.WeightType;
import io.sightmill.tuning.samples.BadSample;
import io.sightmill.tuning.samples.BadSamplePolicy;
import io.sightmill.tuning.samples.CaptionTexts;
import io.sightmill.tuning.samples.CaptionedPictures;
import io.sightmill.tuning.samples.DialogueLines;
import io.sightmill.tuning.samples.InstructionData;
import io.sightmill.tuning.samples.InstructionSource;
import io.sightmill.tuning.samples.LabelledPatches;
import io.sightmill.tuning.samples.Mixture;
import io.sightmill.tuning.samples.TrainingData;
import io.sightmill.tuning.training.TuningStage.Listener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * The stage before the paper's two, for a model that nothing can be downloaded for: the vision
 * tower learns to see from boxes, then the language model to speak from captions. They share
 * nothing yet.
 *
 * @param start what the model begins as
 * @param output directory of the pretrained checkpoint
 * @param run directory of what the runs keep while they go
 * @param captions a caption file
 * @param images folder that its images are in
 * @param dialogues files in LLaVA's JSON, read as text alone; may be none
 * @param badSamples what becomes of a line that cannot be used
 * @param replaces whether output may hold something
 */
public record PretrainStage(
        Start start,
        Path output,
        Path run,
        Path captions,
        Path images,
        List<Path> dialogues,
        BadSamplePolicy badSamples,
        boolean replaces) {

    /** Pictures, and dialogues of each file, that a tokenizer is learned from. */
    private static final int TOKENIZER_PICTURES = 20_000;

    public PretrainStage {
        dialogues = List.copyOf(dialogues);
    }

    /** What a model begins as. */
    public sealed interface Start {}

    /** A checkpoint that there is. */
    public record FromCheckpoint(Path directory) implements Start {}

    /** Random weights, and a tokenizer learned from the texts. */
    public record FromNothing(CheckpointShape shape, long seed) implements Start {}

    /**
     * Runs the stage to its end, going on where an earlier run stopped.
     *
     * @param visionPlan makes the vision tower's plan, given how many pictures there are
     * @param languagePlan makes the language model's
     * @throws TrainingFailedException if data or run are refused
     * @throws io.sightmill.engine.ModelLoadException if the checkpoint is broken
     * @throws io.sightmill.tuning.DataFileException if the caption file cannot be read
     */
    public void train(
            LongFunction<TrainingPlan> visionPlan,
            LongFunction<TrainingPlan> languagePlan,
            Listener listener)
            throws InterruptedException {
        List<BadSample> bad = new ArrayList<>();
        CaptionedPictures pictures =
                CaptionedPictures.read(
                        captions,
                        images,
                        each -> report(each, bad, listener),
                        listener.checking(captions.toFile().length()));
        refuse(bad);
        try {
            Path begin = begin(pictures);
            Path seeing = run.resolve("seeing");
            trainVision(begin, seeing, pictures, visionPlan, listener);
            trainLanguage(seeing, pictures, languagePlan, listener);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the pretrained checkpoint is not written: " + e.getMessage(), e);
        }
    }

    private Path begin(CaptionedPictures pictures) {
        if (start instanceof FromCheckpoint checkpoint) {
            return checkpoint.directory();
        }
        FromNothing nothing = (FromNothing) start;
        Path directory = run.resolve("start");
        if (!Files.exists(directory.resolve("config.json"))) {
            CheckpointPlan plan =
                    new CheckpointPlan(
                            nothing.shape(),
                            CheckpointLayout.HUGGING_FACE,
                            WeightType.BFLOAT16,
                            nothing.seed(),
                            CheckpointPlan.DEFAULT_SHARD_BYTES);
            List<String> text = new ArrayList<>(pictures.captions(TOKENIZER_PICTURES));
            dialogues.forEach(file -> text.addAll(DialogueLines.of(file, TOKENIZER_PICTURES)));
            new CheckpointGenerator(plan, text).write(directory, true, bytes -> {});
        }
        return directory;
    }

    private void trainVision(
            Path begin,
            Path seeing,
            CaptionedPictures pictures,
            LongFunction<TrainingPlan> planFor,
            Listener listener)
            throws IOException, InterruptedException {
        try (SampleEncoder encoder = SampleEncoder.open(begin, Optional.empty())) {
            LabelledPatches patches = new LabelledPatches(pictures, encoder);
            TrainingPlan plan = planFor.apply(patches.size());
            try (TrainableModel model = TrainableModel.open(begin, plan.setup());
                    TrainableTower tower =
                            new TrainableTower(model, patches.words().size(), plan.seed())) {
                train(tower, patches, plan, run.resolve("vision"), listener);
                model.writeCheckpoint(seeing, true);
            }
        }
    }

    private void trainLanguage(
            Path seeing,
            CaptionedPictures pictures,
            LongFunction<TrainingPlan> planFor,
            Listener listener)
            throws IOException, InterruptedException {
        try (SampleEncoder encoder = SampleEncoder.open(seeing, Optional.empty())) {
            TrainingData<TrainingSample> texts = texts(pictures, encoder, listener);
            TrainingPlan plan = planFor.apply(texts.size());
            try (TrainableModel model = TrainableModel.open(seeing, plan.setup())) {
                train(model, texts, plan, run.resolve("language"), listener);
                model.writeCheckpoint(output, replaces);
            }
        }
    }

    private TrainingData<TrainingSample> texts(
            CaptionedPictures pictures, SampleEncoder encoder, Listener listener) {
        List<TrainingData<TrainingSample>> parts = new ArrayList<>();
        parts.add(new CaptionTexts(pictures, encoder, encoder.contextTokens()));
        if (!dialogues.isEmpty()) {
            List<BadSample> bad = new ArrayList<>();
            parts.add(
                    InstructionData.openWithoutImages(
                            dialogues.stream().map(InstructionSource::whole).toList(),
                            encoder,
                            encoder.contextTokens(),
                            each -> report(each, bad, listener),
                            listener.checking(bytes(dialogues))));
            refuse(bad);
        }
        return new Mixture<>(parts);
    }

    private static long bytes(List<Path> files) {
        return files.stream().mapToLong(file -> file.toFile().length()).sum();
    }

    private static void report(BadSample sample, List<BadSample> bad, Listener listener) {
        listener.skipped(sample);
        bad.add(sample);
    }

    private void refuse(List<BadSample> bad) {
        if (badSamples == BadSamplePolicy.REFUSE && !bad.isEmpty()) {
            throw TuningStage.refusal(bad.size(), bad);
        }
    }

    private static <S extends LearnedSample> void train(
            Trainable<S> model,
            TrainingData<S> data,
            TrainingPlan plan,
            Path directory,
            Listener listener)
            throws InterruptedException {
        listener.ready(data, model, plan);
        new TrainingRun<>(model, data, plan, directory, listener).run();
    }
}
