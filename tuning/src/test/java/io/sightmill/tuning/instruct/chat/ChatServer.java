package io.sightmill.tuning.instruct.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A real HTTP server on this machine that answers as a test says. */
final class ChatServer implements AutoCloseable {

    static final String KEY = "sk-test-0123456789abcdef";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** What the server is asked, and with which key. */
    record Asked(String path, String authorization, JsonNode body) {

        String user() {
            JsonNode messages = body.get("messages");
            return messages.get(messages.size() - 1).get("content").textValue();
        }
    }

    /** What it answers. */
    record Answered(int status, Map<String, String> headers, String body) {}

    /** Answers one request; the number counts from 1. */
    interface Script {
        Answered answer(int number, Asked asked) throws IOException, InterruptedException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger count = new AtomicInteger();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    ChatServer(Script script) {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        server.createContext("/", exchange -> handle(exchange, script));
        server.setExecutor(threads);
        server.start();
    }

    private void handle(HttpExchange exchange, Script script) throws IOException {
        try (exchange) {
            Asked request =
                    new Asked(
                            exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath(),
                            exchange.getRequestHeaders().getFirst("Authorization"),
                            MAPPER.readTree(exchange.getRequestBody()));
            asked.add(request);
            Answered answered = script.answer(count.incrementAndGet(), request);
            answered.headers().forEach(exchange.getResponseHeaders()::add);
            byte[] body = answered.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answered.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    ChatEndpoint endpoint() {
        return ChatEndpoint.of(
                Map.of(ChatEndpoint.ADDRESS, address() + "/", ChatEndpoint.KEY, KEY));
    }

    List<Asked> asked() {
        return asked;
    }

    /** A reply with these words, of 100 prompt and 20 completion tokens. */
    static Answered saying(String words) {
        return ending(words, "stop");
    }

    static Answered ending(String words, String reason) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("object", "chat.completion");
        ObjectNode choice = body.putArray("choices").addObject().put("index", 0);
        choice.put("finish_reason", reason);
        choice.putObject("message").put("role", "assistant").put("content", words);
        body.putObject("usage").put("prompt_tokens", 100).put("completion_tokens", 20);
        return new Answered(200, Map.of(), body.toString());
    }

    static Answered failing(int status, String message, Map<String, String> headers) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("error").put("message", message);
        return new Answered(status, headers, body.toString());
    }

    static String exchange(String question, String answer) {
        return "{\"exchanges\": [{\"question\": \"%s\", \"answer\": \"%s\"}]}"
                .formatted(question, answer);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
