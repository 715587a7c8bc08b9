package io.sightmill.tuning.instruct.chat;

import io.sightmill.tuning.captions.CaptionedImage;
import io.sightmill.tuning.instruct.SampleKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a chat model is told for one kind of data: what to do, an example or two, and the picture as
 * captions, with boxes where the kind needs them (arXiv 2304.08485, section 3). Never pixels.
 */
final class TeacherPrompt {

    /** Begins a turn in the resource files; its role stands behind it. */
    private static final String TURN = "=== ";

    private static final Map<SampleKind, List<ChatMessage>> BEGINNINGS = beginnings();

    private TeacherPrompt() {}

    private static Map<SampleKind, List<ChatMessage>> beginnings() {
        Map<SampleKind, List<ChatMessage>> beginnings = new EnumMap<>(SampleKind.class);
        for (SampleKind kind : SampleKind.values()) {
            beginnings.put(kind, read(kind.key() + ".txt"));
        }
        return beginnings;
    }

    private static List<ChatMessage> read(String resource) {
        List<ChatMessage> messages = new ArrayList<>();
        try (InputStream input = TeacherPrompt.class.getResourceAsStream(resource)) {
            String text = "\n" + new String(input.readAllBytes(), StandardCharsets.UTF_8);
            for (String turn : text.split("\n" + TURN)) {
                if (!turn.isBlank()) {
                    int end = turn.indexOf('\n');
                    messages.add(
                            new ChatMessage(turn.substring(0, end), turn.substring(end).strip()));
                }
            }
            return messages;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * @param mostExchanges most questions of a conversation
     */
    static List<ChatMessage> of(CaptionedImage image, SampleKind kind, int mostExchanges) {
        List<ChatMessage> messages = new ArrayList<>();
        for (ChatMessage message : BEGINNINGS.get(kind)) {
            messages.add(
                    new ChatMessage(
                            message.role(),
                            message.content().replace("{most}", String.valueOf(mostExchanges))));
        }
        String told =
                kind == SampleKind.CONVERSATION ? image.captionText() : image.captionAndBoxText();
        messages.add(new ChatMessage("user", told.strip()));
        return messages;
    }
}
