package io.sightmill.llava;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.engine.ModelLoadException;
import io.sightmill.engine.TokenDecoder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;

/**
 * Text to token ids and back, from a checkpoint's tokenizer.json. Thread-safe; to be closed.
 *
 * <p>Text from outside goes through {@link #encodeText} and {@link #encodeContinuation}, which work
 * on a copy of the tokenizer that has never heard of the special tokens: {@code <image>} or {@code
 * </s>} in it stay the characters they are. Special tokens have ids by name only.
 */
public final class Tokenizer implements TokenDecoder, AutoCloseable {

    static final String FILE = "tokenizer.json";

    private static final Map<String, String> OPTIONS =
            Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false");

    private final HuggingFaceTokenizer withSpecials;
    private final HuggingFaceTokenizer text;
    private final HuggingFaceTokenizer continuation;
    private final TokenizerVocabulary vocabulary;
    private final BitSet bytes;
    private final boolean readsPiecesApart;
    // INVARIANT: the native tokenizers are freed under the write lock, used under the read lock.
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean isClosed;

    private Tokenizer(ConfigurationFile file, TokenizerVocabulary vocabulary) {
        this.vocabulary = vocabulary;
        this.bytes = bytesOf(vocabulary);
        ObjectNode textOnly = TokenizerVariants.withoutSpecials(file.root(), vocabulary);
        this.readsPiecesApart = file.path().endsWith(SentencePieceModel.FILE);
        Optional<ObjectNode> midway =
                readsPiecesApart
                        ? SentencePieceTokenizer.withoutPrefix(file.path().getParent(), textOnly)
                        : TokenizerVariants.withoutPrefixOfFirst(textOnly);
        this.withSpecials = open(file.path(), file.root());
        this.text = open(file.path(), textOnly);
        this.continuation = midway.isPresent() ? open(file.path(), midway.get()) : text;
    }

    /**
     * Loads tokenizer.json of a checkpoint directory, or tokenizer.model where that is all there
     * is.
     *
     * @throws ModelLoadException naming the file, if it is missing or not a tokenizer, or if it
     *     knows ids beyond the vocabulary of config.json
     */
    public static Tokenizer load(Path directory) {
        boolean hasModelOnly =
                !Files.exists(directory.resolve(FILE))
                        && Files.exists(directory.resolve(SentencePieceModel.FILE));
        ConfigurationFile file =
                hasModelOnly
                        ? SentencePieceTokenizer.read(directory)
                        : ConfigurationFile.read(directory.resolve(FILE));
        return new Tokenizer(file, TokenizerVocabulary.read(directory, file));
    }

    private static HuggingFaceTokenizer open(Path path, JsonNode json) {
        byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
        try {
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(bytes), OPTIONS);
        } catch (IOException | RuntimeException e) {
            throw new ModelLoadException(path + " is not a usable tokenizer: " + e.getMessage(), e);
        }
    }

    /**
     * A text as tokens.
     *
     * @param ends the place in the text behind each token, in characters as the library counts
     *     them: code points, none for what the tokenizer puts before a text
     */
    record TokenizedText(int[] ids, int[] ends) {

        private static final TokenizedText EMPTY = new TokenizedText(new int[0], new int[0]);

        private static TokenizedText of(Encoding encoding) {
            int[] ids = Arrays.stream(encoding.getIds()).mapToInt(Math::toIntExact).toArray();
            int[] ends = new int[ids.length];
            CharSpan[] spans = encoding.getCharTokenSpans();
            for (int at = 0; at < ends.length; at++) {
                ends[at] = spans[at] == null ? 0 : spans[at].getEnd();
            }
            return new TokenizedText(ids, ends);
        }
    }

    /** Ids of text at the very beginning of a prompt; never a special token's. */
    public int[] encodeText(String plain) {
        return tokenizeText(plain).ids();
    }

    /** The same with the places of the tokens. */
    TokenizedText tokenizeText(String plain) {
        return encode(text, plain);
    }

    /** Ids of text that follows a special token; never a special token's. */
    public int[] encodeContinuation(String plain) {
        return tokenizeContinuation(plain).ids();
    }

    /** The same with the places of the tokens. */
    TokenizedText tokenizeContinuation(String plain) {
        return encode(continuation, plain);
    }

    /**
     * Ids of text that follows an image; never a special token's. The authors' code tokenizes what
     * stands between images piece by piece, each like a whole text; their checkpoints are those
     * with tokenizer.model alone.
     */
    TokenizedText tokenizeAfterImage(String plain) {
        return encode(readsPiecesApart ? text : continuation, plain);
    }

    /**
     * Ids of text in which special tokens are written out and meant. Never for text from outside.
     */
    int[] encodeWithSpecials(String trusted) {
        return encode(withSpecials, trusted).ids();
    }

    /** The file it was read from: tokenizer.json or tokenizer.model. */
    String fileName() {
        return readsPiecesApart ? SentencePieceModel.FILE : FILE;
    }

    /** The id of a token by its exact name, a special token's too. */
    public OptionalInt idOf(String token) {
        return vocabulary.idOf(token);
    }

    /** The name of an id, if a token of the tokenizer has it. */
    Optional<String> nameOf(int id) {
        return vocabulary.nameOf(id);
    }

    /** The special tokens that have an id, by their exact names. */
    Set<String> specialTokens() {
        return vocabulary.specials().stream()
                .filter(token -> idOf(token).isPresent())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The token a prompt begins with (bos_token), where the tokenizer adds one. */
    public OptionalInt beginningId() {
        return vocabulary.beginningId();
    }

    /** How many ids there are: every id is below. */
    public int vocabularySize() {
        return vocabulary.size();
    }

    /** A text of this many UTF-16 units has at least this many tokens. */
    long fewestTokens(long characters) {
        return characters / vocabulary.longestToken();
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if an id is outside the vocabulary
     */
    @Override
    public String decode(int[] tokenIds) {
        for (int id : tokenIds) {
            vocabulary.require(id);
        }
        long[] ids = Arrays.stream(tokenIds).asLongStream().toArray();
        lock.readLock().lock();
        try {
            requireOpen();
            return ids.length == 0 ? "" : withSpecials.decode(ids, true);
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public boolean isByte(int tokenId) {
        return bytes.get(tokenId);
    }

    /** The tokens that stand for one byte each where no other token does (byte fallback). */
    private static BitSet bytesOf(TokenizerVocabulary vocabulary) {
        BitSet bytes = new BitSet();
        for (int value = 0; value < 256; value++) {
            vocabulary.idOf("<0x%02X>".formatted(value)).ifPresent(bytes::set);
        }
        return bytes;
    }

    private TokenizedText encode(HuggingFaceTokenizer tokenizer, String plain) {
        if (plain.isEmpty()) {
            return TokenizedText.EMPTY;
        }
        lock.readLock().lock();
        try {
            requireOpen();
            return TokenizedText.of(tokenizer.encode(wellFormed(plain), false, false));
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Half a surrogate pair has no bytes; as U+FFFD it has. */
    private static String wellFormed(String plain) {
        return new String(plain.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.UTF_16BE);
    }

    private void requireOpen() {
        if (isClosed) {
            throw new IllegalStateException("the tokenizer is closed");
        }
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            isClosed = true;
            withSpecials.close();
            text.close();
            continuation.close();
        } finally {
            lock.writeLock().unlock();
        }
    }
}
