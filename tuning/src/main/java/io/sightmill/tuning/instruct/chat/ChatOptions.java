package io.sightmill.tuning.instruct.chat;

import java.time.Duration;

/**
 * How a chat model is asked.
 *
 * @param model its name at the server
 * @param temperature from 0 to 2
 * @param maxReplyTokens most tokens of a reply; 0 leaves it to the server
 * @param attempts how often a sample is asked for at most, where the server fails or the reply is
 *     malformed
 * @param timeout of one request, from its first byte to the reply's last
 * @param requestsPerMinute of all threads together; 0 for as many as there can be
 * @param longestWait how long a sample waits at most because the server asks to
 */
public record ChatOptions(
        String model,
        double temperature,
        int maxReplyTokens,
        int attempts,
        Duration timeout,
        double requestsPerMinute,
        Duration longestWait) {

    public ChatOptions {
        if (model.isBlank()) {
            throw new IllegalArgumentException("model is blank and must name a model");
        }
        require(temperature >= 0 && temperature <= 2, "temperature", temperature, "from 0 to 2");
        require(maxReplyTokens >= 0, "maxReplyTokens", maxReplyTokens, "0 or more");
        require(attempts >= 1 && attempts <= 100, "attempts", attempts, "from 1 to 100");
        require(!timeout.isNegative() && !timeout.isZero(), "timeout", timeout, "above 0");
        require(
                requestsPerMinute >= 0 && requestsPerMinute <= 1e6,
                "requestsPerMinute",
                requestsPerMinute,
                "from 0 to 1000000");
        require(!longestWait.isNegative(), "longestWait", longestWait, "0 or more");
    }

    private static void require(boolean holds, String key, Object value, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "%s is %s and must be %s".formatted(key, value, rule));
        }
    }
}
