package io.sightmill.llava;

import io.sightmill.engine.ModelLoadException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Looks a checkpoint over without loading it: configurations, tokenizer and the headers of the
 * weight files, by the same readers as loading. Where loading gives up, this goes on, so that one
 * look finds what many attempts would.
 *
 * @param images sizes in pixels whose prompt positions are reckoned; the first counts for memory
 * @param options what is allowed; with checkWeights every weight is read, which takes as long as
 *     the files are large
 */
public record ModelInspection(Path directory, List<Resolution> images, LoadOptions options) {

    /** A square, a photo of each kind, and a screen. */
    public static final List<Resolution> USUAL_IMAGES =
            List.of(
                    new Resolution(336, 336),
                    new Resolution(480, 640),
                    new Resolution(640, 480),
                    new Resolution(1_080, 1_920));

    public ModelInspection {
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(options, "options");
        images = images.isEmpty() ? USUAL_IMAGES : List.copyOf(images);
    }

    /**
     * Reads what is there. Never fails for what a checkpoint holds.
     *
     * @param progress hears how far the reading of weights is, where they are checked
     */
    public ModelReport report(LoadProgress progress) {
        Problems problems = new Problems();
        ReportedModel model = new ReportedModel();
        if (CheckpointDirectory.check(directory, options, problems)) {
            model = read(problems, progress);
        }
        return new ModelReport(
                directory,
                model.shape,
                model.parts,
                model.files,
                model.tokenizer,
                model.chatTemplate,
                model.images,
                model.memory,
                MachineMemory.bytes(),
                problems.lines());
    }

    /** What could be found out. */
    private static final class ReportedModel {
        private Optional<ModelReport.Shape> shape = Optional.empty();
        private List<ModelReport.Part> parts = List.of();
        private List<ModelReport.WeightFile> files = List.of();
        private Optional<ModelReport.TokenizerFile> tokenizer = Optional.empty();
        private Optional<String> chatTemplate = Optional.empty();
        private List<ModelReport.ImageTokens> images = List.of();
        private List<ModelReport.Memory> memory = List.of();
    }

    private ReportedModel read(Complaints problems, LoadProgress progress) {
        ReportedModel model = new ReportedModel();
        Optional<Path> tower = options.visionTowerPath();
        Optional<LlavaConfig> config = LlavaConfig.read(directory, tower, problems);
        readText(model, config, problems);
        Optional<PreprocessorConfig> pixels =
                problems.attempt(() -> PreprocessorConfig.read(directory, tower));
        Checkpoint checkpoint = Checkpoint.open(directory, tower, problems);
        InspectedWeights weights = new InspectedWeights(checkpoint);
        model.files = weights.files();
        if (config.isPresent()) {
            LlavaConfig known = config.get();
            pixels.ifPresent(found -> CheckpointFit.checkImages(directory, known, found, problems));
            model.shape = problems.attempt(() -> ModelFamily.shape(directory, known));
            model.images = imageTokens(known, problems);
            describe(model, known, weights, problems, progress);
        }
        return model;
    }

    private void describe(
            ReportedModel model,
            LlavaConfig config,
            InspectedWeights weights,
            Complaints problems,
            LoadProgress progress) {
        List<TensorDeclaration> declared = DeclaredWeights.of(config);
        model.parts = weights.parts(declared, problems);
        model.memory =
                ModelMemory.of(
                        declared,
                        config.text(),
                        model.images.isEmpty() ? 0 : model.images.get(0).tokens());
        if (options.checkWeights()) {
            weights.checkFinite(declared, problems, progress);
        }
    }

    private void readText(ReportedModel model, Optional<LlavaConfig> config, Complaints problems) {
        config.ifPresent(known -> CheckpointFit.checkImageToken(directory, known, problems));
        int imageTokenId = config.map(LlavaConfig::imageTokenId).orElse(LlavaConfig.IMAGE_SLOT);
        Optional<Tokenizer> loaded = problems.attempt(() -> Tokenizer.load(directory));
        if (loaded.isEmpty()) {
            return;
        }
        try (Tokenizer tokenizer = loaded.get()) {
            model.tokenizer =
                    Optional.of(
                            new ModelReport.TokenizerFile(
                                    tokenizer.fileName(), tokenizer.vocabularySize()));
            config.ifPresent(
                    known -> CheckpointFit.checkTokens(directory, known, tokenizer, problems));
            model.chatTemplate =
                    problems.attempt(
                                    () ->
                                            ChatTemplates.choose(
                                                    directory,
                                                    Optional.empty(),
                                                    tokenizer,
                                                    imageTokenId))
                            .map(chosen -> ModelFamily.templateName(directory));
        }
    }

    private List<ModelReport.ImageTokens> imageTokens(LlavaConfig config, Complaints problems) {
        ImageLayout layout = config.imageLayout();
        return images.stream()
                .flatMap(size -> problems.attempt(() -> imageTokens(layout, size)).stream())
                .toList();
    }

    private static ModelReport.ImageTokens imageTokens(ImageLayout layout, Resolution size) {
        try {
            TileGrid grid = layout.grid(size.height(), size.width());
            return new ModelReport.ImageTokens(
                    size.width(), size.height(), layout.tokens(grid), grid.tiles());
        } catch (ArithmeticException e) {
            throw new ModelLoadException(
                    "an image of %d x %d pixels takes more tokens than can be counted"
                            .formatted(size.width(), size.height()),
                    e);
        }
    }
}
