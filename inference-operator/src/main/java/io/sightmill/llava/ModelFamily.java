package io.sightmill.llava;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Optional;

/** The names that people give to what a configuration describes. */
final class ModelFamily {

    private ModelFamily() {}

    /** Family, layout and text model of a configuration that has been read. */
    static ModelReport.Shape shape(Path directory, LlavaConfig config) {
        ConfigurationFile file = ConfigurationFile.read(directory.resolve("config.json"));
        boolean isAuthors =
                file.find("text_config").isEmpty() && file.find("mm_vision_tower").isPresent();
        return new ModelReport.Shape(
                family(file, isAuthors, config),
                isAuthors ? "authors" : "Hugging Face",
                textModel(file, isAuthors),
                config);
    }

    /** v1 had a single linear layer, which only the authors' layout can say. */
    private static String family(ConfigurationFile file, boolean isAuthors, LlavaConfig config) {
        if (config.isTiled()) {
            return "LLaVA-NeXT";
        }
        String projector = file.text("mm_projector_type").orElse("linear");
        return isAuthors && projector.equals("linear") ? "LLaVA v1" : "LLaVA-1.5";
    }

    private static String textModel(ConfigurationFile file, boolean isAuthors) {
        if (isAuthors) {
            return file.text("model_type").orElse("").contains("mistral") ? "mistral" : "llama";
        }
        return file.find("text_config")
                .map(text -> text.path("model_type"))
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .orElse("llama");
    }

    /** Where the form of prompts comes from, if none is asked for by name. */
    static String templateName(Path directory) {
        Optional<String> own = ChatTemplateText.find(directory);
        if (own.isPresent()) {
            return ModelReport.OWN_TEMPLATE;
        }
        Path name = directory.toAbsolutePath().normalize().getFileName();
        ConversationTemplate byName = ConversationTemplate.forModel(String.valueOf(name));
        return byName == ConversationTemplate.LLAVA_V0 && VisionTower.of(directory).isEmpty()
                ? ChatTemplates.LLAVA_HUGGING_FACE
                : byName.templateName();
    }
}
