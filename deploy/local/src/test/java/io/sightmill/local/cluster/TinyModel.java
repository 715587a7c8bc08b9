package io.sightmill.local.cluster;

import io.sightmill.engine.Device;
import io.sightmill.engine.Model;
import io.sightmill.engine.ModelDescription;
import io.sightmill.engine.ModelProvider;
import io.sightmill.engine.ModelRunner;
import io.sightmill.engine.RequestInput;
import io.sightmill.engine.RequestPreprocessor;
import io.sightmill.engine.TokenDecoder;
import io.sightmill.llava.LlavaModelProvider;
import io.sightmill.llava.Precision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The model in the box, on the CPU whichever device it is given, which it writes down; a question
 * that names {@link #CRASH} makes it read an address that is not its own, as a native library with
 * a bug does.
 *
 * @param record a file that gets a line each time a model is opened: process, kind and index of its
 *     device
 */
record TinyModel(String record) implements ModelProvider {

    /** A question with this word crashes the process. */
    static final String CRASH = "segmentation fault";

    static final Path DIRECTORY = Path.of("model/sightmill-tiny").toAbsolutePath();

    private static final long serialVersionUID = 1L;

    @Override
    public Model open(Device device) {
        String line =
                "%d %s %d%n"
                        .formatted(ProcessHandle.current().pid(), device.kind(), device.index());
        try {
            Files.writeString(
                    Path.of(record), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
        return new Crashing(
                new LlavaModelProvider(DIRECTORY.toString(), Precision.FLOAT32).open(Device.cpu()));
    }

    /** The lines written so far. */
    List<String> opened() {
        try {
            Path file = Path.of(record);
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    private record Crashing(Model model) implements Model {

        @Override
        public ModelDescription description() {
            return model.description();
        }

        @Override
        public RequestPreprocessor preprocessor() {
            return request -> {
                if (asksForACrash(request)) {
                    readWhatIsNotOurs();
                }
                return model.preprocessor().preprocess(request);
            };
        }

        private static boolean asksForACrash(RequestInput request) {
            return request.tasks().stream()
                    .flatMap(task -> task.turns().stream())
                    .anyMatch(turn -> turn.text().contains(CRASH));
        }

        /** By reflection: the compiler warns of the class by name. */
        private static void readWhatIsNotOurs() {
            try {
                Class<?> type = Class.forName("sun.misc.Unsafe");
                Field field = type.getDeclaredField("theUnsafe");
                field.setAccessible(true);
                type.getMethod("getByte", long.class).invoke(field.get(null), 1L);
            } catch (ReflectiveOperationException exception) {
                throw new IllegalStateException(exception);
            }
        }

        @Override
        public TokenDecoder tokenDecoder() {
            return model.tokenDecoder();
        }

        @Override
        public ModelRunner runner() {
            return model.runner();
        }

        @Override
        public ModelRunner newRunner() {
            return model.newRunner();
        }

        @Override
        public void close() {
            model.close();
        }
    }
}
