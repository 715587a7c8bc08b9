package io.sightmill.llava;

import io.sightmill.engine.ModelLoadException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Chooses a checkpoint's chat template: the one asked for by name, else the checkpoint's own, else
 * the one that the original's rule gives for the model's name, else the form of LLaVA-1.5.
 */
final class ChatTemplates {

    /** Name of the form that the published Hugging Face checkpoints of LLaVA-1.5 carry. */
    static final String LLAVA_HUGGING_FACE = "llava_hf";

    /** What a template writes where an image goes if the tokenizer has no name for it. */
    private static final String IMAGE = "<image>";

    private ChatTemplates() {}

    /**
     * @param imageTokenId what stands at an image's positions; its name is what a checkpoint's own
     *     template writes where an image goes
     * @param name as {@link #names} lists them; empty to leave it to the checkpoint
     * @throws IllegalArgumentException if no template has the name
     * @throws ModelLoadException if the checkpoint's own template is broken
     */
    static ChatTemplate choose(
            Path directory, Optional<String> name, Tokenizer tokenizer, int imageTokenId) {
        if (name.isPresent()) {
            return named(name.get(), tokenizer);
        }
        Optional<String> own = ChatTemplateText.find(directory);
        if (own.isPresent()) {
            ChatTemplate template =
                    JinjaTemplate.open(
                            directory.toString(),
                            own.get(),
                            SpecialTokenNames.read(directory),
                            tokenizer.specialTokens(),
                            tokenizer.nameOf(imageTokenId).orElse(IMAGE));
            return JinjaTemplate.isTimeless(own.get()) ? new RememberedPrompts(template) : template;
        }
        Path model = directory.toAbsolutePath().normalize().getFileName();
        ConversationTemplate byName = ConversationTemplate.forModel(String.valueOf(model));
        // The rule's last resort is the first LLaVA's, which exists in the authors' layout only.
        return byName == ConversationTemplate.LLAVA_V0 && VisionTower.of(directory).isEmpty()
                ? ChatTemplate.llava()
                : new OriginalTemplate(byName, tokenizer.specialTokens());
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
