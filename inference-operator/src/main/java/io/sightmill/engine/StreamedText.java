package io.sightmill.engine;

import java.util.List;
import java.util.Objects;

/**
 * The text of an answer while its tokens come, in pieces that are never taken back: put together
 * they are the beginning of the answer's final text.
 *
 * <p>What a token gives depends on the tokens up to it and the stop strings alone, so an answer
 * that is generated again is cut into the same pieces. Held back are unfinished characters, bytes
 * that later bytes may spoil, and what may begin a stop string. One thread.
 */
public final class StreamedText {

    private final List<String> stop;
    private final IncrementalDecoder incremental;

    /** Settled text that may yet turn out to be the beginning of a stop string. */
    private String held = "";

    private int given;
    private boolean stopped;

    /**
     * @param stop the answer ends before the first of these
     */
    public StreamedText(TokenDecoder decoder, List<String> stop) {
        this.stop = List.copyOf(stop);
        this.incremental = new IncrementalDecoder(Objects.requireNonNull(decoder, "decoder"));
    }

    /** Takes a token; gives the text that is certain now and was not before, often none. */
    public String append(int token) {
        String text = incremental.append(token);
        if (!incremental.isSettled()) {
            return "";
        }
        held += text;
        return stopped ? "" : give(certainLength());
    }

    /**
     * Ends the text.
     *
     * @param whole the answer's final text
     * @return what of it was not given yet
     */
    public String end(String whole) {
        String rest = whole.substring(Math.min(given, whole.length()));
        given = whole.length();
        held = "";
        return rest;
    }

    private String give(int length) {
        String piece = held.substring(0, length);
        held = held.substring(length);
        given += length;
        return piece;
    }

    /** How much of what is held can no more be part of a stop string. */
    private int certainLength() {
        for (int from = 0; from < held.length(); from++) {
            for (String string : stop) {
                if (held.startsWith(string, from)) {
                    stopped = true;
                    return from;
                }
                if (string.startsWith(held.substring(from))) {
                    return from;
                }
            }
        }
        return held.length();
    }
}
