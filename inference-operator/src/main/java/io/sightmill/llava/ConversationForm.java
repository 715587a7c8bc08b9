package io.sightmill.llava;

/**
 * What stands around the turns of a conversation template; what the original calls a separator
 * style, spelled out.
 *
 * @param opening what the prompt begins with
 * @param systemHead before the system text; left out with it
 * @param systemTail behind the system text; left out with it
 * @param firstUserHead before the first user turn
 * @param userHead before each later user turn
 * @param userTail behind each user turn
 * @param assistantHead before each answer
 * @param assistantTail behind each answer; null where the form has no place for answers
 * @param awaited what the answer to come follows
 */
record ConversationForm(
        String opening,
        String systemHead,
        String systemTail,
        String firstUserHead,
        String userHead,
        String userTail,
        String assistantHead,
        String assistantTail,
        String awaited) {

    /** Style SINGLE: one separator behind everything. */
    static final ConversationForm SINGLE =
            new ConversationForm(
                    "", "", "###", "Human: ", "Human: ", "###", "Assistant: ", "###", "Assistant:");

    /** Style TWO: a space behind questions, the end token behind answers. */
    static final ConversationForm TWO =
            new ConversationForm(
                    "", "", " ", "USER: ", "USER: ", " ", "ASSISTANT: ", "</s>", "ASSISTANT:");

    /** Style MPT, also known as ChatML. */
    static final ConversationForm MPT =
            new ConversationForm(
                    "",
                    "<|im_start|>system\n",
                    "<|im_end|>",
                    "<|im_start|>user\n",
                    "<|im_start|>user\n",
                    "<|im_end|>",
                    "<|im_start|>assistant\n",
                    "<|im_end|>",
                    "<|im_start|>assistant\n");

    /** Style LLAMA_2. The first beginning token is stripped: the tokenizer adds it. */
    static final ConversationForm LLAMA_2 = instruct("<s>");

    /** Style LLAMA_2 with an empty separator: no beginning token before later questions. */
    static final ConversationForm MISTRAL = instruct("");

    /** Style PLAIN: a caption to come behind an image. */
    static final ConversationForm PLAIN =
            new ConversationForm("", "", "", "", "", "\n", "", null, "");

    private static ConversationForm instruct(String beginning) {
        return new ConversationForm(
                "[INST] ",
                "<<SYS>>\n",
                "\n<</SYS>>\n\n",
                "",
                beginning + "[INST] ",
                " [/INST]",
                " ",
                " </s>",
                "");
    }
}
