package io.sightmill.llava;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.engine.ModelLoadException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The CLIP checkpoint that a config.json of the authors' layout names ({@code mm_vision_tower}), or
 * that the operator gives.
 *
 * <p>INVARIANT: of that name only the last part counts, and only as a directory inside the
 * checkpoint's or beside it: a configuration from outside must not point anywhere else. A directory
 * that the operator gives may be anywhere.
 */
final class VisionTower {

    static final String KEY = "mm_vision_tower";

    private static final String CONFIG = "config.json";
    private static final String PREPROCESSOR = "preprocessor_config.json";
    // The published ones differ from CLIP's ViT-L/14 in the number of pixels alone.
    private static final Map<String, Integer> KNOWN_SIZES =
            Map.of("clip-vit-large-patch14", 224, "clip-vit-large-patch14-336", 336);

    private final String name;
    private final List<Path> places;
    private final Optional<Path> directory;

    private VisionTower(Path checkpoint, Optional<Path> given, String name) {
        this.name = name;
        Path absolute = checkpoint.toAbsolutePath().normalize();
        this.places =
                given.map(List::of)
                        .orElse(List.of(absolute.resolve(name), absolute.resolveSibling(name)));
        this.directory = places.stream().filter(Files::isDirectory).findFirst();
    }

    /** The tower that a checkpoint names; empty if it is not in the authors' layout. */
    static Optional<VisionTower> of(Path checkpoint) {
        return of(checkpoint, Optional.empty());
    }

    /**
     * The tower of a checkpoint; empty if it is not in the authors' layout.
     *
     * @param given the tower's directory if it is not to be looked for
     * @throws ModelLoadException if one is given to a checkpoint that has its own
     */
    static Optional<VisionTower> of(Path checkpoint, Optional<Path> given) {
        return ConfigurationFile.readIfPresent(checkpoint.resolve(CONFIG))
                .flatMap(config -> of(checkpoint, given, config));
    }

    /** The same with config.json read before. */
    static Optional<VisionTower> of(
            Path checkpoint, Optional<Path> given, ConfigurationFile config) {
        Optional<VisionTower> tower =
                config.find("text_config").isPresent()
                        ? Optional.empty()
                        : config.text(KEY)
                                .map(
                                        named ->
                                                new VisionTower(
                                                        checkpoint,
                                                        given,
                                                        lastPart(config, named)));
        if (tower.isEmpty() && given.isPresent()) {
            throw new ModelLoadException(
                    "%s names no %s: the checkpoint has a vision tower of its own; leave --vision-tower (key vision-tower of a job) out"
                            .formatted(config.path(), KEY));
        }
        return tower;
    }

    private static String lastPart(ConfigurationFile config, String named) {
        String[] parts = named.split("[/\\\\]");
        String last = parts.length == 0 ? "" : parts[parts.length - 1];
        if (last.isBlank() || last.equals(".") || last.equals("..") || last.indexOf('\0') >= 0) {
            throw config.wrong(KEY, "'" + named + "'", "the name of a CLIP checkpoint");
        }
        return last;
    }

    /** Where it is, if it is there. */
    Optional<Path> found() {
        return directory;
    }

    /** What {@code vision_config} is in Hugging Face's layout. */
    ConfigSection configuration() {
        ConfigurationFile file =
                directory
                        .map(found -> ConfigurationFile.read(found.resolve(CONFIG)))
                        .orElseGet(() -> known(CONFIG));
        ConfigSection root = ConfigSection.of(file);
        if (root.oneOf("model_type", "(absent)", List.of("clip", "clip_vision_model"))
                .equals("clip_vision_model")) {
            return root;
        }
        ConfigSection vision = root.section("vision_config");
        if (vision.isEmpty()) {
            throw file.wrong("vision_config", "absent", "given where model_type is 'clip'");
        }
        return vision;
    }

    /** How images become the tower's input. */
    ConfigurationFile preprocessor() {
        return directory
                .map(found -> ConfigurationFile.read(found.resolve(PREPROCESSOR)))
                .orElseGet(() -> known(PREPROCESSOR));
    }

    /**
     * Where the tower's own weights are.
     *
     * @throws ModelLoadException if there is no directory of its name
     */
    Path directory() {
        return directory.orElseThrow(this::missing);
    }

    /** What the files of a published tower say, so that its weights alone are enough. */
    private ConfigurationFile known(String file) {
        Integer size = KNOWN_SIZES.get(name);
        if (size == null || places.size() == 1) {
            throw missing();
        }
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        if (file.equals(PREPROCESSOR)) {
            root.put("size", size).put("crop_size", size);
        } else {
            root.put("model_type", "clip_vision_model").put("hidden_size", 1024);
            root.put("intermediate_size", 4096).put("num_hidden_layers", 24);
            root.put("num_attention_heads", 16).put("patch_size", 14).put("image_size", size);
        }
        return new ConfigurationFile(places.get(1).resolve(file), root);
    }

    private ModelLoadException missing() {
        return new ModelLoadException(
                places.size() == 1
                        ? "the vision tower %s is no directory; name that of the CLIP checkpoint '%s'"
                                .formatted(places.get(0), name)
                        : "the vision tower '%s' (%s of config.json) is neither at %s nor at %s; download that CLIP checkpoint as safetensors and put its directory in one of the two places, or name it with --vision-tower (key vision-tower of a job)"
                                .formatted(name, KEY, places.get(0), places.get(1)));
    }
}
