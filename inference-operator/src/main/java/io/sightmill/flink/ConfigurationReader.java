package io.sightmill.flink;

import io.sightmill.engine.Device;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Typed values out of text configuration; a wrong one is an error that names key and value. */
public final class ConfigurationReader {

    private static final Pattern GPU = Pattern.compile("gpu:(\\d{1,4})");

    private final Map<String, String> values;

    public ConfigurationReader(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    public String text(String key, String otherwise) {
        return values.getOrDefault(key, otherwise);
    }

    public int integer(String key, int otherwise) {
        return value(key, otherwise, Integer::valueOf, "a whole number");
    }

    public long longInteger(String key, long otherwise) {
        return value(key, otherwise, Long::valueOf, "a whole number");
    }

    /** false if the key is missing. */
    public boolean flag(String key) {
        return value(key, false, ConfigurationReader::parseFlag, "true or false");
    }

    /** Comma-separated values without blanks around them; none if the key is missing. */
    public List<String> list(String key) {
        return Arrays.stream(text(key, "").split(","))
                .map(String::trim)
                .filter(value -> !value.isEmpty())
                .toList();
    }

    /** cpu or gpu:N; null for auto, the default. */
    public Device device(String key) {
        return value(key, null, ConfigurationReader::parseDevice, "auto, cpu or gpu:N");
    }

    /**
     * Any type.
     *
     * @param parse throws IllegalArgumentException for a value that is wrong
     * @param wanted what a value must be, for the message
     */
    public <T> T value(String key, T otherwise, Function<String, T> parse, String wanted) {
        String text = values.get(key);
        if (text == null) {
            return otherwise;
        }
        try {
            return parse.apply(text.trim());
        } catch (IllegalArgumentException exception) {
            throw new IllegalArgumentException(
                    key + " is '" + text + "' and must be " + wanted, exception);
        }
    }

    private static boolean parseFlag(String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(value);
        };
    }

    private static Device parseDevice(String value) {
        Matcher gpu = GPU.matcher(value);
        if (gpu.matches()) {
            return new Device(Device.Kind.GPU, Integer.parseInt(gpu.group(1)));
        }
        return switch (value) {
            case "auto" -> null;
            case "cpu" -> Device.cpu();
            default -> throw new IllegalArgumentException(value);
        };
    }
}
