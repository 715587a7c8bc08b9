package io.sightmill.llava;

import io.sightmill.engine.ModelLoadException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a {@code tokenizer.model} says (sentencepiece_model.proto of SentencePiece): a byte-pair
 * vocabulary in LLaMA's manner.
 *
 * @param pieces by id
 * @param unknown name of the piece for what no piece spells
 * @param prefixesText whether text is read as if a space stood before it
 */
record SentencePieceModel(List<Piece> pieces, String unknown, boolean prefixesText) {

    static final String FILE = "tokenizer.model";

    private static final long MOST_BYTES = 64L << 20;
    private static final int MOST_PIECES = 1_000_000;
    private static final int LONGEST_PIECE = 256;

    /** SentencePiece.Type, by number. */
    enum Kind {
        NORMAL,
        UNKNOWN,
        CONTROL,
        USER_DEFINED,
        UNUSED,
        BYTE
    }

    /**
     * @param score the higher, the sooner it is merged
     */
    record Piece(String text, float score, Kind kind) {}

    SentencePieceModel {
        pieces = List.copyOf(pieces);
    }

    /**
     * @throws ModelLoadException naming the file, if it is no such model or one of another manner
     */
    static SentencePieceModel read(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new IllegalArgumentException(
                        "it has %d bytes and may have %d".formatted(Files.size(file), MOST_BYTES));
            }
            return new Reading()
                    .read(new ProtobufReader(ByteBuffer.wrap(Files.readAllBytes(file))));
        } catch (IllegalArgumentException e) {
            throw new ModelLoadException(
                    file + " is not a usable SentencePiece model: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new ModelLoadException(file + " cannot be read: " + e, e);
        }
    }

    /** A file as far as it is read; what it does not say has the default of the format. */
    private static final class Reading {

        private static final int BYTE_PAIR = 2;

        private final List<Piece> pieces = new ArrayList<>();
        private final Set<String> texts = new HashSet<>();
        private long modelType = 1;
        private String unknown = "<unk>";
        private boolean hasByteFallback;
        private boolean prefixesText = true;
        private boolean removesBlanks = true;
        private boolean escapesBlanks = true;
        private boolean replacesCharacters;

        SentencePieceModel read(ProtobufReader file) {
            while (file.hasNext()) {
                switch (file.nextField()) {
                    case 1 -> piece(file.message());
                    case 2 -> trainer(file.message());
                    case 3 -> normalizer(file.message());
                    default -> file.skip();
                }
            }
            require(!pieces.isEmpty(), "it has no pieces");
            require(modelType == BYTE_PAIR, "its model_type is " + modelType + " and not 2, BPE");
            require(hasByteFallback, "it has no byte_fallback");
            require(texts.contains(unknown), "it lacks its unknown piece " + unknown);
            require(escapesBlanks, "its normalizer does not escape blanks");
            require(!removesBlanks, "its normalizer removes blanks");
            require(!replacesCharacters, "its normalizer replaces characters");
            for (int value = 0; value < 256; value++) {
                String piece = "<0x%02X>".formatted(value);
                require(texts.contains(piece), "it lacks the byte " + piece);
            }
            return new SentencePieceModel(pieces, unknown, prefixesText);
        }

        private void piece(ProtobufReader message) {
            String text = "";
            float score = 0;
            long kind = 1;
            while (message.hasNext()) {
                switch (message.nextField()) {
                    case 1 -> text = message.text();
                    case 2 -> score = message.decimal();
                    case 3 -> kind = message.number();
                    default -> message.skip();
                }
            }
            String name = "piece " + pieces.size();
            require(pieces.size() < MOST_PIECES, "it has more pieces than " + MOST_PIECES);
            require(!text.isEmpty() && text.length() <= LONGEST_PIECE, name + " is empty or long");
            require(texts.add(text), name + " is there twice: " + text);
            require(kind >= 1 && kind <= Kind.values().length, name + " is of kind " + kind);
            require(Float.isFinite(score), name + " has score " + score);
            pieces.add(new Piece(text, score, Kind.values()[(int) kind - 1]));
        }

        private void trainer(ProtobufReader message) {
            while (message.hasNext()) {
                switch (message.nextField()) {
                    case 3 -> modelType = message.number();
                    case 35 -> hasByteFallback = message.flag();
                    case 45 -> unknown = message.text();
                    default -> message.skip();
                }
            }
        }

        private void normalizer(ProtobufReader message) {
            while (message.hasNext()) {
                switch (message.nextField()) {
                    case 2 -> replacesCharacters = message.slice().hasRemaining();
                    case 3 -> prefixesText = message.flag();
                    case 4 -> removesBlanks = message.flag();
                    case 5 -> escapesBlanks = message.flag();
                    default -> message.skip();
                }
            }
        }

        private static void require(boolean holds, String fault) {
            if (!holds) {
                throw new IllegalArgumentException(fault);
            }
        }
    }
}
