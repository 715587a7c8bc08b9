package io.sightmill.llava;

import io.sightmill.engine.DialogueTurn;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;

/**
 * Random words that stand for what the turns of a dialogue say while a template is rendered. Nobody
 * can guess them, so no text can pass for one. White space at the ends of a text is left as it is.
 * For one rendering, on one thread.
 */
final class StandIns {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int RANDOM_BYTES = 16;
    private static final int DIGITS = 8;

    private final String mark;
    private final List<String> texts = new ArrayList<>();
    private final List<DialogueTurn> turns = new ArrayList<>();

    StandIns(List<DialogueTurn> dialogue) {
        byte[] random = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(random);
        mark = "t" + HexFormat.of().formatHex(random);
        dialogue.forEach(this::add);
    }

    private void add(DialogueTurn turn) {
        String text = turn.text();
        String body = PythonText.strip(text);
        int from = text.indexOf(body);
        String word = body.isEmpty() ? "" : word(texts.size());
        texts.add(body);
        turns.add(
                new DialogueTurn(
                        turn.role(),
                        text.substring(0, from) + word + text.substring(from + body.length())));
    }

    private String word(int index) {
        return mark + ("%0" + DIGITS + "d").formatted(index);
    }

    /** The dialogue with words in place of its texts. */
    List<DialogueTurn> turns() {
        return turns;
    }

    /**
     * Hands over a rendering piece by piece.
     *
     * @param own takes what the template wrote
     * @param said takes what a turn says, and which turn
     * @throws PromptRefusedException if the text of a turn is missing or there twice
     */
    void split(String rendered, Consumer<String> own, ObjIntConsumer<String> said) {
        boolean[] seen = new boolean[texts.size()];
        int from = 0;
        for (int at = rendered.indexOf(mark); at >= 0; at = rendered.indexOf(mark, from)) {
            own.accept(rendered.substring(from, at));
            from = at + mark.length() + DIGITS;
            int index = index(rendered, at + mark.length());
            if (index < 0 || index >= seen.length || seen[index]) {
                throw new PromptRefusedException(
                        "the chat template writes the text of a turn twice, or cuts it");
            }
            seen[index] = true;
            said.accept(texts.get(index), index);
        }
        own.accept(rendered.substring(from));
        for (int index = 0; index < seen.length; index++) {
            if (!seen[index] && !texts.get(index).isEmpty()) {
                throw new PromptRefusedException(
                        "the chat template leaves out what turn %d (%s) says"
                                .formatted(index + 1, turns.get(index).role()));
            }
        }
    }

    private static int index(String rendered, int at) {
        String digits = rendered.substring(at, Math.min(rendered.length(), at + DIGITS));
        return digits.matches("\\d{" + DIGITS + "}") ? Integer.parseInt(digits) : -1;
    }
}
