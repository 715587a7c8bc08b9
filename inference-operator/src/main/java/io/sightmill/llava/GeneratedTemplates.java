package io.sightmill.llava;

/**
 * Jinja chat templates of generated checkpoints: they render what the published checkpoints' own
 * ones render for dialogues with text and images.
 */
final class GeneratedTemplates {

    /** Every image is {@code <image>} and a line feed, before the turn's text. */
    private static final String IMAGES =
            "{%- for part in turn.content if part.type == 'image' -%}"
                    + "{{ '<image>\\n' }}{%- endfor -%}";

    /** The form of LLaVA-1.5: {@link LlavaTemplate}. */
    private static final String VICUNA =
            "{%- for turn in messages -%}"
                    + "{%- if turn.role != 'system' -%}{{ turn.role | upper ~ ': ' }}{%- endif -%}"
                    + IMAGES
                    + "{%- for part in turn.content if part.type == 'text' -%}"
                    + "{{ part.text ~ ' ' }}{%- endfor -%}"
                    + "{%- endfor -%}"
                    + "{%- if add_generation_prompt -%}{{ 'ASSISTANT:' }}{%- endif -%}";

    /** The form of LLaVA-1.6 Mistral: instructions in brackets, answers ended by a token. */
    private static final String MISTRAL =
            "{%- for turn in messages -%}"
                    + "{%- if turn.role == 'system' -%}"
                    + "{{ '<<SYS>>\\n' ~ turn.content[0].text ~ '\\n<</SYS>>\\n\\n' }}"
                    + "{%- elif turn.role == 'user' -%}{{ '[INST] ' }}"
                    + IMAGES
                    + "{%- for part in turn.content if part.type == 'text' -%}"
                    + "{{ part.text }}{%- endfor -%}{{ ' [/INST]' }}"
                    + "{%- else -%}{{ ' ' ~ turn.content[0].text ~ '</s> ' }}{%- endif -%}"
                    + "{%- endfor -%}";

    private GeneratedTemplates() {}

    static String of(TextFamily family) {
        return switch (family) {
            case LLAMA -> VICUNA;
            case MISTRAL -> MISTRAL;
        };
    }
}
