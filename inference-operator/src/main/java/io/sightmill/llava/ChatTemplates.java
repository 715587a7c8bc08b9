package io.sightmill.llava;

import io.sightmill.engine.ModelLoadException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Chooses a checkpoint's chat template: the one asked for by name, else the checkpoint's own, else
 * the one that the original's rule gives for the model's name, else the form of LLaVA-1.5.
 *
 * <p>Of the checkpoint's own, only that form is read so far. Another one is refused: a prompt in
 * the wrong form gives bad answers and no error.
 */
final class ChatTemplates {

    /** Name of the form that the published Hugging Face checkpoints of LLaVA-1.5 carry. */
    static final String LLAVA_HUGGING_FACE = "llava_hf";

    /** What prompts of that form end with, and no other form has. */
    private static final String LLAVA_MARK = "ASSISTANT:";

    private ChatTemplates() {}

    /**
     * @param name as {@link #names} lists them; empty to leave it to the checkpoint
     * @throws IllegalArgumentException if no template has the name
     * @throws ModelLoadException if the checkpoint's own template is broken
     */
    static ChatTemplate choose(Path directory, Optional<String> name, Tokenizer tokenizer) {
        if (name.isPresent()) {
            return named(name.get(), tokenizer);
        }
        Optional<String> own = ChatTemplateText.find(directory);
        if (own.isPresent()) {
            return own(directory, own.get());
        }
        Path model = directory.toAbsolutePath().normalize().getFileName();
        ConversationTemplate byName = ConversationTemplate.forModel(String.valueOf(model));
        // The rule's last resort is the first LLaVA's, which exists in the authors' layout only.
        return byName == ConversationTemplate.LLAVA_V0 && VisionTower.of(directory).isEmpty()
                ? ChatTemplate.llava()
                : new OriginalTemplate(byName, tokenizer.specialTokens());
    }

    private static ChatTemplate own(Path directory, String text) {
        if (!text.contains(LLAVA_MARK)) {
            throw new ModelLoadException(
                    "the chat template of %s is not of the LLaVA-1.5 form, and no other is read yet; name the one it was tuned on: %s"
                            .formatted(directory, String.join(", ", names())));
        }
        return ChatTemplate.llava();
    }

    /** What a template can be asked for by. */
    static List<String> names() {
        List<String> names = new ArrayList<>(ConversationTemplate.names());
        names.add(LLAVA_HUGGING_FACE);
        return names;
    }

    /**
     * @throws IllegalArgumentException naming the template that is not known
     */
    static void requireKnown(String name) {
        if (!names().contains(name)) {
            throw new IllegalArgumentException(
                    "template is %s and must be one of %s"
                            .formatted(name, String.join(", ", names())));
        }
    }

    private static ChatTemplate named(String name, Tokenizer tokenizer) {
        requireKnown(name);
        return ConversationTemplate.named(name)
                .<ChatTemplate>map(
                        template -> new OriginalTemplate(template, tokenizer.specialTokens()))
                .orElseGet(ChatTemplate::llava);
    }
}
