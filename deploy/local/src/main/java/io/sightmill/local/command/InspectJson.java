package io.sightmill.local.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.llava.ModelReport;
import io.sightmill.llava.TextConfig;
import io.sightmill.llava.VisionConfig;
import java.util.List;

/** A model's report for machines; sizes in bytes. What is not known is left out. */
final class InspectJson {

    private final ModelReport report;
    private final List<ModelReport.Memory> memory;

    /**
     * @param memory the precisions to show
     */
    InspectJson(ModelReport report, List<ModelReport.Memory> memory) {
        this.report = report;
        this.memory = memory;
    }

    ObjectNode toJson() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("directory", report.directory().toString()).put("sound", report.isSound());
        report.model().ifPresent(shape -> putModel(root, shape));
        report.tokenizer()
                .ifPresent(
                        file ->
                                root.putObject("tokenizer")
                                        .put("file", file.name())
                                        .put("tokens", file.tokens()));
        report.chatTemplate().ifPresent(template -> root.put("chatTemplate", template));
        root.put("weightFileBytes", report.fileBytes());
        ArrayNode files = root.putArray("weightFiles");
        report.files().forEach(file -> putFile(files.addObject(), file));
        root.put("parameters", report.parameters());
        ArrayNode parts = root.putArray("parts");
        for (ModelReport.Part part : report.parts()) {
            parts.addObject()
                    .put("name", part.name())
                    .put("parameters", part.parameters())
                    .put("fileBytes", part.fileBytes());
        }
        ArrayNode images = root.putArray("images");
        for (ModelReport.ImageTokens image : report.images()) {
            images.addObject()
                    .put("width", image.width())
                    .put("height", image.height())
                    .put("tokens", image.tokens())
                    .put("tiles", image.tiles());
        }
        ArrayNode memories = root.putArray("memory");
        memory.forEach(each -> putMemory(memories.addObject(), each));
        root.put("machineBytes", report.machineBytes());
        ArrayNode problems = root.putArray("problems");
        report.problems().forEach(problems::add);
        return root;
    }

    private static void putModel(ObjectNode root, ModelReport.Shape shape) {
        root.put("family", shape.family()).put("layout", shape.layout());
        root.put("textModel", shape.textModel());
        root.put("contextTokens", shape.config().text().contextTokens());
        VisionConfig vision = shape.config().vision();
        root.putObject("vision")
                .put("imageSize", vision.imageSize())
                .put("patchSize", vision.patchSize())
                .put("hiddenSize", vision.hiddenSize())
                .put("intermediateSize", vision.intermediateSize())
                .put("layers", vision.layers())
                .put("layersRun", shape.config().visionLayersRun())
                .put("heads", vision.heads());
        TextConfig text = shape.config().text();
        root.putObject("text")
                .put("hiddenSize", text.hiddenSize())
                .put("intermediateSize", text.intermediateSize())
                .put("layers", text.layers())
                .put("heads", text.heads())
                .put("keyValueHeads", text.keyValueHeads())
                .put("headWidth", text.headWidth())
                .put("vocabularySize", text.vocabularySize());
    }

    private static void putFile(ObjectNode node, ModelReport.WeightFile file) {
        node.put("name", file.name()).put("bytes", file.bytes()).put("tensors", file.tensors());
        ObjectNode parameters = node.putObject("parameters");
        file.parameters().forEach(parameters::put);
    }

    private static void putMemory(ObjectNode node, ModelReport.Memory memory) {
        node.put("precision", memory.precision().name())
                .put("weightBytes", memory.weights())
                .put("kvBytesPerToken", memory.kvPerToken())
                .put("kvBytesFullContext", memory.kvFullContext())
                .put("kvBytesOneImage", memory.kvOneImage());
    }
}
