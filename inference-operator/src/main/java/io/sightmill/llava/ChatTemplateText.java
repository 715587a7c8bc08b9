package io.sightmill.llava;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightmill.engine.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The Jinja text of a checkpoint's own chat template, wherever its release keeps it: {@code
 * chat_template.jinja}, {@code chat_template.json}, or {@code tokenizer_config.json}.
 */
final class ChatTemplateText {

    private static final String KEY = "chat_template";

    private ChatTemplateText() {}

    /**
     * @throws ModelLoadException if a file is there and cannot be read
     */
    static Optional<String> find(Path directory) {
        Path jinja = directory.resolve("chat_template.jinja");
        if (Files.exists(jinja)) {
            return Optional.of(read(jinja));
        }
        return List.of("chat_template.json", "tokenizer_config.json").stream()
                .map(directory::resolve)
                .map(ConfigurationFile::readIfPresent)
                .flatMap(Optional::stream)
                .flatMap(file -> file.find(KEY).stream())
                .map(ChatTemplateText::text)
                .findFirst();
    }

    /** The text itself, or of several named ones the one for chats. */
    private static String text(JsonNode value) {
        if (!value.isArray()) {
            return value.asText();
        }
        for (JsonNode each : value) {
            if (each.path("name").asText().equals("default")) {
                return each.path("template").asText();
            }
        }
        return value.path(0).path("template").asText();
    }

    private static String read(Path file) {
        try {
            long most = 4L * JinjaSource.MOST_CHARACTERS; // bytes of UTF-8
            if (Files.size(file) > most) {
                throw new ModelLoadException(
                        "%s has %d bytes and may have %d".formatted(file, Files.size(file), most));
            }
            return Files.readString(file);
        } catch (IOException exception) {
            throw new ModelLoadException(file + " cannot be read: " + exception, exception);
        }
    }
}
