package io.sightmill.llava;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A tokenizer.json in LLaMA's manner: byte-pair merges over characters, single bytes for what no
 * token spells, a space mark before the text.
 *
 * @param tokens by id; the added special tokens come last
 * @param merges in order of precedence
 * @param added special tokens beside those of every LLaMA tokenizer
 */
record TokenizerFile(List<String> tokens, List<BytePairTrainer.Pair> merges, List<String> added) {

    static final String UNKNOWN = "<unk>";
    static final String BEGINNING = "<s>";
    static final String END = "</s>";
    static final String IMAGE = "<image>";
    static final String PADDING = "<pad>";

    /** What Hugging Face's layout adds. */
    static final List<String> IMAGE_AND_PADDING = List.of(IMAGE, PADDING);

    /** What LLaVA v1 adds: marks around an image. */
    static final List<String> IMAGE_MARKS = List.of("<im_patch>", "<im_start>", "<im_end>");

    private static final List<String> FIRST = List.of(UNKNOWN, BEGINNING, END);
    private static final int BYTES = 256;
    private static final char FIRST_PRINTABLE = '!';
    private static final char LAST_PRINTABLE = '~';

    /**
     * Special tokens, bytes, the space mark, the printable characters and what may be added: what
     * no tokenizer can lack.
     */
    static final int FEWEST_TOKENS =
            FIRST.size() + BYTES + 1 + (LAST_PRINTABLE - FIRST_PRINTABLE + 1) + 3;

    TokenizerFile {
        tokens = List.copyOf(tokens);
        merges = List.copyOf(merges);
        added = List.copyOf(added);
    }

    /**
     * Learns a tokenizer from lines of text.
     *
     * @param vocabulary how many tokens it has; what the text does not give is filled up
     * @param added special tokens, the last of the vocabulary
     */
    static TokenizerFile train(List<String> lines, int vocabulary, List<String> added) {
        List<String> tokens = new ArrayList<>(FIRST);
        for (int value = 0; value < BYTES; value++) {
            tokens.add("<0x%02X>".formatted(value));
        }
        tokens.add(BytePairTrainer.SPACE_MARK);
        for (char printable = FIRST_PRINTABLE; printable <= LAST_PRINTABLE; printable++) {
            tokens.add(Character.toString(printable));
        }
        int words = vocabulary - added.size();
        BytePairTrainer.Merges learned = BytePairTrainer.train(lines, words - tokens.size());
        tokens.addAll(learned.tokens());
        FillerWords.fill(tokens, words);
        tokens.addAll(added);
        return new TokenizerFile(tokens, learned.merges(), added);
    }

    /** The token that fills batches up; without one of its own, the unknown one. */
    String padding() {
        return added.contains(PADDING) ? PADDING : UNKNOWN;
    }

    int idOf(String token) {
        return tokens.indexOf(token);
    }

    /** Whether a token is text that a reader can read: no special token and no single byte. */
    boolean isReadable(int id) {
        return id >= FIRST.size() + BYTES && id < words();
    }

    private int words() {
        return tokens.size() - added.size();
    }

    /** All special tokens, in order of their ids. */
    List<String> specials() {
        return Stream.concat(FIRST.stream(), added.stream()).toList();
    }

    ObjectNode toJson() {
        ObjectNode root = JsonNodeFactory.instance.objectNode().put("version", "1.0");
        root.putNull("truncation").putNull("padding");
        ArrayNode list = root.putArray("added_tokens");
        for (String special : specials()) {
            list.add(TokenizerConfig.addedToken(special).put("id", idOf(special)));
        }
        ArrayNode normalizers =
                root.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
        normalizers.addObject().put("type", "Prepend").put("prepend", BytePairTrainer.SPACE_MARK);
        replace(normalizers.addObject(), " ", BytePairTrainer.SPACE_MARK);
        root.putNull("pre_tokenizer");
        putPostProcessor(root.putObject("post_processor"));
        putDecoder(root.putObject("decoder"));
        putModel(root.putObject("model"));
        return root;
    }

    private void putPostProcessor(ObjectNode processor) {
        processor.put("type", "TemplateProcessing");
        ArrayNode single = processor.putArray("single");
        single.addObject().putObject("SpecialToken").put("id", BEGINNING).put("type_id", 0);
        single.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
        ArrayNode pair = single.deepCopy();
        pair.addObject().putObject("SpecialToken").put("id", BEGINNING).put("type_id", 1);
        pair.addObject().putObject("Sequence").put("id", "B").put("type_id", 1);
        processor.set("pair", pair);
        ObjectNode beginning = processor.putObject("special_tokens").putObject(BEGINNING);
        beginning.put("id", BEGINNING);
        beginning.putArray("ids").add(idOf(BEGINNING));
        beginning.putArray("tokens").add(BEGINNING);
    }

    private static void putDecoder(ObjectNode decoder) {
        ArrayNode decoders = decoder.put("type", "Sequence").putArray("decoders");
        replace(decoders.addObject(), BytePairTrainer.SPACE_MARK, " ");
        decoders.addObject().put("type", "ByteFallback");
        decoders.addObject().put("type", "Fuse");
        decoders.addObject()
                .put("type", "Strip")
                .put("content", " ")
                .put("start", 1)
                .put("stop", 0);
    }

    private static void replace(ObjectNode step, String pattern, String content) {
        step.put("type", "Replace").putObject("pattern").put("String", pattern);
        step.put("content", content);
    }

    private void putModel(ObjectNode model) {
        model.put("type", "BPE").putNull("dropout").put("unk_token", UNKNOWN);
        model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
        model.put("fuse_unk", true).put("byte_fallback", true).put("ignore_merges", false);
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < words(); id++) {
            vocabulary.put(tokens.get(id), id);
        }
        ArrayNode list = model.putArray("merges");
        merges.forEach(pair -> list.add(pair.left() + " " + pair.right()));
    }
}
