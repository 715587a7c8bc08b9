package io.sightmill.tuning.instruct.chat;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;

/**
 * Where a chat model is asked, and with which key. Its text never shows the key.
 *
 * @param address of {@code chat/completions}
 * @param key sent as a bearer token; empty where the server wants none
 */
public record ChatEndpoint(URI address, Optional<String> key) {

    /** The address up to {@code /v1}, in the environment. */
    public static final String ADDRESS = "OPENAI_BASE_URL";

    /** The key, in the environment. */
    public static final String KEY = "OPENAI_API_KEY";

    private static final String HIDDEN = "(key)";

    /**
     * Takes both from the environment.
     *
     * @throws IllegalArgumentException naming the variable that is missing or wrong
     */
    public static ChatEndpoint of(Map<String, String> environment) {
        String address = environment.getOrDefault(ADDRESS, "").strip();
        if (address.isEmpty()) {
            throw new IllegalArgumentException(
                    ADDRESS
                            + " is not set in the environment; it names the server, for example http://127.0.0.1:8000/v1");
        }
        String key = environment.getOrDefault(KEY, "").strip();
        if (!key.chars().allMatch(each -> each > 0x20 && each < 0x7F)) {
            throw new IllegalArgumentException(
                    KEY
                            + " has characters that no key has: blanks, line breaks or letters with accents");
        }
        return new ChatEndpoint(
                completions(address), key.isEmpty() ? Optional.empty() : Optional.of(key));
    }

    private static URI completions(String address) {
        try {
            URI base = new URI(address.replaceAll("/+$", ""));
            boolean isHttp = "http".equals(base.getScheme()) || "https".equals(base.getScheme());
            if (isHttp
                    && base.getHost() != null
                    && base.getUserInfo() == null
                    && base.getQuery() == null
                    && base.getFragment() == null) {
                return URI.create(base + "/chat/completions");
            }
        } catch (URISyntaxException e) {
            // Said below; the address may hold what must not be shown.
        }
        throw new IllegalArgumentException(
                ADDRESS
                        + " is no address of a server: it must begin with http:// or https://, have a host, and no user, query or fragment");
    }

    /** A text without the key, should a server have said it back. */
    String withoutKey(String text) {
        return key.map(secret -> text.replace(secret, HIDDEN)).orElse(text);
    }

    @Override
    public String toString() {
        return address + key.map(secret -> " with a key").orElse(" without a key");
    }
}
