package io.sightmill.tuning.instruct.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.tuning.instruct.Lesson;
import io.sightmill.tuning.instruct.TeacherRefusedException;
import io.sightmill.tuning.instruct.chat.ChatFailedException.Remedy;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One request to a chat model at a time and thread, and what a server's answer means. Follows no
 * redirect, so the key goes to no other address. Thread-safe.
 */
final class ChatClient {

    private static final int MOST_BYTES = 1 << 20;
    private static final int MOST_SHOWN = 300;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** No other request would fare better. */
    private static final Set<Integer> REFUSING = Set.of(401, 402, 403, 404, 405);

    /** The next request may fare better, as after every 5xx. */
    private static final Set<Integer> PASSING = Set.of(408, 409, 425);

    private final ChatEndpoint endpoint;
    private final ChatOptions options;
    private final ChatTime time;
    private final HttpClient http;

    ChatClient(ChatEndpoint endpoint, ChatOptions options, ChatTime time) {
        this.endpoint = endpoint;
        this.options = options;
        this.time = time;
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(options.timeout())
                        .build();
    }

    /**
     * Asks once.
     *
     * @throws ChatFailedException if no reply came of it
     * @throws TeacherRefusedException if the server turns every request away
     */
    ChatReply ask(List<ChatMessage> messages) throws ChatFailedException, InterruptedException {
        HttpResponse<byte[]> response = send(request(messages));
        String body = new String(response.body(), StandardCharsets.UTF_8);
        if (response.statusCode() == 200) {
            return reply(body);
        }
        throw failure(response, body);
    }

    private HttpRequest request(List<ChatMessage> messages) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("model", options.model());
        for (ChatMessage message : messages) {
            body.withArray("messages")
                    .addObject()
                    .put("role", message.role())
                    .put("content", message.content());
        }
        body.put("temperature", options.temperature());
        if (options.maxReplyTokens() > 0) {
            body.put("max_tokens", options.maxReplyTokens());
        }
        HttpRequest.Builder request =
                HttpRequest.newBuilder(endpoint.address())
                        .header("Content-Type", "application/json")
                        .header("Accept", "application/json")
                        .POST(BodyPublishers.ofString(body.toString()));
        endpoint.key().ifPresent(key -> request.header("Authorization", "Bearer " + key));
        return request.build();
    }

    /** The client's own time limit ends with the headers; this one covers the body. */
    private HttpResponse<byte[]> send(HttpRequest request)
            throws ChatFailedException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> response =
                http.sendAsync(request, headers -> new BoundedBody(MOST_BYTES));
        try {
            return response.get(options.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw ChatFailedException.of(
                    "no whole reply within " + options.timeout(), Remedy.LATER);
        } catch (ExecutionException e) {
            String problem =
                    e.getCause() instanceof ConnectException ? "cannot be reached" : "fails";
            throw ChatFailedException.of(
                    shown("%s %s: %s".formatted(endpoint.address(), problem, e.getCause())),
                    Remedy.LATER);
        } finally {
            response.cancel(true);
        }
    }

    private ChatReply reply(String body) throws ChatFailedException {
        JsonNode reply = json(body);
        Lesson.Usage usage = usage(reply.path("usage"));
        JsonNode choice = reply.path("choices").path(0);
        JsonNode text = choice.path("message").path("content");
        if (!text.isTextual()) {
            throw new ChatFailedException(
                    "the reply has no text at choices[0].message.content: " + shown(body),
                    Remedy.AGAIN,
                    Optional.empty(),
                    usage);
        }
        if (!endpoint.withoutKey(text.textValue()).equals(text.textValue())) {
            throw new ChatFailedException(
                    "the reply repeats the key", Remedy.AGAIN, Optional.empty(), usage);
        }
        String ending = choice.path("finish_reason").asText("");
        // Some servers leave it out, which says nothing.
        boolean isWhole = ending.equals("stop") || ending.isEmpty() || ending.equals("null");
        return new ChatReply(text.textValue(), isWhole, ending, usage);
    }

    private JsonNode json(String body) throws ChatFailedException {
        try {
            JsonNode reply = MAPPER.readTree(body);
            if (reply.isObject()) {
                return reply;
            }
        } catch (JsonProcessingException e) {
            // Said below.
        }
        throw new ChatFailedException(
                "the server's answer is no JSON object: " + shown(body),
                Remedy.AGAIN,
                Optional.empty(),
                Lesson.Usage.UNMETERED);
    }

    private static Lesson.Usage usage(JsonNode usage) {
        return usage.path("prompt_tokens").isIntegralNumber()
                ? new Lesson.Usage(
                        1,
                        usage.path("prompt_tokens").longValue(),
                        usage.path("completion_tokens").longValue(),
                        0)
                : Lesson.Usage.UNMETERED;
    }

    private ChatFailedException failure(HttpResponse<byte[]> response, String body) {
        int status = response.statusCode();
        String message = "HTTP %d: %s".formatted(status, shown(said(body)));
        if (REFUSING.contains(status)
                || status / 100 == 3
                || body.contains("\"insufficient_quota\"")) {
            throw new TeacherRefusedException(
                    "%s turns every request away, %s".formatted(endpoint.address(), message),
                    Lesson.Usage.REQUEST);
        }
        Optional<Duration> wait = askedWait(response);
        Remedy remedy = Remedy.NONE;
        if (status == 429 || status == 503 && wait.isPresent()) {
            remedy = Remedy.SLOWER;
        } else if (status >= 500 || PASSING.contains(status)) {
            remedy = Remedy.LATER;
        }
        return new ChatFailedException(message, remedy, wait, Lesson.Usage.REQUEST);
    }

    /** Seconds, or a date (RFC 9110, section 10.2.3). */
    private Optional<Duration> askedWait(HttpResponse<?> response) {
        String value = response.headers().firstValue("Retry-After").orElse("").strip();
        if (value.matches("\\d{1,9}(\\.\\d{1,3})?")) {
            return Optional.of(Duration.ofMillis((long) (Double.parseDouble(value) * 1000)));
        }
        try {
            Instant until =
                    DateTimeFormatter.RFC_1123_DATE_TIME
                            .withLocale(Locale.ROOT)
                            .parse(value, Instant::from);
            Duration wait = Duration.between(time.now(), until);
            return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** The message in an error of OpenAI's form, or all of it. */
    private static String said(String body) {
        try {
            JsonNode message = MAPPER.readTree(body).path("error").path("message");
            return message.isTextual() ? message.textValue() : body;
        } catch (JsonProcessingException e) {
            return body;
        }
    }

    /** Fit for a log: short, one line, and without the key. */
    private String shown(String text) {
        String line = endpoint.withoutKey(text).replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() <= MOST_SHOWN ? line : line.substring(0, MOST_SHOWN) + "...";
    }
}
