package io.sightmill.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tune instruct --teacher-model} as a user runs it, against a server on this machine. */
class TuneTeacherIT {

    private static final String KEY = "sk-it-4f1c9a7730";
    private static final Duration LONG = Duration.ofMinutes(3);
    private static final String GOOD =
            """
            {"choices": [{"finish_reason": "stop", "message": {"content":
              "{\\"exchanges\\": [{\\"question\\": \\"What is it?\\", \\"answer\\": \\"A dog.\\"}]}"}}],
             "usage": {"prompt_tokens": 1000, "completion_tokens": 100}}
            """;

    @TempDir private Path directory;

    private final AtomicInteger requests = new AtomicInteger();

    /** Asks to wait at first, then turns a wrong key away by repeating it. */
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String key = exchange.getRequestHeaders().getFirst("Authorization");
            exchange.getRequestBody().readAllBytes();
            int status = key.equals("Bearer " + KEY) ? 200 : 401;
            String body = status == 200 ? GOOD : "{\"error\": {\"message\": \"no " + key + "\"}}";
            if (requests.incrementAndGet() == 1) {
                exchange.getResponseHeaders().add("Retry-After", "1");
                status = 429;
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Test
    void teachesFromAnAddressAndAKeyInTheEnvironmentAndShowsTheKeyNowhere() throws Exception {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/chat/completions", this::answer);
        server.start();
        try {
            Path data = Files.createDirectory(directory.resolve("data"));
            Files.writeString(
                    data.resolve("captions.jsonl"),
                    """
                    {"id": "1", "image": "1.png", "captions": ["A dog."]}
                    {"id": "2", "image": "2.png", "captions": ["A cat."]}
                    """);
            String address = "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";

            SightmillProcess wrong = run(address, KEY + "x", data);
            assertThat(wrong.exitCode(LONG)).isEqualTo(1);
            assertThat(wrong.errors()).contains("HTTP 401: no Bearer (key)");

            SightmillProcess right = run(address, KEY, data);
            assertThat(right.exitCode(LONG)).as(right.errors()).isZero();
            JsonNode report = new ObjectMapper().readTree(right.output());
            assertThat(report.get("failures").intValue()).isZero();
            assertThat(report.get("samples").get("reasoning").intValue()).isEqualTo(2);
            assertThat(report.get("promptTokens").intValue()).isEqualTo(6000);
            assertThat(report.get("cost").doubleValue()).isEqualTo(6 * (0.0015 + 0.0002));
            assertThat(data.resolve("instruct.json")).content().contains("<image>", "A dog.");
        } finally {
            server.stop(0);
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file)).as(file.toString()).doesNotContain(KEY);
            }
        }
    }

    private SightmillProcess run(String address, String key, Path data) {
        return SightmillProcess.start(
                directory,
                Map.of("OPENAI_BASE_URL", address, "OPENAI_API_KEY", key),
                "tune",
                "instruct",
                data,
                "--teacher-model",
                "a-model",
                "--concurrency",
                2,
                "--prompt-price",
                "1.5",
                "--completion-price",
                "2",
                "--json");
    }
}
