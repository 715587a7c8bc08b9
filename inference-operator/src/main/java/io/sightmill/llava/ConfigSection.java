package io.sightmill.llava;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.sightmill.engine.ModelLoadException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** An object of a checkpoint's JSON file; a value of the wrong kind fails naming file and key. */
final class ConfigSection {

    private final Path file;
    private final String prefix;
    private final JsonNode node;

    private ConfigSection(Path file, String prefix, JsonNode node) {
        this.file = file;
        this.prefix = prefix;
        this.node = node;
    }

    /**
     * @throws ModelLoadException if the file is missing or no JSON object
     */
    static ConfigSection read(Path file) {
        return of(ConfigurationFile.read(file));
    }

    /** The root of a file that has been read. */
    static ConfigSection of(ConfigurationFile file) {
        return new ConfigSection(file.path(), "", file.root());
    }

    /** An inner object; empty if it is absent. */
    ConfigSection section(String key) {
        JsonNode inner = present(key) ? node.get(key) : MissingNode.getInstance();
        if (present(key) && !inner.isObject()) {
            throw wrong(key, "an object");
        }
        return new ConfigSection(file, prefix + key + ".", inner);
    }

    /** An explicit null counts as absent. */
    boolean present(String key) {
        return node.hasNonNull(key);
    }

    /** Whether the key is there, be its value null. */
    boolean declares(String key) {
        return node.has(key);
    }

    boolean isEmpty() {
        return node.isEmpty();
    }

    int integer(String key, int fallback) {
        if (!present(key)) {
            return fallback;
        }
        if (!node.get(key).isIntegralNumber() || !node.get(key).canConvertToInt()) {
            throw wrong(key, "an integer of 32 bits");
        }
        return node.get(key).asInt();
    }

    double decimal(String key, double fallback) {
        if (!present(key)) {
            return fallback;
        }
        if (!node.get(key).isNumber()) {
            throw wrong(key, "a number");
        }
        return node.get(key).asDouble();
    }

    /** A number that has no default. */
    double decimal(String key) {
        if (!present(key)) {
            throw wrong(key, "a number");
        }
        return decimal(key, 0);
    }

    String text(String key, String fallback) {
        if (!present(key)) {
            return fallback;
        }
        if (!node.get(key).isTextual()) {
            throw wrong(key, "a string");
        }
        return node.get(key).asText();
    }

    boolean flag(String key, boolean fallback) {
        if (!present(key)) {
            return fallback;
        }
        if (!node.get(key).isBoolean()) {
            throw wrong(key, "true or false");
        }
        return node.get(key).asBoolean();
    }

    /** A list of strings; other members do not count. */
    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        if (present(key)) {
            node.get(key).forEach(each -> texts.add(each.asText()));
        }
        return texts;
    }

    /** One integer or a list of them, each once. */
    Set<Integer> integers(String key, Set<Integer> fallback) {
        return new TreeSet<>(integers(key, List.copyOf(fallback)));
    }

    /** One integer or a list of them, in order. */
    List<Integer> integers(String key, List<Integer> fallback) {
        if (!present(key)) {
            return fallback;
        }
        JsonNode value = node.get(key);
        List<Integer> integers = new ArrayList<>();
        for (JsonNode each :
                value.isArray() ? value : new ObjectMapper().createArrayNode().add(value)) {
            if (!each.isIntegralNumber() || !each.canConvertToInt()) {
                throw wrong(key, "an integer or a list of integers");
            }
            integers.add(each.asInt());
        }
        return integers;
    }

    /** Pairs of height and width in pixels, at least one. */
    List<Resolution> resolutions(String key, List<Resolution> fallback) {
        if (!present(key)) {
            return fallback;
        }
        List<Resolution> resolutions = new ArrayList<>();
        for (JsonNode pair : node.get(key)) {
            if (!pair.isArray()
                    || pair.size() != 2
                    || !pair.get(0).isInt()
                    || !pair.get(1).isInt()) {
                throw wrong(key, "a list of pairs of height and width");
            }
            resolutions.add(new Resolution(pair.get(0).intValue(), pair.get(1).intValue()));
        }
        if (!node.get(key).isArray() || resolutions.isEmpty()) {
            throw wrong(key, "a list of pairs of height and width");
        }
        return resolutions;
    }

    /** Refuses everything but some values, for features that are not built. */
    void requireText(String key, String fallback, String... supported) {
        String value = text(key, fallback);
        if (!List.of(supported).contains(value)) {
            throw new ModelLoadException(
                    "%s: %s is '%s'; only '%s' is supported"
                            .formatted(
                                    file, prefix + key, value, String.join("' or '", supported)));
        }
    }

    /** A string that must be among some. */
    String oneOf(String key, String fallback, List<String> supported) {
        String value = text(key, fallback);
        if (!supported.contains(value)) {
            throw new ModelLoadException(
                    "%s: %s is '%s'; only '%s' are supported"
                            .formatted(file, prefix + key, value, String.join("', '", supported)));
        }
        return value;
    }

    /** Runs each reader, whatever becomes of those before it. */
    void check(Complaints complaints, Runnable... readers) {
        for (Runnable reader : readers) {
            try {
                reader.run();
            } catch (ModelLoadException complaint) {
                complaints.add(complaint);
            } catch (IllegalArgumentException e) {
                complaints.add(refused(e));
            }
        }
    }

    /** For values that have the right kind and are wrong all the same. */
    ModelLoadException refused(IllegalArgumentException cause) {
        return new ModelLoadException(file + ": " + prefix + cause.getMessage(), cause);
    }

    private ModelLoadException wrong(String key, String kind) {
        return new ModelLoadException(
                "%s: %s is %s and must be %s".formatted(file, prefix + key, node.get(key), kind));
    }
}
