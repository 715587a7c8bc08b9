package io.sightmill.llava;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.engine.ModelLoadException;
import io.sightmill.llava.SentencePieceModel.Kind;
import io.sightmill.llava.SentencePieceModel.Piece;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The tokenizer.json that says what a {@code tokenizer.model} and the files beside it say, for
 * checkpoints in the authors' layout, which have no other.
 *
 * <p>A piece's merges are all ways to cut it into two pieces; the better piece's come first.
 */
final class SentencePieceTokenizer {

    private static final String MARK = "\u2581";
    private static final int MOST_MERGES = 8_000_000;

    private final Path directory;
    private final SentencePieceModel model;
    private final Map<String, Integer> ids = new HashMap<>();
    private final Map<Integer, String> names = new HashMap<>();
    private final Map<Integer, ObjectNode> added = new TreeMap<>();

    private SentencePieceTokenizer(Path directory, SentencePieceModel model) {
        this.directory = directory;
        this.model = model;
        for (Piece piece : model.pieces()) {
            names.put(ids.size(), piece.text());
            ids.put(piece.text(), ids.size());
        }
    }

    /**
     * @throws ModelLoadException naming the file that is broken
     */
    static ConfigurationFile read(Path directory) {
        Path file = directory.resolve(SentencePieceModel.FILE);
        return new ConfigurationFile(
                file,
                new SentencePieceTokenizer(directory, SentencePieceModel.read(file)).toJson());
    }

    /**
     * The tokenizer for text that follows a special token, if that differs: from {@code "legacy":
     * false} on, the reference puts no space before it.
     */
    static Optional<ObjectNode> withoutPrefix(Path directory, ObjectNode tokenizer) {
        boolean isLegacy =
                ConfigurationFile.readIfPresent(directory.resolve("tokenizer_config.json"))
                        .map(config -> config.flag("legacy", true))
                        .orElse(true);
        if (isLegacy) {
            return Optional.empty();
        }
        ObjectNode copy = tokenizer.deepCopy();
        ArrayNode normalizers = (ArrayNode) copy.path("normalizer").path("normalizers");
        normalizers.removeIf(each -> each.path("type").asText().equals("Prepend"));
        return Optional.of(copy);
    }

    private ObjectNode toJson() {
        readAdded();
        ObjectNode root = JsonNodeFactory.instance.objectNode().put("version", "1.0");
        root.putNull("truncation").putNull("padding");
        ArrayNode tokens = root.putArray("added_tokens");
        added.values().forEach(tokens::add);
        ArrayNode normalizers =
                root.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
        if (model.prefixesText()) {
            normalizers.addObject().put("type", "Prepend").put("prepend", MARK);
        }
        replace(normalizers.addObject(), " ", MARK);
        root.putNull("pre_tokenizer").putNull("post_processor");
        putDecoder(root.putObject("decoder"));
        putModel(root.putObject("model"));
        return root;
    }

    private void putDecoder(ObjectNode decoder) {
        ArrayNode decoders = decoder.put("type", "Sequence").putArray("decoders");
        replace(decoders.addObject(), MARK, " ");
        decoders.addObject().put("type", "ByteFallback");
        decoders.addObject().put("type", "Fuse");
        if (model.prefixesText()) {
            ObjectNode strip = decoders.addObject().put("type", "Strip").put("content", " ");
            strip.put("start", 1).put("stop", 0);
        }
    }

    private static void replace(ObjectNode step, String pattern, String content) {
        step.put("type", "Replace").putObject("pattern").put("String", pattern);
        step.put("content", content);
    }

    private void putModel(ObjectNode json) {
        json.put("type", "BPE").putNull("dropout").put("unk_token", model.unknown());
        json.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
        json.put("fuse_unk", true).put("byte_fallback", true).put("ignore_merges", false);
        ObjectNode vocabulary = json.putObject("vocab");
        ids.forEach(vocabulary::put);
        ArrayNode list = json.putArray("merges");
        for (Merge merge : merges()) {
            list.addArray().add(merge.left()).add(merge.right());
        }
    }

    /**
     * @param leftId orders the cuts of one piece
     */
    private record Merge(String left, String right, float score, int leftId, int rightId) {

        private static final Comparator<Merge> ORDER =
                Comparator.comparingDouble(Merge::score)
                        .thenComparingInt(merge -> characters(merge.left))
                        .thenComparingInt(merge -> characters(merge.right))
                        .reversed();

        private static int characters(String text) {
            return text.codePointCount(0, text.length());
        }
    }

    private List<Merge> merges() {
        Map<String, Integer> normal = new HashMap<>();
        for (Piece piece : model.pieces()) {
            if (piece.kind() == Kind.NORMAL) {
                normal.put(piece.text(), ids.get(piece.text()));
            }
        }
        List<Merge> merges = new ArrayList<>();
        for (Piece piece : model.pieces()) {
            if (piece.kind() == Kind.NORMAL) {
                merges.addAll(cuts(piece, normal));
                if (merges.size() > MOST_MERGES) {
                    throw new ModelLoadException(
                            "%s has more than %d merges"
                                    .formatted(
                                            directory.resolve(SentencePieceModel.FILE),
                                            MOST_MERGES));
                }
            }
        }
        merges.sort(Merge.ORDER);
        return merges;
    }

    private static List<Merge> cuts(Piece piece, Map<String, Integer> normal) {
        String text = piece.text();
        List<Merge> cuts = new ArrayList<>();
        for (int at = text.offsetByCodePoints(0, 1);
                at < text.length();
                at = text.offsetByCodePoints(at, 1)) {
            Integer left = normal.get(text.substring(0, at));
            Integer right = normal.get(text.substring(at));
            if (left != null && right != null) {
                cuts.add(
                        new Merge(
                                text.substring(0, at),
                                text.substring(at),
                                piece.score(),
                                left,
                                right));
            }
        }
        cuts.sort(Comparator.comparingInt(Merge::leftId).thenComparingInt(Merge::rightId));
        return cuts;
    }

    private void readAdded() {
        for (Piece piece : model.pieces()) {
            if (piece.kind() != Kind.NORMAL
                    && piece.kind() != Kind.BYTE
                    && piece.kind() != Kind.UNUSED) {
                add(piece.text(), ids.get(piece.text()), piece.kind() != Kind.USER_DEFINED);
            }
        }
        ConfigurationFile.readIfPresent(directory.resolve("added_tokens.json"))
                .ifPresent(
                        file ->
                                file.root()
                                        .properties()
                                        .forEach(
                                                entry ->
                                                        add(
                                                                entry.getKey(),
                                                                id(file, entry.getValue()),
                                                                true)));
        ConfigurationFile.readIfPresent(directory.resolve("tokenizer_config.json"))
                .ifPresent(this::readDecoder);
        Collection<String> named = SpecialTokenNames.read(directory).byKey().values();
        for (String name : named) {
            if (ids.containsKey(name)) {
                add(name, ids.get(name), true);
            }
        }
    }

    private void readDecoder(ConfigurationFile config) {
        for (Map.Entry<String, JsonNode> entry :
                config.root().path("added_tokens_decoder").properties()) {
            JsonNode id = JsonNodeFactory.instance.numberNode(number(entry.getKey()));
            add(
                    entry.getValue().path("content").asText(),
                    id(config, id),
                    entry.getValue().path("special").asBoolean());
        }
    }

    private static int number(String digits) {
        return digits.matches("\\d{1,9}") ? Integer.parseInt(digits) : -1;
    }

    private static int id(ConfigurationFile file, JsonNode value) {
        if (!value.canConvertToInt() || value.intValue() < 0) {
            throw file.wrong("the id of an added token", value, "a number from 0");
        }
        return value.intValue();
    }

    /** A token outside the model gets its place in the vocabulary, so that its id is its own. */
    private void add(String name, int id, boolean isSpecial) {
        Integer known = ids.putIfAbsent(name, id);
        String other = names.putIfAbsent(id, name);
        if (name.isEmpty()
                || known != null && known != id
                || other != null && !other.equals(name)) {
            throw new ModelLoadException(
                    "%s: the added token '%s' cannot have id %d, for %s"
                            .formatted(
                                    directory,
                                    name,
                                    id,
                                    known == null || known == id
                                            ? "'" + other + "' has it"
                                            : "it has id " + known));
        }
        added.put(id, TokenizerConfig.addedToken(name).put("special", isSpecial).put("id", id));
    }
}
