package io.sightmill.local.command;

import io.sightmill.tuning.instruct.chat.ChatEndpoint;
import io.sightmill.tuning.instruct.chat.ChatOptions;
import io.sightmill.tuning.instruct.chat.ChatTeacher;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** A chat model as teacher: where address and key come from the environment, the rest from here. */
final class ChatTeacherGroup {

    @Option(
            names = "--teacher-model",
            required = true,
            paramLabel = "NAME",
            description =
                    "Ask this chat model, not the built-in teacher, at an address that speaks as"
                            + " OpenAI's does: the environment has it in "
                            + ChatEndpoint.ADDRESS
                            + ", up to /v1, and in "
                            + ChatEndpoint.KEY
                            + " the key where the server wants one.")
    private String model;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            description = "Requests at once; default ${DEFAULT-VALUE}.",
            defaultValue = "8")
    private int concurrency;

    @Option(
            names = "--requests-per-minute",
            paramLabel = "N",
            description =
                    "Most requests a minute, evenly spread; default as many as there can be."
                            + " Retry-After is heeded all the same.",
            defaultValue = "0")
    private double requestsPerMinute;

    @Option(
            names = "--attempts",
            paramLabel = "N",
            description =
                    "How often a sample is asked for at most, where the server fails or the reply is"
                            + " malformed; default ${DEFAULT-VALUE}.",
            defaultValue = "5")
    private int attempts;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            description = "Of one request; default ${DEFAULT-VALUE}.",
            defaultValue = "PT2M")
    private Duration timeout;

    @Option(
            names = "--longest-wait",
            paramLabel = "DURATION",
            description =
                    "How long a sample waits at most because the server asks to; the run ends where"
                            + " it would be longer; default ${DEFAULT-VALUE}.",
            defaultValue = "PT10M")
    private Duration longestWait;

    @Option(
            names = "--temperature",
            paramLabel = "X",
            description = "Of the chat model; default ${DEFAULT-VALUE}.",
            defaultValue = "0.7")
    private double temperature;

    @Option(
            names = "--max-reply-tokens",
            paramLabel = "N",
            description = "Most tokens of a reply; 0 does not say; default ${DEFAULT-VALUE}.",
            defaultValue = "1024")
    private int maxReplyTokens;

    @Option(
            names = "--prompt-price",
            paramLabel = "X",
            description = "Price of a million prompt tokens, for the report of the cost.")
    private Double promptPrice;

    @Option(
            names = "--completion-price",
            paramLabel = "X",
            description = "Price of a million completion tokens.")
    private Double completionPrice;

    int concurrency() {
        return concurrency;
    }

    String model() {
        return model;
    }

    double temperature() {
        return temperature;
    }

    /** Empty where no price was given. */
    Optional<TeacherPrices> prices() {
        return promptPrice == null && completionPrice == null
                ? Optional.empty()
                : Optional.of(
                        new TeacherPrices(
                                promptPrice == null ? 0 : promptPrice,
                                completionPrice == null ? 0 : completionPrice));
    }

    /**
     * @throws IllegalArgumentException naming the option or the variable that is wrong
     */
    ChatTeacher teacher(int exchanges) {
        prices(); // Wrong ones are refused before anything is paid.
        ChatOptions options =
                new ChatOptions(
                        model,
                        temperature,
                        maxReplyTokens,
                        attempts,
                        timeout,
                        requestsPerMinute,
                        longestWait);
        return new ChatTeacher(ChatEndpoint.of(System.getenv()), options, exchanges);
    }
}
