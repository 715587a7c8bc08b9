package io.sightmill.local.command;

import io.sightmill.llava.LlavaConfig;
import io.sightmill.llava.ModelReport;
import io.sightmill.llava.TextConfig;
import io.sightmill.llava.VisionConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A model's report for people: one fact a line, problems last. */
final class InspectTable {

    private static final String INDENT = " ".repeat(18);

    private final ModelReport report;
    private final List<ModelReport.Memory> memory;
    private final List<String> lines = new ArrayList<>();

    /**
     * @param memory the precisions to show
     */
    InspectTable(ModelReport report, List<ModelReport.Memory> memory) {
        this.report = report;
        this.memory = memory;
    }

    List<String> lines() {
        add("checkpoint", report.directory().toString());
        report.model().ifPresent(this::addModel);
        report.tokenizer()
                .ifPresent(
                        file ->
                                add(
                                        "tokenizer",
                                        "%s, %s tokens"
                                                .formatted(file.name(), number(file.tokens()))));
        report.chatTemplate().ifPresent(template -> add("chat template", template(template)));
        addFiles();
        addParts();
        addImages();
        addMemory();
        addProblems();
        return lines;
    }

    private void addModel(ModelReport.Shape shape) {
        LlavaConfig config = shape.config();
        VisionConfig vision = config.vision();
        TextConfig text = config.text();
        add(
                "family",
                "%s, %s layout, %s text model"
                        .formatted(shape.family(), layout(shape), shape.textModel()));
        add(
                "vision",
                "%d px, patch %d, hidden %d, %d of %d layers run, %d heads, inner %d"
                        .formatted(
                                vision.imageSize(),
                                vision.patchSize(),
                                vision.hiddenSize(),
                                config.visionLayersRun(),
                                vision.layers(),
                                vision.heads(),
                                vision.intermediateSize()));
        add(
                "text",
                "hidden %d, %d layers, %d heads over %d of width %d, inner %d, vocabulary %d"
                        .formatted(
                                text.hiddenSize(),
                                text.layers(),
                                text.heads(),
                                text.keyValueHeads(),
                                text.headWidth(),
                                text.intermediateSize(),
                                text.vocabularySize()));
        add("context", text.contextTokens() + " tokens");
    }

    private static String layout(ModelReport.Shape shape) {
        return shape.layout().equals("authors") ? "the authors'" : shape.layout();
    }

    private static String template(String name) {
        return name.equals(ModelReport.OWN_TEMPLATE) ? "the checkpoint's own" : name;
    }

    private void addFiles() {
        if (report.files().isEmpty()) {
            return;
        }
        Map<String, Long> types = new TreeMap<>();
        report.files()
                .forEach(
                        file ->
                                file.parameters()
                                        .forEach((type, n) -> types.merge(type, n, Long::sum)));
        add(
                "weight files",
                "%d, %s: %s"
                        .formatted(
                                report.files().size(),
                                size(report.fileBytes()),
                                types.entrySet().stream()
                                        .map(type -> number(type.getValue()) + " " + type.getKey())
                                        .collect(Collectors.joining(", "))));
    }

    private void addParts() {
        if (report.parts().isEmpty()) {
            return;
        }
        add("parameters", number(report.parameters()) + " that are loaded");
        for (ModelReport.Part part : report.parts()) {
            more(
                    "%-10s %15s  %10s in the files"
                            .formatted(
                                    part.name(),
                                    number(part.parameters()),
                                    size(part.fileBytes())));
        }
    }

    private void addImages() {
        String name = "image tokens";
        for (ModelReport.ImageTokens image : report.images()) {
            add(
                    name,
                    "%-11s %5d in %d %s"
                            .formatted(
                                    image.width() + "x" + image.height(),
                                    image.tokens(),
                                    image.tiles(),
                                    image.tiles() == 1 ? "tile" : "tiles"));
            name = "";
        }
    }

    private void addMemory() {
        String name = "memory";
        for (ModelReport.Memory each : memory) {
            add(
                    name,
                    "%-9s weights %s; KV %s a token, %s an image and 256 tokens, %s the context"
                            .formatted(
                                    each.precision(),
                                    size(each.weights()),
                                    size(each.kvPerToken()),
                                    size(each.kvOneImage()),
                                    size(each.kvFullContext())));
            name = "";
        }
        if (!memory.isEmpty()) {
            more("this machine has " + size(report.machineBytes()));
        }
    }

    private void addProblems() {
        if (report.isSound()) {
            add("problems", "none");
            return;
        }
        lines.add("problems");
        report.problems().forEach(problem -> lines.add("  - " + problem));
    }

    private void add(String name, String value) {
        lines.add("%-18s%s".formatted(name, value));
    }

    private void more(String value) {
        lines.add(INDENT + value);
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String size(long bytes) {
        if (bytes < 1 << 20) {
            return String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0);
        }
        return bytes < 1 << 30
                ? String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20))
                : String.format(Locale.ROOT, "%.2f GiB", bytes / (double) (1 << 30));
    }
}
