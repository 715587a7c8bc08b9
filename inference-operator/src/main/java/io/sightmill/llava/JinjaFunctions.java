package io.sightmill.llava;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.filter.Filter;
import com.hubspot.jinjava.objects.date.StrftimeFormatter;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What Hugging Face gives a chat template beside Jinja's own. Called by the library. */
final class JinjaFunctions {

    private static final int LONGEST_RANGE = 1_000;

    private JinjaFunctions() {}

    /** raise_exception(message): the template has no form for the dialogue. */
    static Object raise(String message) {
        throw new JinjaInterpreter.Stop(message);
    }

    /** strftime_now(format): the local date or time. */
    static Object now(String format) {
        JinjavaInterpreter interpreter = JinjavaInterpreter.getCurrent();
        long millis = interpreter.getConfig().getDateTimeProvider().getCurrentTimeMillis();
        return StrftimeFormatter.format(
                Instant.ofEpochMilli(millis).atZone(ZoneId.systemDefault()), format);
    }

    /** range([start,] stop[, step]) with a bound. */
    static Object range(long first, Object... others) {
        long from = others.length == 0 ? 0 : first;
        long to = others.length == 0 ? first : ((Number) others[0]).longValue();
        long step = others.length < 2 ? 1 : ((Number) others[1]).longValue();
        List<Object> values = new ArrayList<>();
        for (long value = from; step > 0 ? value < to : step < 0 && value > to; value += step) {
            if (values.size() == LONGEST_RANGE) {
                throw new JinjaInterpreter.Stop("a range has more than " + LONGEST_RANGE);
            }
            values.add(value);
        }
        return values;
    }

    /** Writes JSON as Python does: a space behind commas and colons. */
    static ObjectMapper pythonJson() {
        return new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .setDefaultPrettyPrinter(new PythonPrinter());
    }

    private static final class PythonPrinter extends MinimalPrettyPrinter {

        private static final long serialVersionUID = 1L;

        @Override
        public void writeObjectFieldValueSeparator(JsonGenerator to) throws IOException {
            to.writeRaw(": ");
        }

        @Override
        public void writeObjectEntrySeparator(JsonGenerator to) throws IOException {
            to.writeRaw(", ");
        }

        @Override
        public void writeArrayValueSeparator(JsonGenerator to) throws IOException {
            to.writeRaw(", ");
        }
    }

    /** The filter trim, which takes away what Python calls white space. */
    static final class Trim implements Filter {

        @Override
        public String getName() {
            return "trim";
        }

        @Override
        public Object filter(Object value, JinjavaInterpreter interpreter, String... arguments) {
            return PythonText.strip(Objects.toString(value, ""));
        }
    }
}
